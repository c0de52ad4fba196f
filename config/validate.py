"""What no single file can know: whether the files fit each other."""

from collections.abc import Hashable, Iterable, Mapping, Sequence

from config.people import PersonEntry
from config.problem import Report
from config.protocol import Protocol
from config.region import Region
from config.roster import DutyEntry
from config.settings import Settings

_REGION, _PEOPLE, _ROSTER = "region.toml", "people.toml", "roster.toml"
_INSIDE_A_PARTNER = frozenset({"melder", "duty", "contact_point"})


def validate(
    report: Report,
    settings: Settings,
    region: Region,
    people: Sequence[PersonEntry] | None,
    protocols: Mapping[str, Protocol] | None,
    roster: Sequence[DutyEntry] | None,
) -> None:
    """Add every problem between the files. None: that file could not be read, it is left out.

    `protocols` goes by file name.
    """
    _check_region(report, settings, region)
    if people is not None:
        _check_people(report, region, people)
    if protocols is not None:
        _check_protocols(report, region, protocols)
    if people is not None and protocols is not None:
        _check_reachable(report, region, people, protocols)
    if people is not None and roster is not None:
        _check_roster(report, region, people, roster)


def _check_region(report: Report, settings: Settings, region: Region) -> None:
    _unique(
        report, _REGION, ((p.key, ("partners", n, "key")) for n, p in enumerate(region.partners))
    )
    for n, partner in enumerate(region.partners):
        keys = ((f.key, ("partners", n, "functions", m)) for m, f in enumerate(partner.functions))
        _unique(report, _REGION, keys)
    words = (
        (word.casefold(), ("places", n))
        for n, place in enumerate(region.places)
        for word in sorted({place.name.casefold(), *(each.casefold() for each in place.words)})
    )
    _unique(report, _REGION, words)
    if not region.fictional:
        if settings.story_clock is not None:
            report.add(_REGION, ("fictional",), "story_clock")
        if settings.kill_at is not None:
            report.add(_REGION, ("fictional",), "kill_at")


def _check_people(report: Report, region: Region, people: Sequence[PersonEntry]) -> None:
    _unique(report, _PEOPLE, ((p.key, ("people", n, "key")) for n, p in enumerate(people)))
    by_matrix: dict[str, str] = {}
    for n, person in enumerate(people):
        at = ("people", n)
        account = person.matrix.casefold()
        if account == region.matrix.user.casefold():
            report.add(_PEOPLE, (*at, "matrix"), "bot_is_person", given=person.matrix)
        elif account in by_matrix:
            first = by_matrix[account]
            report.add(_PEOPLE, (*at, "matrix"), "same_matrix", given=person.matrix, first=first)
        by_matrix.setdefault(account, person.key)
        _check_place_of(report, region, person, at)
    if not any("operator" in person.roles for person in people):
        report.add(_PEOPLE, (), "no_operator")
    for partner in region.partners:
        of_partner = [p.key for p in people if p.partner == partner.key]
        points = [p.key for p in people if p.partner == partner.key and "contact_point" in p.roles]
        if len(points) > 1:
            shown = ", ".join(points)
            report.add(_PEOPLE, (), "several_contact_points", partner=partner.key, given=shown)
        elif of_partner and not points:
            report.add(_PEOPLE, (), "no_contact_point", partner=partner.key)


def _check_place_of(
    report: Report, region: Region, person: PersonEntry, at: tuple[str, int]
) -> None:
    partners = [partner.key for partner in region.partners]
    if not person.partner:
        for role in sorted(person.roles & _INSIDE_A_PARTNER)[:1]:
            report.add(
                _PEOPLE, (*at, "partner"), "person_without_partner", given=role, choices=partners
            )
        return
    if person.partner not in partners:
        report.add(
            _PEOPLE, (*at, "partner"), "unknown_partner", given=person.partner, choices=partners
        )
        return
    known = [function.key for function in region.partner(person.partner).functions]
    for function in sorted(person.functions - set(known)):
        report.add(
            _PEOPLE,
            (*at, "functions"),
            "unknown_function",
            given=function,
            partner=person.partner,
            choices=known,
        )
    if "duty" in person.roles and not person.functions:
        report.add(_PEOPLE, (*at, "functions"), "duty_without_function", example=known[0])


