"""Every morning: who still belongs, whose test expires, who is the only contact point."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from commands.onboard import TEST_HOLDS_MS
from commands.rules.moments import DAY, HOUR, MINUTE
from commands.staff.daily import staff_job
from commands.staff.reachable import reachable_people, unreachable
from commands.world import World
from storage.tables import DoneJob, Identity, Person
from tests.commands.harness import Desk
from tests.commands.instants import amsterdam
from tests.commands.morning import open_desk

STILL = "Nog steeds bij jullie?"
ONE = "Jullie hebben 1 aanspreekpunt."
NINE = amsterdam(2026, 7, 11, 9, 5)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """Everybody was confirmed when they came in; the contact points know that they are alone."""
    async with open_desk(tmp_path) as desk:
        desk.time[0] = NINE
        async with desk.store.unit() as unit:
            for person in (await unit.session.exec(select(Person))).all():
                person.confirmed_at = NINE
            for partner in ("vt", "om", "politie", "rvdk"):
                far = NINE + 300 * DAY
                unit.session.add(DoneJob(job=f"one_contact:{partner}", period="last", done_at=far))
        yield desk
        desk.nothing_unexpected()


async def morning(desk: Desk, days: float = 0) -> bool:
    """It is nine o'clock so many days later."""
    desk.time[0] += int(days * DAY)
    async with desk.store.unit() as unit:
        done = await staff_job(unit, desk.world)
    await desk.settle()
    return done


async def only(desk: Desk, *keys: str) -> None:
    """Just these are due; all others were confirmed this year's last day."""
    async with desk.store.unit() as unit:
        found = await unit.session.exec(select(Person).where(col(Person.key).not_in(keys)))
        for person in found.all():
            person.confirmed_at = NINE + 400 * DAY


async def person(desk: Desk, key: str) -> Person:
    async with desk.store.view() as unit:
        return (await unit.session.exec(select(Person).where(Person.key == key))).one()


async def why(desk: Desk, key: str) -> str:
    async with desk.store.view() as unit:
        return (await reachable_people(unit, desk.world))[key].why


# ---- reconfirmation


async def test_asked_after_83_days_in_one_message_and_only_once(desk: Desk) -> None:
    await only(desk, "om_ovj1", "om_ovj2")
    assert await morning(desk, 82)
    desk["om_ap"].lacks(STILL)
    await morning(desk, 1)
    question = desk["om_ap"].expects(STILL, loud=False)
    assert question.text.splitlines()[1:3] == [
        "officier van justitie 1, bevestigd tot vr 9 oktober",
        "officier van justitie 2, bevestigd tot vr 9 oktober",
    ]
    assert "3️⃣ Allemaal ja" in question.text
    for key in ("vt_ap", "om_ovj1", "coordinator", "beheerder"):
        desk[key].lacks(STILL)
    await morning(desk, 1)
    assert len([each for each in desk["om_ap"].screen() if STILL in each.text]) == 1


async def test_one_by_one_or_all_at_once(desk: Desk) -> None:
    await only(desk, "om_ovj1", "om_ovj2", "rvdk_contact1", "rvdk_contact2")
    await morning(desk, 83)
    question = desk["om_ap"].expects(STILL)
    await desk["om_ap"].taps("1️⃣", question)
    assert "officier van justitie 1" not in question.text
    assert (await person(desk, "om_ovj1")).confirmed_at == desk.now
    await desk["om_ap"].taps("1️⃣", question)
    assert question.text.startswith("Goed. Iedereen is bevestigd tot")
    other = desk["rvdk_ap"].expects(STILL)
    await desk["rvdk_ap"].taps("3️⃣", other)
    assert other.text.startswith("Goed. Iedereen is bevestigd tot")
    assert (await person(desk, "rvdk_contact2")).confirmed_at == desk.now
    assert (await person(desk, "om_ovj2")).confirmed_at == desk.now


async def test_unanswered_the_person_and_the_coordinator_hear_it_and_nobody_is_locked_out(
    desk: Desk,
) -> None:
    await only(desk, "om_ovj1", "vt_fo")
    await morning(desk, 83)
    desk.expect_so_far()
    await morning(desk, 7)
    assert len([each for each in desk["om_ap"].screen() if STILL in each.text]) == 1, "afresh"
    desk["om_ap"].expects("officier van justitie 1, niet meer bevestigd sinds")
    desk["vt_ap"].expects("VT frontoffice, niet meer bevestigd sinds")
    desk["om_ovj1"].expects("Je wordt gewoon opgeroepen.")
    desk["vt_fo"].expects("Je wordt gewoon opgeroepen.")
    desk["coordinator"].expects("OM: 1 persoon is na 90 dagen nog niet bevestigd.")
    desk["coordinator"].expects("VT: 1 persoon is na 90 dagen nog niet bevestigd.")
    await morning(desk, 7)
    assert await why(desk, "om_ovj1") == "unconfirmed"
    desk.expect_so_far()
    await morning(desk, 7)
    desk["om_ap"].expects("niet meer bevestigd sinds")
    desk.expect_so_far()
    await desk["vt_fo"].says("alarm skm spoed Centrum")
    await desk["vt_fo"].taps("1️⃣")
    desk["om_ovj1"].expects("🔴 Alarm", loud=True)
    desk.expect_so_far()


