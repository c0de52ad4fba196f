"""Where a page comes first, for whoever has two messengers."""

from sqlmodel import col, select

from commands.ask import Ask
from commands.declare import command
from commands.messages import Action, Word, message
from commands.places import CHANNELS
from commands.reading.words import phrase
from storage.tables import Identity

_SLOT = "prefer"
_WRITTEN = {"matrix": ("element", "matrix"), "telegram": ("telegram",)}


@command(
    "prefer",
    right="anyone",
    nl=("voorkeur",),
    en=("preference",),
    about="nothing",
    takes_words=True,
    where=("direct",),
)
async def prefer(ask: Ask) -> None:
    """`voorkeur`, with or without the app behind it. The other one follows when there is no sign
    of the phone, as always."""
    own = await _own(ask)
    if len(own) < 2:
        await ask.settle(message("prefer.one", app=Word(f"app.{ask.channel}")))
        return
    wanted = ask.argument or _meant(ask.words)
    if wanted not in own:
        actions = tuple(
            Action("prefer", Word(f"app.{each}"), each) for each in CHANNELS if each in own
        )
        await ask.answer(message("prefer.which"), actions=actions, slot=_SLOT)
        return
    for channel, identity in own.items():
        identity.preferred = channel == wanted
    await ask.log("change", "reachable", right="known")
    await ask.settle(message("prefer.set", app=Word(f"app.{wanted}")))


async def _own(ask: Ask) -> dict[str, Identity]:
    found = await ask.unit.session.exec(
        select(Identity).where(
            Identity.person_id == ask.who.id, col(Identity.joined_at).is_not(None)
        )
    )
    return {each.channel: each for each in found}


def _meant(words: str) -> str:
    typed = phrase(words)
    return next((channel for channel, names in _WRITTEN.items() if typed in names), "")
