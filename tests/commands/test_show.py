"""What people may look up: who is on duty, and how a case stands."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import select

from commands.rules.moments import HOUR
from storage.tables import AccessEntry, Case, Duty, Identity, Person
from tests.commands.harness import Desk
from tests.commands.morning import open_desk

ROSTER = """\
Nu (vr 15:40)
VT: de hele week, achterwacht ja
OM: de hele week, achterwacht ja
Politie: de hele week, achterwacht ja
RvdK: tot 22:00, daarna niemand"""


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path) as desk:
        yield desk
        desk.nothing_unexpected()


async def alarm(desk: Desk) -> str:
    """VT raises one; returns its reference. What came of it so far is expected."""
    await desk["vt_fo"].says("alarm skm Centrum")
    await desk["vt_fo"].taps("1️⃣")
    desk.expect_so_far()
    return next(name for name, room in desk.rooms_named.items() if room == desk.case_room())


async def logged(desk: Desk, action: str) -> list[tuple[str, str, str]]:
    """Who did this, with what, by which right."""
    async with desk.store.view() as unit:
        found = await unit.session.exec(
            select(AccessEntry.person, AccessEntry.what, AccessEntry.right).where(
                AccessEntry.action == action
            )
        )
        return list(found)


def last(desk: Desk, key: str, room: str | None = None) -> str:
    """The newest message on this screen, as expected."""
    message = desk[key].screen(room)[-1]
    message.expected = True
    return message.text


# ---- dienst


@pytest.mark.parametrize(
    ("key", "own"),
    [
        ("rvdk_contact1", "\nJij: nu, tot 22:00"),
        ("rvdk_contact2", "\nJij: nu, de hele week"),
        ("vt_fo", ""),  # never on the roster
        ("coordinator", ""),
    ],
)
async def test_who_is_on_duty(desk: Desk, key: str, own: str) -> None:
    await desk[key].says("dienst")
    assert last(desk, key) == ROSTER + own


async def test_at_night_only_the_backup(desk: Desk) -> None:
    desk.time[0] += 8 * HOUR
    await desk["rvdk_contact1"].says("Dienst")
    text = last(desk, "rvdk_contact1")
    assert "RvdK: niemand in dienst tot za 08:00, achterwacht ja\nJij: za 08:00" in text


async def test_the_group_sees_no_own_duty(desk: Desk) -> None:
    group = desk.rooms_named["Regio Lage Dijk"]
    await desk["rvdk_contact1"].says("dienst", group)
    assert last(desk, "rvdk_contact1", group) == ROSTER
    desk["rvdk_contact1"].lacks("Nu (")


async def test_who_cannot_be_called_is_not_on_duty(desk: Desk) -> None:
    async with desk.store.unit() as unit:
        found = await unit.session.exec(
            select(Identity).join(Person).where(Person.key == "om_ovj2")
        )
        await unit.session.delete(found.one())
        left = await unit.session.exec(select(Person).where(Person.key == "politie_cvd1"))
        left.one().active = False
    await desk["vt_fo"].says("dienst")
    text = last(desk, "vt_fo")
    assert "OM: de hele week, achterwacht nee" in text
    assert "Politie: niemand in dienst, achterwacht ja" in text


async def test_no_roster_at_all(desk: Desk) -> None:
    async with desk.store.unit() as unit:
        for duty in await unit.session.exec(select(Duty)):
            await unit.session.delete(duty)
    await desk["om_ovj1"].says("dienst")
    text = last(desk, "om_ovj1")
    assert text.count("niemand in dienst, achterwacht nee") == 4
    assert text.endswith("\nJij: geen dienst")


async def test_a_change_of_backup_is_no_end_of_duty(desk: Desk) -> None:
    async with desk.store.unit() as unit:
        unit.session.add(
            Duty(
                region_id="lage-dijk",
                partner="om",
                function="ovj",
                weekdays="0123456",
                start="17:00",
                end="18:00",
                turns='[["om_ovj1", null]]',
            )
        )
    await desk["vt_fo"].says("dienst")
    assert "OM: de hele week, achterwacht ja" in last(desk, "vt_fo")


# ---- stand


async def test_a_member_sees_the_headline_in_the_own_chat(desk: Desk) -> None:
    reference = await alarm(desk)
    await desk["vt_fo"].says("stand")
    text = last(desk, "vt_fo")
    assert text.startswith(f"🔴 {reference} · strafbare kindermishandeling · Centrum · spoed\n")
    assert text.endswith("Stand 15:40")
    assert ("vt_fo", "case", "member") in await logged(desk, "read")


async def test_in_the_room_the_headline_comes_back_at_the_bottom(desk: Desk) -> None:
    reference = await alarm(desk)
    await desk["om_ovj1"].taps("✅")
    desk.expect_so_far()
    room = desk.case_room()
    desk.time[0] += 60_000
    for words in ("stand", "/status", "Stand"):
        await desk["vt_fo"].says("hulp", room)
        desk["vt_fo"].expects("Wat kan hier:", room)
        await desk["vt_fo"].says(words, room)
        headlines = [
            each for each in desk["vt_fo"].screen(room) if each.text.startswith(f"🔴 {reference}")
        ]
        assert headlines == desk["vt_fo"].screen(room)[-1:], "one, and the last"
        assert "1 van 4 opgepakt" in headlines[0].text
        assert headlines[0].text.endswith("Stand 15:41")
        assert not headlines[0].loud
        headlines[0].expected = True
    await desk["politie_cvd1"].taps("✅")
    desk["vt_fo"].expects("2 van 4 opgepakt", room)
    desk.expect_so_far()


async def test_who_was_called_sees_how_far_it_is(desk: Desk) -> None:
    reference = await alarm(desk)
    await desk["rvdk_contact1"].says("stand")
    text = last(desk, "rvdk_contact1")
    assert text.startswith(f"🔴 {reference} · ")
    assert "0 van 4 opgepakt" in text
    assert ("rvdk_contact1", "progress", "called") in await logged(desk, "read")


async def passed_over(desk: Desk) -> str:
    """All have taken it; at the police the backup, because the first one was silent."""
    reference = await alarm(desk)
    for key in ("vt_gw1", "om_ovj1", "rvdk_contact1"):
        await desk[key].taps("✅")
    await desk.advance(6)
    await desk["politie_cvd2"].taps("✅")
    desk.expect_so_far()
    return reference


async def test_who_was_called_sees_nothing_of_agreements_and_lead(desk: Desk) -> None:
    await passed_over(desk)
    await desk["politie_cvd1"].says("stand")
    text = last(desk, "politie_cvd1")
    assert "4 van 4 opgepakt" in text
    assert "Politie: opgepakt 15:46 (achterwacht)" in text
    assert "Regie" not in text
    await desk["vt_gw1"].says("stand")
    assert "Regie: nog niemand." in last(desk, "vt_gw1")


async def test_after_closing_only_members_see_the_outcome(desk: Desk) -> None:
    reference = await passed_over(desk)
    async with desk.store.unit() as unit:
        case = (await unit.session.exec(select(Case).where(Case.reference == reference))).one()
        case.state, case.closed_at, case.outcome = "closed", unit.now, "plan"
    await desk["politie_cvd1"].says(f"stand {reference.lower()}")
    assert last(desk, "politie_cvd1") == f"{reference} is gesloten (15:46)."
    await desk["politie_cvd2"].says("stand")
    assert "samen plan gemaakt" in last(desk, "politie_cvd2")


@pytest.mark.parametrize("words", ["stand", "stand {reference}"])
async def test_who_declined_has_given_it_away(desk: Desk, words: str) -> None:
    reference = await alarm(desk)
    await desk["politie_cvd1"].taps("❌")
    desk.expect_so_far()
    await desk["politie_cvd1"].says(words.format(reference=reference))
    assert last(desk, "politie_cvd1") == "Je hebt geen open casus."
    assert ("politie_cvd1", "status", "none") in await logged(desk, "refuse")


@pytest.mark.parametrize("key", ["coordinator", "beheerder", "om_ovj2", "om_ap"])
async def test_a_reference_is_no_key(desk: Desk, key: str) -> None:
    reference = await alarm(desk)
    await desk[key].says(f"stand {reference}")
    text = last(desk, key)
    assert reference not in text
    assert text == "Je hebt geen open casus."
