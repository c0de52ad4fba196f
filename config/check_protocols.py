"""Do the protocols fit the region, and does every page reach a human?"""

from collections.abc import Mapping, Sequence

from config.check_people import PEOPLE
from config.people import PersonEntry
from config.problem import Report
from config.protocol import Protocol
from config.region import Region


def check_protocols(report: Report, region: Region, protocols: Mapping[str, Protocol]) -> None:
    """Words that mean one kind, partners and functions that exist, clocks that can be."""
    known = {partner.key: {f.key for f in partner.functions} for partner in region.partners}
    first: dict[str, str] = {}
    for file, protocol in protocols.items():
        for word in sorted({protocol.key, *(each.casefold() for each in protocol.words)}):
            if word in first:
                report.add(file, ("words",), "duplicate", given=word, first=first[word])
            first.setdefault(word, file)
        if file != f"protocols/{protocol.key}.toml":
            report.add(file, ("key",), "file_name", given=protocol.key)
        report.unique(file, ((o.key, ("outcomes", n)) for n, o in enumerate(protocol.outcomes)))
        report.unique(
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


def check_reachable(
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
                report.add(PEOPLE, (), "no_contact_point", partner=page.partner)
        raisers = [p for p in people if "melder" in p.roles and p.partner in protocol.raised_by]
        if not raisers:
            shown = ", ".join(protocol.raised_by)
            report.add(file, ("raised_by",), "nobody_raises", given=protocol.key, partners=shown)
