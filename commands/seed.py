"""The configuration folder seeds people and roster; from then on the database is the truth.

Somebody new in the folder is added at the next start; who left the folder is not removed by it,
because leaving is a command of its own with its own proof.
"""

import json
from collections.abc import Iterable, Mapping

from sqlmodel import select

from commands.group_moved import group_now
from commands.people import row_id
from config.people import PersonEntry
from config.region import Region
from config.roster import DutyEntry
from storage.access_log import BOT, note
from storage.store import Unit
from storage.tables import Duty, GroupRoom, Identity, Person


async def seed_people(unit: Unit, people: Mapping[str, PersonEntry]) -> None:
    """Add who is not known yet, with a Matrix identity if the folder names one. An existing
    person is left alone."""
    found = await unit.session.exec(select(Person.key).where(Person.region_id == unit.region_id))
    known = set(found)
    for entry in people.values():
        if entry.key in known:
            continue
        person = Person(
            region_id=unit.region_id,
            key=entry.key,
            partner=entry.partner or "",
            label=entry.label,
            roles=" ".join(sorted(entry.roles)),
            functions=" ".join(sorted(entry.functions)),
            language=entry.language,
            confirmed_at=unit.now,
        )
        unit.session.add(person)
        await unit.session.flush()
        if entry.matrix is not None:
            unit.session.add(
                Identity(person_id=row_id(person), channel="matrix", address=entry.matrix)
            )
        await note(unit, BOT, "create", "person", right="configuration", on_behalf=entry.key)


async def seed_group(unit: Unit, region: Region) -> None:
    """The Telegram group exists already: the folder says which one it is, or was before it
    moved."""
    if region.telegram is not None and region.telegram.group is not None:
        address = await group_now(unit, "telegram", region.telegram.group)
        await unit.session.merge(GroupRoom(channel="telegram", address=address))


async def seed_roster(unit: Unit, duties: Iterable[DutyEntry]) -> None:
    """Fill an empty roster. Once there is one, it is kept by its own commands."""
    found = await unit.session.exec(
        select(Duty.id).where(Duty.region_id == unit.region_id).limit(1)
    )
    if found.first() is not None:
        return
    for duty in duties:
        unit.session.add(
            Duty(
                region_id=unit.region_id,
                partner=duty.partner,
                function=duty.function,
                weekdays="".join(str(day) for day in duty.days),
                start=duty.begins,
                end=duty.ends,
                place=duty.place,
                turns=json.dumps(duty.pairs),
                turn=duty.turn,
                first_turn=duty.first_turn.isoformat() if duty.first_turn else None,
                temporary=duty.temporary,
                valid_from=duty.valid_from.isoformat() if duty.valid_from else None,
                valid_until=duty.valid_until.isoformat() if duty.valid_until else None,
            )
        )
    await note(unit, BOT, "create", "roster", right="configuration")
