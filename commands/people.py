"""Who somebody is, and where the bot reaches them."""

from dataclasses import dataclass

from sqlmodel import col, select

from storage.store import Unit
from storage.tables import Identity, Person


@dataclass(frozen=True)
class Known:
    """A person together with the messenger identity that is meant."""

    person: Person
    identity: Identity

    @property
    def id(self) -> int:
        """The person's row id."""
        return row_id(self.person)


def row_id(row: object) -> int:
    """The id of a row that has been stored. Raises `ValueError` for one that has not."""
    number = getattr(row, "id", None)
    if not isinstance(number, int):
        raise ValueError(f"{type(row).__name__} has no id yet")
    return number


async def by_address(unit: Unit, channel: str, address: str) -> Known | None:
    """The active person behind a messenger's user id, or None for a stranger."""
    found = await unit.session.exec(
        select(Identity, Person)
        .join(Person)
        .where(
            Identity.channel == channel,
            Identity.address == address,
            col(Person.active).is_(True),
            Person.region_id == unit.region_id,
        )
    )
    row = found.first()
    return Known(row[1], row[0]) if row else None


async def by_id(unit: Unit, person_id: int) -> Person:
    """A person by row id. Raises `LookupError` if the row is gone."""
    person = await unit.session.get(Person, person_id)
    if person is None:
        raise LookupError(f"person {person_id} is gone")
    return person


async def by_key(unit: Unit, key: str) -> Person | None:
    """An active person by key, as rosters name them."""
    found = await unit.session.exec(
        select(Person).where(
            Person.region_id == unit.region_id, Person.key == key, col(Person.active).is_(True)
        )
    )
    return found.first()


async def with_role(unit: Unit, role: str, partner: str | None = None) -> list[Person]:
    """Active people with a role, of one partner or of all."""
    wanted = select(Person).where(Person.region_id == unit.region_id, col(Person.active).is_(True))
    if partner is not None:
        wanted = wanted.where(Person.partner == partner)
    found = await unit.session.exec(wanted.order_by(col(Person.id)))
    return [person for person in found if person.has_role(role)]


async def identity_of(unit: Unit, person_id: int) -> Identity | None:
    """The identity that reaches this person best: one that has proven itself first."""
    found = await unit.session.exec(
        select(Identity)
        .where(Identity.person_id == person_id)
        .order_by(col(Identity.proven_at).is_(None), col(Identity.id))
    )
    return found.first()
