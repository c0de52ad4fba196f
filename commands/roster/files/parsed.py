"""A roster file as it was understood: pure data, nothing of it is carried out yet."""

import json
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from commands.messages import Message
from commands.roster.files.problem import Problem
from commands.rules.roster.replacement import Planned
from commands.rules.roster.rule import DutyRule, Pair, Seat


@dataclass(frozen=True)
class ParsedRoster:
    """Rules (their ids are the rows in which they stand) and planned shifts."""

    rules: tuple[DutyRule, ...] = ()
    planned: tuple[Planned, ...] = ()
    seats: tuple[Seat, ...] = ()  # whose planned shifts are replaced …
    days: tuple[date, date] | None = None  # … as far as they begin on these days
    warnings: tuple[Message, ...] = ()

    @property
    def partners(self) -> tuple[str, ...]:
        """The organisations that it is about."""
        seats = (*(rule.seat for rule in self.rules), *self.seats)
        return tuple(dict.fromkeys(seat.partner for seat in seats))


Parsed = ParsedRoster | tuple[Problem, ...]
"""A roster, or everything that is wrong with the file."""


def to_text(roster: ParsedRoster) -> str:
    """As JSON, without its warnings: those were said."""
    days = [day.isoformat() for day in roster.days] if roster.days else None
    return json.dumps(
        {
            "rules": [_rule_to(rule) for rule in roster.rules],
            "planned": [
                [_seat_to(each.seat), each.role, each.person, each.start, each.end, each.row]
                for each in roster.planned
            ],
            "seats": [_seat_to(seat) for seat in roster.seats],
            "days": days,
        }
    )


def from_text(text: str) -> ParsedRoster:
    """What `to_text` made."""
    data = json.loads(text)
    days = [date.fromisoformat(day) for day in data["days"] or ()]
    return ParsedRoster(
        rules=tuple(_rule_from(each) for each in data["rules"]),
        planned=tuple(
            Planned(Seat(*seat), role, person, start, end, row)
            for seat, role, person, start, end, row in data["planned"]
        ),
        seats=tuple(Seat(*seat) for seat in data["seats"]),
        days=(days[0], days[1]) if days else None,
    )


def _seat_to(seat: Seat) -> list[str | None]:
    return [seat.partner, seat.function, seat.place]


def _rule_to(rule: DutyRule) -> dict[str, Any]:
    return {
        "row": rule.id,
        "seat": _seat_to(rule.seat),
        "weekdays": sorted(rule.weekdays),
        "start": rule.start.isoformat("minutes"),
        "end": rule.end.isoformat("minutes"),
        "turns": [[pair.primary, pair.backup] for pair in rule.turns],
        "turn": rule.turn,
        "first_turn": _iso(rule.first_turn),
        "valid_from": _iso(rule.valid_from),
        "valid_until": _iso(rule.valid_until),
        "temporary": rule.temporary,
    }


def _rule_from(data: dict[str, Any]) -> DutyRule:
    return DutyRule(
        id=data["row"],
        seat=Seat(*data["seat"]),
        weekdays=frozenset(data["weekdays"]),
        start=time.fromisoformat(data["start"]),
        end=time.fromisoformat(data["end"]),
        turns=tuple(Pair(*pair) for pair in data["turns"]),
        turn=data["turn"],
        first_turn=_day(data["first_turn"]),
        valid_from=_day(data["valid_from"]),
        valid_until=_day(data["valid_until"]),
        temporary=data["temporary"],
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
