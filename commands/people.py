"""Who somebody is, and where the bot reaches them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, or_
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


# Made once: putting a statement together takes longer than carrying it out (measured).
_OF_REGION = and_(col(Person.region_id) == bindparam("region"), col(Person.active).is_(True))
_BY_ADDRESS = (
    select(Identity, Person)
    .join(Person)
    .where(
        Identity.channel == bindparam("channel"),
        Identity.address == bindparam("address"),
        _OF_REGION,
    )
)
_BY_KEY = select(Person).where(Person.key == bindparam("key"), _OF_REGION)
_BEST_FIRST = (
    col(Identity.joined_at).is_(None),
    col(Identity.proven_at).is_(None),
    col(Identity.preferred).is_(False),
    col(Identity.id),
)
_IDENTITY_OF = (
    select(Identity)
    .where(Identity.person_id == bindparam("person"))
    .order_by(*_BEST_FIRST)
    .limit(1)
)
_IDENTITY_ON = select(Identity).where(
    Identity.person_id == bindparam("person"), Identity.channel == bindparam("channel")
)
_CALLABLE = (
    select(Person, Identity)
    .outerjoin(Identity)
    .where(
        _OF_REGION,
        or_(
            col(Person.key).in_(bindparam("named", expanding=True)),
            and_(
                col(Person.partner).in_(bindparam("partners", expanding=True)),
                col(Person.roles).contains("contact_point"),
            ),
        ),
    )
    .order_by(col(Person.id), *_BEST_FIRST)
)


async def by_address(unit: Unit, channel: str, address: str) -> Known | None:
    """The active person behind a messenger's user id, or None for a stranger."""
    asked = {"region": unit.region_id, "channel": channel, "address": address}
    row = (await unit.session.exec(_BY_ADDRESS, params=asked)).first()
    return Known(row[1], row[0]) if row else None


async def by_id(unit: Unit, person_id: int) -> Person:
    """A person by row id. Raises `LookupError` if the row is gone."""
    person = await unit.session.get(Person, person_id)
    if person is None:
        raise LookupError(f"person {person_id} is gone")
    return person


async def by_key(unit: Unit, key: str) -> Person | None:
    """An active person by key, as rosters name them."""
    asked = {"region": unit.region_id, "key": key}
    return (await unit.session.exec(_BY_KEY, params=asked)).first()


async def with_role(unit: Unit, role: str, partner: str | None = None) -> list[Person]:
    """Active people with a role, of one partner or of all."""
    wanted = select(Person).where(Person.region_id == unit.region_id, col(Person.active).is_(True))
    if partner is not None:
        wanted = wanted.where(Person.partner == partner)
    found = await unit.session.exec(wanted.order_by(col(Person.id)))
    return [person for person in found if person.has_role(role)]


async def identity_of(unit: Unit, person_id: int) -> Identity | None:
    """The identity that reaches this person best: where they are and have not blocked us, before
    one that has proven itself, before one that they prefer, before the first."""
    return (await unit.session.exec(_IDENTITY_OF, params={"person": person_id})).first()


async def identity_on(unit: Unit, person_id: int, channel: str) -> Identity | None:
    """The identity of this person on one messenger."""
    asked = {"person": person_id, "channel": channel}
    return (await unit.session.exec(_IDENTITY_ON, params=asked)).first()


People = Mapping[str, tuple[Person, Identity | None]]


async def callable_people(unit: Unit, named: Iterable[str], partners: Iterable[str]) -> People:
    """Active people by key, with the identity that `identity_of` gives: those who are `named`
    and the contact points of these partners. A region has hundreds of others."""
    asked = {"region": unit.region_id, "named": list(named), "partners": list(partners)}
    people: dict[str, tuple[Person, Identity | None]] = {}
    for person, identity in await unit.session.exec(_CALLABLE, params=asked):
        people.setdefault(person.key, (person, identity))
    return people
