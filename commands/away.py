"""After a start: where people may have waited for us, they hear that we were away."""

from sqlalchemy import func
from sqlmodel import select

from commands.messages import At, message
from commands.open_cases import open_ones
from commands.rules.moments import MINUTE
from commands.tell import tell_operators, tell_room
from storage import inbox
from storage.store import Unit
from storage.tables import InboxRow, OutboxRow

NOTICED_MS = 2 * MINUTE  # a restart by hand takes less, and nobody needs to hear of it


async def tell_that_we_were_away(unit: Unit, channel: str) -> bool:
    """One line in the room of every open case, and one for the operators. Says nothing, and
    returns False, at the first start and after a short absence. Call it before receiving."""
    since = await _last_sign_of_life(unit, channel)
    if since is None or unit.now - since < NOTICED_MS:
        return False
    gap = {"since": At(since), "until": At(unit.now)}
    for case in await open_ones(unit):
        await tell_room(unit, case, message("room.away", **gap))
    await tell_operators(unit, message("operator.away", **gap))
    return True


async def _last_sign_of_life(unit: Unit, channel: str) -> int | None:
    """The cursor moves at least twice a minute while we listen."""
    cursor = await inbox.newest_cursor(unit, channel)
    if cursor is None:
        return None
    sent = (await unit.session.exec(select(func.max(OutboxRow.sent_at)))).one()
    done = (await unit.session.exec(select(func.max(InboxRow.done_at)))).one()
    return max(cursor.moved_at, sent or 0, done or 0)
