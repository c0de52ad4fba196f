"""A shift is swapped between colleagues: all on Matrix, and across two messengers."""

from pathlib import Path

import pytest
from sqlmodel import select, update

from commands.roster.candidates import candidates
from storage.tables import Duty, Identity, Person
from tests.kit.synapse import Synapse
from tests.stories.casting import MATRIX_ALONE, Casting, played
from tests.stories.stage import Stage, amsterdam

FRIDAY = amsterdam(2026, 7, 10, 15, 40)
STAFF = ("rvdk_contact1", "rvdk_contact2", "rvdk_ap")
ACROSS = Casting("across", ("rvdk_contact2",))
SHIFT = "RvdK, za 08:00 – za 22:00"


@pytest.mark.parametrize("casting", [MATRIX_ALONE, ACROSS], ids=str)
async def test_a_colleague_takes_saturday(
    synapse: Synapse, tmp_path: Path, casting: Casting
) -> None:
    async with played(casting, synapse, tmp_path, FRIDAY, STAFF) as stage:
        await _three_share_the_duty(stage)
        first, second = stage.person("rvdk_contact1"), stage.person("rvdk_contact2")
        await first.writes("ruil")
        which = await first.expects("Welke dienst wil je ruilen?")
        await first.chooses(which, "za 08:00 – za 22:00")
        await first.shows(which, "Gevraagd aan 2 collega's.")
        asked = await stage.people("rvdk_contact2", "rvdk_ap").expect(f"Ruil: {SHIFT}.", loud=False)
        assert await _primary_on_saturday(stage) == "rvdk_contact1"
        await second.chooses(asked["rvdk_contact2"], "Ik neem hem")
        await second.shows(asked["rvdk_contact2"], f"✅ Ruil rond: {SHIFT}.")
        await stage.person("rvdk_ap").shows(asked["rvdk_ap"], f"✅ Ruil rond: {SHIFT}.")
        await first.expects(f"✅ Je dienst is overgenomen: {SHIFT}.", loud=False)
        assert await _primary_on_saturday(stage) == "rvdk_contact2"
        await stage.person("rvdk_ap").expects("⚠️ Geen achterwacht bij RvdK", loud=True)
        await second.chooses(asked["rvdk_contact2"], "Toch niet")
        await first.expects("⚠️ De ruil gaat niet door.", loud=True)
        await stage.person("rvdk_ap").finds_changed("Neem jij hem?")
        assert await _primary_on_saturday(stage) == "rvdk_contact1"


async def _three_share_the_duty(stage: Stage) -> None:
    """One by day, one at night, the contact point could: nobody is backup, and that is told."""
    async with stage.running.store.unit() as unit:
        point = (await unit.session.exec(select(Person).where(Person.key == "rvdk_ap"))).one()
        point.roles, point.functions = "contact_point duty", "contact"
        for duty in await unit.session.exec(select(Duty).where(Duty.partner == "rvdk")):
            key = "rvdk_contact2" if duty.start == "22:00" else "rvdk_contact1"
            duty.turns = f'[["{key}", null]]'
        await unit.session.exec(update(Identity).values(proven_at=unit.now))


async def _primary_on_saturday(stage: Stage) -> str | None:
    async with stage.running.store.view() as unit:
        noon = int(amsterdam(2026, 7, 11, 12).timestamp() * 1000)
        in_order, _ = await candidates(unit, [("rvdk", "contact")], noon, None)
        return in_order[0][0].person
