"""What the operators read of a finding: a line for each claim, once while it lasts, and one when
it holds again. Kinds, counts, references and what to do; nothing of what a case is about.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import col, select

from bot.audit.findings import CLAIMS, MOST_REFERENCES, Claim, Finding
from commands.messages import At, Listed, Message, message
from commands.people import row_id, with_role
from commands.places import direct_chats
from commands.tell import How, tell_person
from storage import outbox
from storage.store import Store, Unit
from storage.tables import OutboxRow

_OVER = "over"
# A page that nothing sees to is a telephone call: another one is said, though the first lasts.
_EACH: tuple[Claim, ...] = ("chain",)


@dataclass(frozen=True)
class _Said:
    """A line that stands. `rows` is None if a former life of this process said it."""

    since: int
    rows: frozenset[str] | None


class AuditLines:
    """Remembers what was said, and finds it in the outbox after a restart."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._said: dict[Claim, _Said] | None = None

    def forget(self) -> None:
        """Another instance may have said something since."""
        self._said = None

    async def report(self, found: Iterable[Finding], *, whole: bool = True) -> None:
        """Say what is new, and if the look was `whole`, what is over. Raises `SQLAlchemyError`,
        and says it the next time."""
        said = dict(await self._remembered())
        now = {finding.claim: finding for finding in found}
        fresh = [finding for finding in now.values() if _is_new(finding, said.get(finding.claim))]
        over = [claim for claim in said if whole and claim not in now]
        if fresh or over:
            async with self._store.unit() as unit:
                for claim in over:
                    since = said.pop(claim).since
                    text = message("operator.audit_over", time=At(unit.now), since=At(since))
                    await _say(unit, f"{_slot(claim, since)}:{_OVER}", text, loud=False)
                for finding in fresh:
                    said[finding.claim] = _Said(unit.now, frozenset())
                    text = _text(finding, unit.now)
                    await _say(unit, _slot(finding.claim, unit.now), text, loud=True)
        for claim, finding in now.items():
            said[claim] = _Said(said[claim].since, finding.rows | (said[claim].rows or frozenset()))
        self._said = said

    async def _remembered(self) -> dict[Claim, _Said]:
        if self._said is None:
            async with self._store.view() as unit:
                self._said = await _standing(unit)
        return self._said


def _is_new(finding: Finding, before: _Said | None) -> bool:
    if before is None:
        return True
    known = before.rows
    return finding.claim in _EACH and known is not None and not finding.rows <= known


def _slot(claim: Claim, since: int) -> str:
    return f"audit:{claim}:{since}"


async def _standing(unit: Unit) -> dict[Claim, _Said]:
    """What was said and is not over yet, also if its line was refused."""
    places = [
        place for one in await with_role(unit, "operator") for place in direct_chats(row_id(one))
    ]
    found = await unit.session.exec(
        select(OutboxRow.slot).where(
            col(OutboxRow.destination).in_(places), col(OutboxRow.slot).startswith("audit:")
        )
    )
    slots = {slot for slot in found if slot is not None}
    said: dict[Claim, _Said] = {}
    for slot in sorted(slots):
        _, claim, since, *over = slot.split(":")
        if not over and f"{slot}:{_OVER}" not in slots and claim in CLAIMS:
            said[claim] = _Said(int(since), None)
    return said


async def _say(unit: Unit, slot: str, text: Message, *, loud: bool) -> None:
    how = How(loud=loud, lane=outbox.REST)
    for person in await with_role(unit, "operator"):
        await tell_person(unit, row_id(person), text, slot=slot, how=how)


def _text(finding: Finding, now: int) -> Message:
    shown = Listed(finding.references[:MOST_REFERENCES])
    more = len(finding.references) > MOST_REFERENCES
    named = message("operator.audit_among" if more else "operator.audit_cases", ref=shown)
    lines = (named,) if finding.references else ()
    time, n = At(now), finding.count
    match finding.claim:
        case "chain":
            return message("operator.audit_chain", *lines, time=time, n=n)
        case "unsent":
            return message("operator.audit_unsent", *lines, time=time, n=n)
        case "late":
            return message("operator.audit_late", *lines, time=time, n=n)
        case "torn":
            return message("operator.audit_torn", *lines, time=time, n=n)
        case "outbox":
            return message("operator.audit_outbox", *lines, time=time, n=n)
        case "inbox":
            return message("operator.audit_inbox", time=time, n=n)
        case "time":
            seconds = (finding.amount or 0) // 1000
            return message("operator.audit_time", time=time, seconds=seconds)
        case "look":
            return message("operator.audit_look", time=time)
