"""Who is on duty, found in the slowest way: minute by minute along the clock on the wall.

It shares no line with the rule: no sorting, no edges, no instants of shifts. A duty runs from
when the wall has once shown its start, or later, until it is past its end for good or shows its
end for the last time.
"""

from datetime import date, datetime, timedelta

from commands.rules.moments import MINUTE, local
from commands.rules.roster.rule import DutyRule, Roster, Seat

Standing = tuple[str | None, str | None]
_MARGIN = 3 * 60


def walk(roster: Roster, seat: Seat, begin: int, minutes: int) -> list[Standing]:
    """Who stands there in each minute from `begin` (milliseconds UTC) on."""
    line = [begin + step * MINUTE for step in range(-_MARGIN, minutes + _MARGIN)]
    walls = [local(ms).replace(tzinfo=None) for ms in line]
    reached = walls[:]
    for i in range(1, len(walls)):
        reached[i] = max(reached[i - 1], walls[i])
    for_good = walls[:]
    for i in reversed(range(len(walls) - 1)):
        for_good[i] = min(for_good[i + 1], walls[i])
    answer = []
    for i in range(_MARGIN, _MARGIN + minutes):
        standing = _planned(roster, seat, walls[i].date(), reached[i], for_good[i : i + 2])
        answer.append(_as_it_is(roster, seat, line[i], standing))
    return answer


def _planned(
    roster: Roster, seat: Seat, today: date, reached: datetime, for_good: list[datetime]
) -> Standing:
    best: tuple[bool, bool, int, datetime] | None = None
    standing: Standing = (None, None)
    for rule in roster.rules:
        if (rule.seat.partner, rule.seat.function) != (seat.partner, seat.function):
            continue
        if rule.seat.place is not None and rule.seat.place != seat.place:
            continue
        for day in (today - timedelta(days=1), today):
            start = datetime.combine(day, rule.start)
            end = datetime.combine(day, rule.end)
            if rule.end <= rule.start:
                end += timedelta(days=1)
            if not _comes_on(rule, day, roster.holidays):
                continue
            if start <= reached and (for_good[0] < end or for_good[1] <= end):
                rank = (rule.temporary, rule.seat.place is not None, rule.id, start)
                if best is None or rank > best:
                    best, standing = rank, _turn(rule, day)
    return standing


def _comes_on(rule: DutyRule, day: date, holidays: frozenset[date]) -> bool:
    if rule.valid_from is not None and day < rule.valid_from:
        return False
    if rule.valid_until is not None and day > rule.valid_until:
        return False
    if day in holidays:
        return 6 in rule.weekdays or 7 in rule.weekdays
    return day.weekday() in rule.weekdays


def _turn(rule: DutyRule, day: date) -> Standing:
    """Counts the turns on its fingers, forwards or backwards."""
    number = 0
    if rule.first_turn is not None and len(rule.turns) > 1:
        step = 1 if day >= rule.first_turn else -1
        passed = rule.first_turn
        while passed != day:
            if step < 0:
                passed -= timedelta(days=1)
            if _moves_on(rule, passed if step < 0 else passed + timedelta(days=1), step):
                number += step
            if step > 0:
                passed += timedelta(days=1)
    pair = rule.turns[number % len(rule.turns)]
    return pair.primary, pair.backup


def _moves_on(rule: DutyRule, day: date, step: int) -> bool:
    if rule.turn == "week":
        assert rule.first_turn is not None
        edge = day.weekday() == rule.first_turn.weekday()
        if step < 0:
            edge = (day + timedelta(days=1)).weekday() == rule.first_turn.weekday()
        return edge
    left_day = day - timedelta(days=1) if step > 0 else day
    return left_day.weekday() in rule.weekdays


def _as_it_is(roster: Roster, seat: Seat, now: int, planned: Standing) -> Standing:
    primary, backup = planned
    for change in roster.changes:
        if change.seat != seat or not change.start <= now < change.end:
            continue
        if change.role != "backup" and change.leaves in (None, primary):
            primary = change.enters
        if change.role != "primary" and change.leaves in (None, backup):
            backup = change.enters
    away = {
        each.person
        for each in roster.absences
        if each.start <= now and (each.end is None or now < each.end)
    }
    if primary in away or (roster.reachable is not None and primary not in roster.reachable):
        primary = None
    if backup in away or (roster.reachable is not None and backup not in roster.reachable):
        backup = None
    if backup == primary:
        backup = None
    return primary, backup