def _check_protocols(report: Report, region: Region, protocols: Mapping[str, Protocol]) -> None:
    known = {partner.key: {f.key for f in partner.functions} for partner in region.partners}
    first: dict[str, str] = {}
    for file, protocol in protocols.items():
        for word in sorted({protocol.key, *(each.casefold() for each in protocol.words)}):
            if word in first:
                report.add(file, ("words",), "duplicate", given=word, first=first[word])
            first.setdefault(word, file)
        if file != f"protocols/{protocol.key}.toml":
            report.add(file, ("key",), "file_name", given=protocol.key)
        _unique(report, file, ((o.key, ("outcomes", n)) for n, o in enumerate(protocol.outcomes)))
        _unique(
            report,
            file,
            ((f"{p.partner}, {p.function}", ("pages", n)) for n, p in enumerate(protocol.pages)),
        )
        for n, key in enumerate(protocol.raised_by):
            if key not in known:
                report.add(file, ("raised_by", n), "unknown_partner", given=key, choices=known)
        _check_pages(report, file, protocol, known)


def _check_pages(
    report: Report, file: str, protocol: Protocol, known: Mapping[str, set[str]]
) -> None:
    for n, page in enumerate(protocol.pages):
        if page.partner not in known:
            at = ("pages", n, "partner")
            report.add(file, at, "unknown_partner", given=page.partner, choices=known)
        elif page.function not in known[page.partner]:
            report.add(
                file,
                ("pages", n, "function"),
                "unknown_function",
                given=page.function,
                partner=page.partner,
                choices=sorted(known[page.partner]),
            )
        if page.only_with_children and not protocol.asks_children:
            report.add(file, ("pages", n, "only_with_children"), "children_never_asked")
    paged = [page.partner for page in protocol.pages]
    if protocol.default_lead is not None and protocol.default_lead not in paged:
        lead = protocol.default_lead
        report.add(file, ("default_lead",), "lead_not_paged", given=lead, choices=paged)
    for name, timing in (("urgent", protocol.clocks.urgent), ("calm", protocol.clocks.calm)):
        if timing.remind > timing.take:
            path = ("clocks", name, "remind")
            report.add(file, path, "remind_too_late", given=timing.remind, limit=timing.take)


def _check_reachable(
    report: Report,
    region: Region,
    people: Sequence[PersonEntry],
    protocols: Mapping[str, Protocol],
) -> None:
    """A page must be able to reach a human, and every kind of alarm must have a raiser."""
    partners = {partner.key for partner in region.partners}
    for file, protocol in protocols.items():
        for n, page in enumerate(protocol.pages):
            if page.partner not in partners:
                continue
            staff = [person for person in people if person.partner == page.partner]
            if not any("duty" in p.roles and page.function in p.functions for p in staff):
                report.add(
                    file,
                    ("pages", n),
                    "nobody_to_page",
                    partner=page.partner,
                    given=page.function,
                )
            if not any("contact_point" in person.roles for person in staff):
                report.add(_PEOPLE, (), "no_contact_point", partner=page.partner)
        raisers = [p for p in people if "melder" in p.roles and p.partner in protocol.raised_by]
        if not raisers:
            shown = ", ".join(protocol.raised_by)
            report.add(file, ("raised_by",), "nobody_raises", given=protocol.key, partners=shown)


def _check_roster(
    report: Report, region: Region, people: Sequence[PersonEntry], roster: Sequence[DutyEntry]
) -> None:
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
        for name, key in (("primary", duty.primary), ("backup", duty.backup)):
            if key is not None:
                _check_on_duty(report, (*at, name), duty, by_key, key)


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


def _unique(
    report: Report, file: str, values: Iterable[tuple[Hashable, tuple[str | int, ...]]]
) -> None:
    seen: dict[Hashable, tuple[str | int, ...]] = {}
    for value, path in values:
        if value in seen:
            first = _spoken(seen[value])
            report.add(file, path, "duplicate", given=value, first=first)
        seen.setdefault(value, path)


def _spoken(path: tuple[str | int, ...]) -> str:
    return "".join(f"[{p + 1}]" if isinstance(p, int) else f".{p}" for p in path).lstrip(".")
