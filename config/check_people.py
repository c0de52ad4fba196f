"""Do the people fit the region?"""

from collections.abc import Mapping, Sequence

from config.people import PersonEntry
from config.problem import Report
from config.region import Region

PEOPLE = "people.toml"
# The digest and the faults go there, and who invites others has nobody to be invited by.
_ON_MATRIX = frozenset({"coordinator", "operator", "contact_point"})
_INSIDE_A_PARTNER = frozenset({"melder", "duty", "contact_point"})


def check_people(report: Report, region: Region, people: Sequence[PersonEntry]) -> None:
    """Accounts, roles and functions, and a contact point for every partner with people. That
    there should be two is no mistake of the folder: `main.py check` says so."""
    report.unique(PEOPLE, ((p.key, ("people", n, "key")) for n, p in enumerate(people)))
    by_matrix: dict[str, str] = {}
    for n, person in enumerate(people):
        at = ("people", n)
        if person.matrix is None:
            _check_without_matrix(report, region, person, at)
        else:
            _check_account(report, region, person.matrix, by_matrix, at)
            by_matrix.setdefault(person.matrix.casefold(), person.key)
        _check_place_of(report, region, person, at)
    if not any("operator" in person.roles for person in people):
        report.add(PEOPLE, (), "no_operator")
    for partner in region.partners:
        of_partner = [person for person in people if person.partner == partner.key]
        points = [person for person in of_partner if "contact_point" in person.roles]
        if of_partner and not points:
            report.add(PEOPLE, (), "no_contact_point", partner=partner.key)


def _check_account(
    report: Report, region: Region, account: str, taken: Mapping[str, str], at: tuple[str, int]
) -> None:
    """`taken` says by account in small letters which person has it."""
    if account.casefold() == region.matrix.user.casefold():
        report.add(PEOPLE, (*at, "matrix"), "bot_is_person", given=account)
    elif account.casefold() in taken:
        first = taken[account.casefold()]
        report.add(PEOPLE, (*at, "matrix"), "same_matrix", given=account, first=first)


def _check_without_matrix(
    report: Report, region: Region, person: PersonEntry, at: tuple[str, int]
) -> None:
    for role in sorted(person.roles & _ON_MATRIX)[:1]:
        report.add(PEOPLE, (*at, "matrix"), "role_without_matrix", given=role)
        return
    if region.telegram is None:
        report.add(PEOPLE, (*at, "matrix"), "person_without_matrix", given=person.label)


def _check_place_of(
    report: Report, region: Region, person: PersonEntry, at: tuple[str, int]
) -> None:
    partners = [partner.key for partner in region.partners]
    if not person.partner:
        for role in sorted(person.roles & _INSIDE_A_PARTNER)[:1]:
            report.add(
                PEOPLE, (*at, "partner"), "person_without_partner", given=role, choices=partners
            )
        return
    if person.partner not in partners:
        report.add(
            PEOPLE, (*at, "partner"), "unknown_partner", given=person.partner, choices=partners
        )
        return
    known = [function.key for function in region.partner(person.partner).functions]
    for function in sorted(person.functions - set(known)):
        report.add(
            PEOPLE,
            (*at, "functions"),
            "unknown_function",
            given=function,
            partner=person.partner,
            choices=known,
        )
    if "duty" in person.roles and not person.functions:
        report.add(PEOPLE, (*at, "functions"), "duty_without_function", example=known[0])
