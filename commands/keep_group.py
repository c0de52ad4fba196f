"""The group whose topics are case rooms: who does not belong there reads none of them for long."""

from commands.messages import message
from commands.places import case_place, group_place
from commands.rules.moments import HOUR
from commands.seldom import not_lately
from commands.tell import tell_operators
from commands.update import Update
from storage import outbox
from storage.access_log import BOT, note
from storage.store import Unit
from storage.tables import Case


async def outsider_came(unit: Unit, channel: str, user: str) -> None:
    """Somebody whom we do not know came into the group: out again. Whoever is invited and has
    pressed start can come back."""
    _put_out(unit, channel, user)
    await note(unit, BOT, "change", "group", right="guard")
    await tell_operators(unit, message("operator.outsider"))


def _put_out(unit: Unit, channel: str, user: str) -> None:
    outbox.queue(
        unit,
        channel=channel,
        destination=group_place(channel),
        kind="remove",
        payload={"user": user},
        lane=outbox.ANSWERS,
    )


async def outsider_stays(unit: Unit) -> None:
    """We may not put them out: they are an administrator, or we lost that right."""
    if await not_lately(unit, "outsider_stays", HOUR):
        await tell_operators(unit, message("operator.outsider_stays"))


async def outsider_wrote(unit: Unit, channel: str, case: Case, update: Update) -> None:
    """Words of somebody unknown in a case: who was in the group before us, or hides who it is."""
    outbox.erase(
        unit,
        channel=channel,
        destination=case_place(case),
        event_id=update.event,
        lane=outbox.ANSWERS,
        case=case,
    )
    if update.sender:  # nobody can be put out who hides behind the group or a channel
        _put_out(unit, channel, update.sender)
    await note(unit, BOT, "delete", "message", right="guard", reference=case.reference)
    if await not_lately(unit, f"outsider:{channel}", HOUR):
        await tell_operators(unit, message("operator.outsider_wrote", ref=case.reference or ""))


async def shut_out(unit: Unit) -> None:
    """We were put out of the group or lost our rights in it."""
    if await not_lately(unit, "shut_out", HOUR):
        await tell_operators(unit, message("operator.shut_out"))
