"""`agenda`: one's own shifts in the calendar of one's phone, by a link that can be taken back."""

from commands.ask import Ask
from commands.declare import command
from commands.messages import Action, Message, Partners, Word, message
from commands.roster.feed_link import link

_SLOT = "calendar"


@command(
    "calendar", right="anyone", nl=("agenda",), en=("calendar",), where=("direct",), about="nothing"
)
async def show_links(ask: Ask) -> None:
    """The links as they are."""
    text = _links(ask)
    if text is None:
        await ask.answer(message("calendar.none"))
        return
    await ask.log("share", "feed", right="known")
    await ask.answer(text, actions=_BUTTONS, slot=_SLOT)


@command("calendar_new", right="anyone", where=("direct",), about="nothing")
async def renew_links(ask: Ask) -> None:
    """New ones; the old open nothing from now on."""
    ask.who.person.feed_version += 1
    await ask.log("change", "feed", right="known")
    text = _links(ask, "calendar.renewed")
    await ask.settle(text or message("calendar.none"), _BUTTONS if text else ())


_BUTTONS = (Action("calendar_new", Word("button.new_link")),)


def _links(ask: Ask, key: str = "calendar.yours") -> Message | None:
    person = ask.who.person
    own = link(ask.unit, ask.world, person, "own")
    if own is None:
        return None
    lines = [message("calendar.link", link=own)]
    if person.has_role("contact_point"):
        shared = link(ask.unit, ask.world, person, "partner") or ""
        lines.append(message("calendar.organisation", partner=Partners((person.partner,))))
        lines.append(message("calendar.link", link=shared))
    return Message(key, {}, tuple(lines))
