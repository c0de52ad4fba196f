"""Does the roster name people who can have that duty?"""

from collections.abc import Iterator, Mapping, Sequence

from config.people import PersonEntry
from config.problem import Report
from config.region import Region
from config.roster import DutyEntry

_ROSTER = "roster.toml"


def check_roster(
    report: Report, region: Region, people: Sequence[PersonEntry], roster: Sequence[DutyEntry]
) -> None:
    """An empty slot is no mistake: then the chain goes on at once."""
    known = {partner.key: {f.key for f in partner.functions} for partner in region.partners}
    by_key = {person.key: person for person in people}
    for n, duty in enumerate(roster):
        at = ("duties", n)
        if duty.partner not in known:
            path = (*at, "partner")
            report.add(_ROSTER, path, "unknown_partner", given=duty.partner, choices=known)
            continue
        if duty.function not in known[duty.partner]:
            report.add(
                _ROSTER,
                (*at, "function"),
                "unknown_function",
                given=duty.function,
                partner=duty.partner,
                choices=sorted(known[duty.partner]),
            )
            continue
        if duty.place is not None and duty.place not in {place.name for place in region.places}:
            places = [place.name for place in region.places]
            report.add(_ROSTER, (*at, "place"), "unknown_place", given=duty.place, choices=places)
        for where, key in _named(duty):
            if key is not None:
                _check_on_duty(report, (*at, *where), duty, by_key, key)


def _named(duty: DutyEntry) -> Iterator[tuple[tuple[str | int, ...], str | None]]:
    """Everybody that this duty names, with where it does."""
    if not duty.turns:
        yield ("primary",), duty.primary
        yield ("backup",), duty.backup
    for n, turn in enumerate(duty.turns):
        for m, key in enumerate(turn):
            yield ("turns", n, m), key


def _check_on_duty(
    report: Report,
    path: tuple[str | int, ...],
    duty: DutyEntry,
    people: Mapping[str, PersonEntry],
    key: str,
) -> None:
    person = people.get(key)
    if person is None:
        near = [p.key for p in people.values() if p.partner == duty.partner]
        report.add(_ROSTER, path, "unknown_person", given=key, choices=near)
    elif person.partner != duty.partner:
        report.add(
            _ROSTER,
            path,
            "other_partner",
            person=key,
            given=person.partner or "-",
            partner=duty.partner,
        )
    elif duty.function not in person.functions:
        report.add(_ROSTER, path, "no_function", person=key, given=duty.function)
    elif "duty" not in person.roles:
        report.add(_ROSTER, path, "no_duty_role", person=key)