async def test_nobody_confirms_themselves_where_somebody_else_can(desk: Desk) -> None:
    async with desk.store.unit() as unit:
        found = await unit.session.exec(select(Person).where(Person.key == "om_ovj1"))
        found.one().roles = "duty contact_point"
    await only(desk, "om_ap", "rvdk_ap")
    await morning(desk, 83)
    desk["om_ap"].lacks(STILL)
    question = desk["om_ovj1"].expects(STILL)
    await desk["om_ovj1"].taps("2️⃣", question)
    alone = desk["rvdk_ap"].expects("RvdK aanspreekpunt, bevestigd tot")
    await desk["rvdk_ap"].taps("1️⃣", alone)
    assert (await person(desk, "rvdk_ap")).confirmed_at == desk.now
    assert (await person(desk, "om_ap")).confirmed_at == desk.now
    desk.expect_so_far()


async def test_who_has_no_date_begins_to_count(desk: Desk) -> None:
    async with desk.store.unit() as unit:
        found = await unit.session.exec(select(Person).where(Person.key == "om_ovj1"))
        found.one().confirmed_at = None
    await morning(desk)
    assert (await person(desk, "om_ovj1")).confirmed_at == desk.now


# ---- once a day, at work


async def test_once_a_day_and_only_in_the_morning(desk: Desk) -> None:
    desk.time[0] = NINE - 10 * MINUTE
    assert not await morning(desk)
    desk.time[0] = NINE
    assert await morning(desk)
    assert not await morning(desk)
    desk.time[0] = NINE + 4 * HOUR
    assert not await morning(desk, 1)


async def test_a_second_contact_point_is_asked_for_once_a_month(desk: Desk) -> None:
    async with desk.store.unit() as unit:
        for row in (await unit.session.exec(select(DoneJob))).all():
            if row.job.startswith("one_contact"):
                await unit.session.delete(row)
        found = await unit.session.exec(select(Person).where(Person.key == "vt_gw1"))
        found.one().roles = "contact_point duty melder"
    await morning(desk)
    for key in ("om_ap", "politie_ap", "rvdk_ap"):
        desk[key].expects(ONE, loud=False)
    desk["vt_ap"].lacks(ONE)
    await morning(desk, 1)
    assert len([each for each in desk["om_ap"].screen() if ONE in each.text]) == 1


# ---- the test


async def proven(desk: Desk, key: str, at: int) -> None:
    async with desk.store.unit() as unit:
        found = await unit.session.exec(select(Identity).join(Person).where(Person.key == key))
        found.one().proven_at = at


async def test_a_week_before_a_test_expires(desk: Desk) -> None:
    await proven(desk, "om_ovj1", NINE)  # on the roster
    await proven(desk, "om_ap", NINE)  # not on it
    await proven(desk, "vt_fo", NINE)  # never paged
    await morning(desk, 22)
    desk["om_ovj1"].lacks("Je test geldt tot")
    await morning(desk, 1)
    mine = desk["om_ovj1"].expects("Je test geldt tot ma 10 augustus.", loud=False)
    desk["om_ap"].expects("Je test geldt tot ma 10 augustus.")
    told = desk["om_ap"].expects("Staat binnen 14 dagen in het rooster.", loud=False)
    assert "De test van officier van justitie 1 geldt tot ma 10 augustus." in told.text
    await morning(desk, 1)
    assert len([each for each in desk["om_ovj1"].screen() if "Je test geldt" in each.text]) == 1
    await desk["om_ovj1"].taps("1️⃣", mine)
    await desk["om_ovj1"].taps("✅", desk["om_ovj1"].expects("TEST, geen echt alarm", loud=True))
    await morning(desk, 10)
    assert len([each for each in desk["om_ovj1"].screen() if "Je test geldt" in each.text]) == 1
    desk.expect_so_far()


# ---- one definition of reachable


async def test_reachable_is_in_the_chat_and_tested_within_thirty_days(desk: Desk) -> None:
    assert await why(desk, "om_ovj1") == "no_test"
    await proven(desk, "om_ovj1", desk.now)
    assert await why(desk, "om_ovj1") == "tested"
    desk.time[0] += TEST_HOLDS_MS - 1
    assert await why(desk, "om_ovj1") == "tested"
    desk.time[0] += 1
    assert await why(desk, "om_ovj1") == "test_old"
    async with desk.store.unit() as unit:
        found = await unit.session.exec(
            select(Identity).join(Person).where(Person.key == "om_ovj1")
        )
        found.one().joined_at = None
    assert await why(desk, "om_ovj1") == "no_chat"
    desk.world = World(desk.world.region, desk.world.protocols, {"om_ovj1": ("sms",)})
    assert await why(desk, "om_ovj1") == "fallback"
    async with desk.store.view() as unit:
        reach = await reachable_people(unit, desk.world)
        assert unreachable(reach, ["om_ovj1", "om_ovj2", "who_left"]) == ["om_ovj2", "who_left"]


async def test_who_blocked_us_on_telegram_is_told_apart(desk: Desk) -> None:
    async with desk.store.unit() as unit:
        found = await unit.session.exec(
            select(Identity).join(Person).where(Person.key == "om_ovj1")
        )
        identity = found.one()
        identity.channel, identity.address, identity.joined_at = "telegram", "5001", None
        identity.direct_room = "5001"
    assert await why(desk, "om_ovj1") == "left_chat"
