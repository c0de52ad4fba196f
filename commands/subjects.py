"""Which case a command is about: from the button, the room, the reference, or the only one."""

from typing import Literal

from sqlmodel import select

from commands.open_cases import of_person
from commands.rules.reference import looks_like, normalise
from storage.store import Unit
from storage.tables import Agreement, Case, Chain, Consultation, Page

Subject = Literal["nothing", "case", "page", "chain", "consultation", "agreement"]
_TABLES: dict[str, type[Page] | type[Chain] | type[Consultation] | type[Agreement]] = {
    "page": Page,
    "chain": Chain,
    "consultation": Consultation,
    "agreement": Agreement,
}


async def case_of_button(unit: Unit, subject: Subject, argument: str) -> Case | None:
    """The case that a pressed button belongs to; its argument begins with a row id."""
    number, _, _ = argument.partition(":")
    if not number.isdigit():
        return None
    if subject == "case":
        return await unit.session.get(Case, int(number))
    if subject == "nothing":
        return None
    row = await unit.session.exec(
        select(Case).join(_TABLES[subject]).where(_TABLES[subject].id == int(number))
    )
    return row.first()


async def cases_meant(
    unit: Unit, person_id: int, words: str, *, closed_too: bool
) -> tuple[list[Case], str]:
    """The cases that typed words can mean, and the words without the reference.

    A reference that is not this person's case means nothing: it is not even confirmed.
    """
    mine = list(await of_person(unit, person_id, closed_too=closed_too))
    parts = words.split()
    for part in parts:
        if looks_like(part):
            rest = " ".join(other for other in parts if other is not part)
            return [case for case in mine if case.reference == normalise(part)], rest
    running = [case for case in mine if case.state == "open"]
    return (running or mine[:1]), words
