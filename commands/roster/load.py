"""The roster as it stands in the database, for the rules to read."""

import json
from collections.abc import Collection
from datetime import date, time, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Integer, String, bindparam, case, cast, literal, null, union_all
from sqlmodel import col, select

from commands.rules.moments import local
from commands.rules.roster.course import LOOK_AHEAD
from commands.rules.roster.rule import Absence, Change, DutyRule, Pair, Roster, Seat
from storage.store import Unit
from storage.tables import Absence as AbsenceRow
from storage.tables import Duty, Holiday, RosterChange

_PLANNED = "planned"  # comes before all that people changed since


async def roster_of(
    unit: Unit,
    partners: Collection[str] | None = None,
    *,
    since: int | None = None,
    span_ms: int = LOOK_AHEAD,
) -> Roster:
    """What decides who is on duty at these partners (none given: at all) in a stretch of time
    that begins at `since` (UTC epoch milliseconds; none given: now)."""
    begin = unit.now if since is None else since
    asked: dict[str, Any] = {"region": unit.region_id}
    if partners is not None:
        asked["partners"] = list(partners)
    which = "some" if partners is not None else "all"
    rules = await unit.session.exec(_RULES[which], params=asked)
    days = [local(at).date() for at in (begin, begin + span_ms)]
    asked |= {"begin": begin, "end": begin + span_ms}
    asked |= {"first": (days[0] - timedelta(days=1)).isoformat(), "last": days[1].isoformat()}
    once: dict[str, list[Any]] = {"change": [], "absence": [], "holiday": []}
    for row in await unit.session.exec(_ONCE[which], params=asked):
        once[row.what].append(row)
    return Roster(
        rules=tuple(_rule(*row) for row in rules),
        changes=tuple(_change(row) for row in once["change"]),
        absences=tuple(Absence(row.leaves, row.start_at, row.end_at) for row in once["absence"]),
        holidays=frozenset(date.fromisoformat(row.kind) for row in once["holiday"]),
    )


_RULE_COLUMNS = (
    Duty.id, Duty.partner, Duty.function, Duty.place, Duty.weekdays, Duty.start, Duty.end,
    Duty.turns, Duty.turn, Duty.first_turn, Duty.valid_from, Duty.valid_until, Duty.temporary,
)  # fmt: skip
_ALL_RULES: Any = (
    select(*[col(each) for each in _RULE_COLUMNS])
    .where(col(Duty.region_id) == bindparam("region"))
    .order_by(col(Duty.id))
)
_OF_PARTNERS: Any = bindparam("partners", expanding=True)
_RULES = {"all": _ALL_RULES, "some": _ALL_RULES.where(col(Duty.partner).in_(_OF_PARTNERS))}


def _once(*also: Any) -> Any:
    """Changes, absences and holidays in one question: an alarm waits for the answer."""
    no_text, no_time = cast(null(), String), cast(null(), BigInteger)
    change = select(
        literal("change").label("what"),
        col(RosterChange.id).label("id"),
        col(RosterChange.partner).label("partner"),
        col(RosterChange.function).label("function"),
        col(RosterChange.place).label("place"),
        col(RosterChange.start_at).label("start_at"),
        col(RosterChange.end_at).label("end_at"),
        col(RosterChange.leaves).label("leaves"),
        col(RosterChange.enters).label("enters"),
        col(RosterChange.role).label("role"),
        col(RosterChange.kind).label("kind"),
        case((col(RosterChange.kind) == _PLANNED, 0), else_=1).label("later"),
    ).where(  # type: ignore[call-overload]
        col(RosterChange.region_id) == bindparam("region"),
        col(RosterChange.end_at) > bindparam("begin", type_=BigInteger),
        col(RosterChange.start_at) < bindparam("end", type_=BigInteger),
        col(RosterChange.undone_at).is_(None),
        *also,
    )
    absence = select(
        literal("absence"), col(AbsenceRow.id), no_text, no_text, no_text,
        col(AbsenceRow.start_at), col(AbsenceRow.end_at), col(AbsenceRow.person),
        no_text, no_text, no_text, cast(0, Integer),
    ).where(  # type: ignore[call-overload]
        col(AbsenceRow.region_id) == bindparam("region"),
        col(AbsenceRow.start_at) < bindparam("end", type_=BigInteger),
        col(AbsenceRow.end_at).is_(None)
        | (col(AbsenceRow.end_at) > bindparam("begin", type_=BigInteger)),
    )  # fmt: skip
    holiday = select(
        literal("holiday"), cast(0, Integer), no_text, no_text, no_text, no_time, no_time,
        no_text, no_text, no_text, col(Holiday.day), cast(0, Integer),
    ).where(  # type: ignore[call-overload]
        col(Holiday.region_id) == bindparam("region"),
        col(Holiday.day).between(bindparam("first"), bindparam("last")),
    )  # fmt: skip
    return union_all(change, absence, holiday).order_by("later", "id")


_ONCE = {"all": _once(), "some": _once(col(RosterChange.partner).in_(_OF_PARTNERS))}


@lru_cache(maxsize=8192)  # a rule hardly ever changes, and every alarm asks for it
def _rule(
    number: int,
    partner: str,
    function: str,
    place: str | None,
    weekdays: str,
    start: str,
    end: str,
    turns: str,
    turn: str,
    first_turn: str | None,
    valid_from: str | None,
    valid_until: str | None,
    temporary: bool,
) -> DutyRule:
    return DutyRule(
        id=number,
        seat=Seat(partner, function, place),
        weekdays=frozenset(int(day) for day in weekdays),
        start=_clock(start),
        end=_clock(end),
        turns=tuple(Pair(primary, backup) for primary, backup in json.loads(turns)),
        turn="day" if turn == "day" else "week",
        first_turn=_date(first_turn),
        valid_from=_date(valid_from),
        valid_until=_date(valid_until),
        temporary=temporary,
    )


def _change(row: Any) -> Change:
    return Change(
        id=row.id,
        seat=Seat(row.partner, row.function, row.place),
        start=row.start_at,
        end=row.end_at,
        leaves=row.leaves,
        enters=row.enters,
        role=row.role,
        kind=row.kind,
    )


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _clock(text: str) -> time:
    return time() if text == "24:00" else time.fromisoformat(text)
