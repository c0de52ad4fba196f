"""After every vote: is there a time for everybody, and whom does it wait for?"""

from commands.ask_times import show_vote
from commands.choose_time import offer
from commands.fix_consultation import fix
from commands.rows_of_consultation import in_order, outcome_of, votes_of
from commands.rules.slots import Fixed, NothingFits, Outcome, Waiting
from commands.world import World
from storage.store import Unit
from storage.tables import Case, Consultation


async def count(
    unit: Unit,
    world: World,
    case: Case,
    planned: Consultation,
    *,
    before: Outcome | None,
    by: int | None = None,
) -> None:
    """Fix the time, ask somebody to choose, or go on waiting.

    `by` voted: their message shows it. The messages of others change only if the list of whom
    it waits for is another one than `before` the vote.
    """
    decided = await outcome_of(unit, case, planned)
    if isinstance(decided, Fixed):
        await fix(unit, world, case, planned, decided.at, by)
        return
    waiting = await in_order(unit, case, _awaited(decided))
    everybody = before is None or _awaited(before) != _awaited(decided)
    for vote in await votes_of(unit, planned):
        if vote.person_id == by or (everybody and vote.choices):
            await show_vote(unit, case, planned, vote, waiting)
    if isinstance(decided, NothingFits):
        await offer(unit, case, planned)


def _awaited(decided: Outcome) -> tuple[str, ...]:
    return decided.partners if isinstance(decided, Waiting) else ()
