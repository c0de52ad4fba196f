"""The chats as a page for a browser: what stands on everybody's phone now. Only to look at."""

from html import escape
from typing import TYPE_CHECKING

from tests.kit.telegram.screen import TelegramSeen, words_of

if TYPE_CHECKING:
    from tests.kit.telegram.person import Person
    from tests.kit.telegram.world import World

_FRAME = """<!doctype html>
<html lang="nl"><meta charset="utf-8"><meta http-equiv="refresh" content="2">
<meta name="viewport" content="width=device-width"><title>{title}</title>
<style>
body {{ font: 15px/1.4 system-ui, sans-serif; margin: 1rem; background: #d7e3ec; color: #111 }}
main {{ display: flex; flex-wrap: wrap; gap: 1rem; align-items: flex-start }}
section {{ width: 22rem }}
p {{ background: #fff; border-radius: .6rem; padding: .5rem .7rem; margin: .4rem 0;
     white-space: pre-wrap; overflow-wrap: anywhere }}
p.own {{ background: #e1f7cb; margin-left: 3rem }}
b {{ display: inline-block; border: 1px solid #7aa; border-radius: .4rem; padding: 0 .5rem;
     margin: .3rem .3rem 0 0; font-weight: 500 }}
</style>
<h1>{title}</h1><main>{phones}</main></html>"""


def as_html(world: "World") -> str:
    """HTML. It asks for itself again every two seconds."""
    phones = "".join(_phone(person) for person in world.people.values() if person.started)
    return _FRAME.format(title=escape(f"Telegram: @{world.bot['username']}"), phones=phones)


def _phone(person: "Person") -> str:
    shown = "".join(_message(seen, seen.sender == person.bot) for seen in person.messages)
    return f"<section><h2>{escape(person.name)}</h2>{shown}</section>"


def _message(seen: TelegramSeen, by_bot: bool) -> str:
    if seen.redacted:
        return ""
    sign = ("🔔 " if seen.loud else "🔕 ") if by_bot else ""
    buttons = "".join(f"<b>{escape(label)}</b>" for label in seen.buttons)
    text = escape(words_of(seen.content))
    return f'<p class="{"bot" if by_bot else "own"}">{sign}{text}<br>{buttons}</p>'
