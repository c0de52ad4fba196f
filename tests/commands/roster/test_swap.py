"""A shift is swapped from the phone: asked, taken, given back, asked for an absent colleague."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import select

from commands.people import by_key
from commands.rules.moments import DAY, HOUR
from commands.staff.end_roster import end_roster
from storage.tables import Person, RosterChange, Swap
from tests.commands.harness import Desk
from tests.commands.morning import open_desk
from tests.commands.roster.scene import logged, on_duty, third_of_rvdk

SHIFT = "RvdK, za 08:00 – za 22:00"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path, after=third_of_rvdk) as desk:
        yield desk
        desk.nothing_unexpected()


async def ask_for_saturday(desk: Desk) -> None:
    """The day runs, then comes the night as backup; tomorrow is the third on the list."""
    await desk["rvdk_contact1"].says("ruil")
    question = desk["rvdk_contact1"].expects("Welke dienst wil je ruilen?")
    await desk["rvdk_contact1"].taps("3️⃣", question)
    desk["rvdk_contact1"].expects(
        "Gevraagd aan 2 collega's. Tot iemand hem neemt, blijft het jouw dienst.", loud=False
    )
    for colleague in ("rvdk_contact2", "rvdk_ap"):
        desk[colleague].expects(f"Ruil: {SHIFT}. Neem jij hem?", loud=False)


async def test_a_colleague_takes_it_and_everybody_knows(desk: Desk) -> None:
    saturday = desk.now + DAY
    await ask_for_saturday(desk)
    assert await on_duty(desk, saturday) == ("rvdk_contact1", "rvdk_contact2")
    await desk["rvdk_ap"].taps("1️⃣")
    desk["rvdk_ap"].expects(f"✅ Ruil rond: {SHIFT}.")
    desk["rvdk_contact2"].expects(f"✅ Ruil rond: {SHIFT}.")
    desk["rvdk_contact1"].expects(f"✅ Je dienst is overgenomen: {SHIFT}.", loud=False)
    assert await on_duty(desk, saturday) == ("rvdk_ap", "rvdk_contact2")
    night = await on_duty(desk, saturday + 7 * HOUR)
    assert night == ("rvdk_contact2", "rvdk_contact1"), "not the night"
    assert await on_duty(desk, saturday + DAY) == ("rvdk_contact1", "rvdk_contact2")
    assert await logged(desk, "roster") == [
        ("bot", "create", None),
        ("rvdk_ap", "change", "rvdk_contact1"),
    ]


async def test_it_can_be_given_back_until_it_begins(desk: Desk) -> None:
    saturday = desk.now + DAY
    await ask_for_saturday(desk)
    await desk["rvdk_ap"].taps("1️⃣")
    desk.expect_so_far()
    await desk["rvdk_ap"].taps("1️⃣")  # [Toch niet]
    desk["rvdk_ap"].expects(f"Ruil: {SHIFT}. Neem jij hem?")
    desk["rvdk_contact2"].expects(f"Ruil: {SHIFT}. Neem jij hem?")
    desk["rvdk_contact1"].expects("De ruil gaat niet door. Dit is weer jouw dienst", loud=True)
    assert await on_duty(desk, saturday) == ("rvdk_contact1", "rvdk_contact2")


async def test_a_shift_that_has_begun_is_not_given_back(desk: Desk) -> None:
    await ask_for_saturday(desk)
    await desk["rvdk_ap"].taps("1️⃣")
    desk.expect_so_far()
    desk.time[0] += 17 * HOUR
    await desk["rvdk_ap"].taps("1️⃣")
    desk["rvdk_ap"].expects("Deze dienst is begonnen. Kun je niet? Schrijf: ziek.")
    assert await on_duty(desk) == ("rvdk_ap", "rvdk_contact2")


async def test_the_backup_cannot_take_it_for_one_is_none(desk: Desk) -> None:
    await ask_for_saturday(desk)
    await desk["rvdk_contact2"].taps("1️⃣")
    desk["rvdk_contact2"].expects("Jij staat dan al in deze dienst. Eén is geen: vraag een ander.")
    assert await on_duty(desk, desk.now + DAY) == ("rvdk_contact1", "rvdk_contact2")


async def test_only_the_first_who_takes_it_has_it(desk: Desk) -> None:
    """Another colleague of the same duty presses what their screen still shows."""
    async with desk.store.unit() as unit:
        other = (await unit.session.exec(select(Person).where(Person.key == "vt_gw2"))).one()
        other.partner, other.functions = "rvdk", "contact"
    await desk["rvdk_contact1"].says("ruil")
    await desk["rvdk_contact1"].taps("3️⃣")
    late = desk["vt_gw2"].expects(f"Ruil: {SHIFT}. Neem jij hem?")
    async with desk.store.unit() as unit:
        row = (await unit.session.exec(select(Swap))).one()
        row.state = "taken"
    await desk["vt_gw2"].taps("1️⃣", late)
    desk["vt_gw2"].expects("Dit kan niet meer.")
    desk.expect_so_far()
    async with desk.store.view() as unit:
        assert not (await unit.session.exec(select(RosterChange))).all()


async def test_whoever_asked_can_take_the_question_back(desk: Desk) -> None:
    await ask_for_saturday(desk)
    await desk["rvdk_contact1"].taps("❌")
    for key in ("rvdk_contact1", "rvdk_contact2", "rvdk_ap"):
        desk[key].expects(f"Niet meer nodig: {SHIFT}.")
    await desk["rvdk_contact1"].says("ruil")
    await desk["rvdk_contact1"].taps("3️⃣")
    desk["rvdk_contact1"].expects("Gevraagd aan 2 collega's.")
    desk.expect_so_far()


async def test_the_same_shift_is_asked_once(desk: Desk) -> None:
    await ask_for_saturday(desk)
    await desk["rvdk_contact1"].says("ruil")
    await desk["rvdk_contact1"].taps("3️⃣")
    desk["rvdk_contact1"].expects("Deze dienst is al gevraagd.")


async def test_the_contact_point_asks_for_an_absent_colleague(desk: Desk) -> None:
    await desk["rvdk_contact1"].says("ziek")
    await desk["rvdk_contact1"].taps("3️⃣")
    desk.expect_so_far()
    await desk["rvdk_ap"].says("ruil RvdK-dienst 1")
    await desk["rvdk_ap"].taps("3️⃣", desk["rvdk_ap"].expects("Welke dienst"))
    desk["rvdk_ap"].expects("Gevraagd aan 2 collega's.")
    desk["rvdk_ap"].expects(f"Ruil: {SHIFT}. Neem jij hem?")
    desk["rvdk_contact2"].expects(f"Ruil: {SHIFT}. Neem jij hem?")
    desk.expect_so_far()
    assert ("rvdk_ap", "create", None) in await logged(desk, "swap")


@pytest.mark.parametrize("who", ["rvdk_contact2", "om_ap"])
async def test_nobody_else_asks_for_a_colleague(desk: Desk, who: str) -> None:
    await desk[who].says("ruil RvdK-dienst 1")
    desk[who].expects("Die collega ken ik niet, of het mag niet.")


async def test_who_is_on_no_roster_has_nothing_to_swap(desk: Desk) -> None:
    await desk["vt_fo"].says("ruil")
    desk["vt_fo"].expects("wie in het rooster staat")
    await desk["politie_ap"].says("ruil")
    desk["politie_ap"].expects("Er is geen dienst om te ruilen in de komende vier weken.")


async def test_who_leaves_gives_back_what_they_took(desk: Desk) -> None:
    """Somebody thought to be off on Saturday, and is told."""
    await ask_for_saturday(desk)
    await desk["rvdk_ap"].taps("1️⃣")
    desk.expect_so_far()
    async with desk.store.unit() as unit:
        person = await by_key(unit, "rvdk_ap")
        assert person is not None
        await end_roster(unit, desk.world, person)
    await desk.settle()
    desk["rvdk_contact1"].expects(f"⚠️ De ruil gaat niet door. Dit is weer jouw dienst: {SHIFT}.")
    assert await on_duty(desk, desk.now + DAY) == ("rvdk_contact1", "rvdk_contact2")
    await desk["rvdk_contact1"].says("ruil")
    await desk["rvdk_contact1"].taps("3️⃣")
    desk["rvdk_contact1"].expects("Gevraagd aan")
    desk.expect_so_far()


async def test_a_running_shift_can_be_asked_a_minute_later(desk: Desk) -> None:
    await desk["rvdk_contact1"].says("ruil")
    question = desk["rvdk_contact1"].expects("Welke dienst")
    desk.time[0] += 60_000
    await desk["rvdk_contact1"].taps("1️⃣", question)
    desk["rvdk_contact1"].expects("Gevraagd aan 2 collega's.")
    desk.expect_so_far()
