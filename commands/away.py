"""After a start: where people may have waited for us, they hear that we were away.

A whole country has twenty thousand rooms. They hear it by a clock, some at a time: what is overdue
came due earlier, so it goes first, and killed in between we go on where we were.
"""

from sqlalchemy import func
from sqlmodel import select

from commands.messages import At, message
from commands.open_cases import open_ones
from commands.people import row_id
from commands.rules.moments import MINUTE
from commands.tell import tell_operators, tell_room
from storage import inbox, timers
from storage.store import Unit
from storage.tables import InboxRow, OutboxRow

NOTICED_MS = 2 * MINUTE  # a restart by hand takes less, and nobody needs to hear of it
ROOMS = "away_rooms"
AT_ONCE = 20  # rooms


async def tell_that_we_were_away(unit: Unit, channel: str) -> bool:
    """One line in the room of every open case, and one for the operators. Says nothing, and
    returns False, at the first start and after a short absence. Call it before receiving."""
    since = await _last_sign_of_life(unit, channel)
    if since is None or unit.now - since < NOTICED_MS:
        return False
    if await timers.is_live(unit, _subject(since), ROOMS):
        return False  # another instance, which starts as well, tells it
    _go_on(unit, since, unit.now, 0)
    await tell_operators(unit, message("operator.away", since=At(since), until=At(unit.now)))
    return True


async def tell_rooms(unit: Unit, how_far: str) -> None:
    """The next rooms. `how_far`: away since, until, and the last case that was told."""
    since, until, last = (int(part) for part in how_far.split())
    gap = message("room.away", since=At(since), until=At(until))
    cases = await open_ones(unit, after=last, most=AT_ONCE)
    for case in cases:
        await tell_room(unit, case, gap)
    if len(cases) == AT_ONCE:
        _go_on(unit, since, until, row_id(cases[-1]))


def _go_on(unit: Unit, since: int, until: int, last: int) -> None:
    timers.set_timer(unit, ROOMS, _subject(since), unit.now, argument=f"{since} {until} {last}")


def _subject(since: int) -> str:
    return f"away:{since}"


async def _last_sign_of_life(unit: Unit, channel: str) -> int | None:
    """The cursor moves at least twice a minute while we listen."""
    cursor = await inbox.newest_cursor(unit, channel)
    if cursor is None:
        return None
    sent = (await unit.session.exec(select(func.max(OutboxRow.sent_at)))).one()
    done = (await unit.session.exec(select(func.max(InboxRow.done_at)))).one()
    return max(cursor.moved_at, sent or 0, done or 0)
