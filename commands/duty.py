"""Who is on duty, from the roster in the database."""

from collections.abc import Sequence
from datetime import date, time

from sqlmodel import col, select

from commands.people import by_key, identity_of, row_id, with_role
from commands.rules.chain import Candidate, Role
from commands.rules.roster import DutyRule, on_duty
from storage.store import Unit
from storage.tables import Duty


async def rules_of(unit: Unit) -> list[DutyRule]:
    """The region's roster as the rules read it."""
    found = await unit.session.exec(
        select(Duty).where(Duty.region_id == unit.region_id).order_by(col(Duty.id))
    )
    return [_rule(duty) for duty in found]


async def candidates(
    unit: Unit, rules: Sequence[DutyRule], partner: str, function: str
) -> tuple[Candidate, ...]:
    """Whom to call for a partner, in order; somebody without a messenger counts as nobody."""
    now = on_duty(rules, partner, function, unit.now)
    contacts = await with_role(unit, "contact_point", partner)
    wanted: list[tuple[str | None, Role]] = [(now.primary, "primary"), (now.backup, "backup")]
    wanted += [(person.key, "contact_point") for person in contacts]
    return tuple([Candidate(await _reachable(unit, key), role) for key, role in wanted])


async def _reachable(unit: Unit, key: str | None) -> str | None:
    person = await by_key(unit, key) if key else None
    if person is None:
        return None
    return person.key if await identity_of(unit, row_id(person)) else None


def _rule(duty: Duty) -> DutyRule:
    return DutyRule(
        id=row_id(duty),
        partner=duty.partner,
        function=duty.function,
        weekdays=frozenset(int(day) for day in duty.weekdays),
        start=_clock(duty.start),
        end=_clock(duty.end),
        primary=duty.primary,
        backup=duty.backup,
        valid_from=date.fromisoformat(duty.valid_from) if duty.valid_from else None,
        valid_until=date.fromisoformat(duty.valid_until) if duty.valid_until else None,
    )


def _clock(text: str) -> time:
    return time() if text == "24:00" else time.fromisoformat(text)
