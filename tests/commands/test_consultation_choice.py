"""Nothing fits, somebody cannot, a new time: people choose."""

import json
from pathlib import Path

import pytest
from icalendar import Calendar
from sqlmodel import col, select

from storage.tables import Case, Tap, TimerRow
from tests.commands.consultation_scene import (
    ASK,
    ASKED,
    FIVE,
    ON_DUTY,
    alarm,
    begins,
    choices,
    desk,  # noqa: F401  (a fixture)
    fixed,
    measured,
    question,
    raised,
    reference_of,
    rows,
    voting,
)
from tests.commands.harness import Desk, Shown
from tests.commands.instants import amsterdam
from tests.commands.morning import open_desk


@begins(voting)
async def test_non_voters_are_asked_again_then_one_person_chooses(desk: Desk) -> None:
    reference = reference_of(desk)
    for key in ("vt_gw1", "om_ovj1"):
        await desk[key].taps("2️⃣")
    first = question(desk, "politie_cvd1")
    await desk.advance(10)
    again = desk["politie_cvd1"].expects("je koos nog geen tijd", loud=True)
    assert again.buttons == FIVE
    assert first.buttons == ()
    desk["om_ovj1"].lacks("je koos nog geen tijd")
    await desk["politie_cvd1"].taps("2️⃣")
    assert again.text.startswith("Jij kunt: 17:00. Wacht nog op: RvdK.")
    await desk.advance(10)
    choice = desk["vt_fo"].expects("Nog geen keuze van: RvdK.", loud=True)
    assert "1: 17:00, waarnemer voor RvdK. 2: 19:00, 20 min te laat." in choice.text
    assert choice.buttons == ("1️⃣", "2️⃣", "3️⃣")
    await desk["vt_fo"].taps("1️⃣", choice)
    assert (await rows(desk))[0].fixed_at == amsterdam(2026, 7, 10, 17)
    assert choice.text.startswith("Gekozen: vr 17:00.")
    assert not choice.buttons
    desk["rvdk_contact1"].expects(f"Overleg {reference}: vr 17:00", loud=True)
    desk.expect_so_far()


async def nothing_fits(desk: Desk) -> None:
    """OM cannot at the time of the others."""
    await voting(desk)
    for key in ("vt_gw1", "politie_cvd1", "rvdk_contact1"):
        await desk[key].taps("1️⃣")
    await desk["om_ovj1"].taps("❌")


def no_time_fits(desk: Desk) -> Shown:
    """The message with the choice."""
    return desk["vt_fo"].expects("Geen tijd past voor iedereen.", loud=True)


@begins(nothing_fits)
async def test_nothing_fits_and_the_initiator_chooses(desk: Desk) -> None:
    choice = no_time_fits(desk)
    assert "1: 16:30, waarnemer voor OM. 2: 19:00, 20 min te laat. 3: nu" in choice.text
    assert question(desk, "politie_cvd1").text.startswith("Jij kunt: 16:30. Iedereen koos.")
    assert question(desk, "om_ovj1").text.startswith("Niets past jou. Iedereen koos.")
    await desk["vt_fo"].taps("2️⃣", choice)
    assert (await rows(desk))[0].fixed_at == amsterdam(2026, 7, 10, 19)
    assert await measured(desk) == ["consultation_late"]
    desk.expect_so_far()


@begins(nothing_fits)
async def test_the_choice_is_asked_once_and_a_late_vote_makes_it_needless(desk: Desk) -> None:
    choice = no_time_fits(desk)
    count = len(desk["vt_fo"].screen())
    await desk["om_ovj1"].says("3")
    assert len(desk["vt_fo"].screen()) == count
    await desk["om_ovj1"].says("1")
    assert choice.text.startswith("Gekozen: vr 16:30.")
    assert (await rows(desk))[0].fixed_at == amsterdam(2026, 7, 10, 16, 30)
    desk.expect_so_far()


@begins(nothing_fits)
async def test_a_choice_that_stood_too_long_is_asked_anew(desk: Desk) -> None:
    choice = no_time_fits(desk)
    await desk.advance(40)
    await desk["vt_fo"].taps("1️⃣", choice)
    assert (await rows(desk))[0].state == "voting"
    assert "16:30" not in choice.text
    await desk["vt_fo"].taps("3️⃣" if "3️⃣" in choice.buttons else "2️⃣", choice)
    assert (await rows(desk))[0].fixed_at == desk.now
    desk.expect_so_far()


@begins(nothing_fits)
async def test_only_whoever_leads_may_choose(desk: Desk) -> None:
    choice = no_time_fits(desk)
    await desk.update("tap", choice.room, desk["om_ovj1"].address, text="3️⃣", about=choice.event_id)
    assert (await rows(desk))[0].state == "voting"
    desk.expect_so_far()


@begins(voting)
async def test_the_case_lead_chooses_instead_of_the_initiator(desk: Desk) -> None:
    async with desk.store.unit() as unit:
        (await unit.session.exec(select(Case).where(Case.state == "open"))).one().lead = "politie"
    for key in ("vt_gw1", "rvdk_contact1", "politie_cvd1"):
        await desk[key].taps("1️⃣")
    await desk["om_ovj1"].taps("❌")
    desk["politie_cvd1"].expects("Geen tijd past voor iedereen.", loud=True)
    desk["vt_fo"].lacks("Geen tijd past voor iedereen.")
    desk.expect_so_far()


# ---- at somebody's word


@begins(alarm)
async def test_the_initiator_begins_early_and_it_waits_for_who_is_still_called(
    desk: Desk,
) -> None:
    await desk["vt_gw1"].taps("✅")
    await desk["om_ovj1"].taps("✅")
    await desk["om_ovj1"].says("overleg")
    desk["om_ovj1"].expects("De melder of de regie kan nu al beginnen.")
    assert await rows(desk) == []
    await desk["vt_fo"].says("overleg")
    desk["vt_fo"].expects(ASK, loud=False)
    desk["om_ovj1"].expects(ASK, loud=True)
    for key in ("vt_gw1", "om_ovj1"):
        await desk[key].taps("1️⃣")
    assert question(desk, "om_ovj1").text.startswith("Jij kunt: 16:30. Wacht nog op: politie, RvdK")
    await desk["politie_cvd1"].taps("✅")
    desk["politie_cvd1"].expects(ASK, loud=True)
    desk.expect_so_far()


@begins(voting)
async def test_overleg_again_repeats_the_question_to_non_voters(desk: Desk) -> None:
    await desk["om_ovj1"].taps("1️⃣")
    await desk["om_ovj1"].says("overleg")
    desk["om_ovj1"].expects("Wacht nog op: VT, politie, RvdK.")
    for key in ("vt_fo", "vt_gw1", "politie_cvd1", "rvdk_contact1"):
        desk[key].expects("je koos nog geen tijd", loud=True)
    desk["om_ovj1"].lacks("je koos nog geen tijd")
    assert len(await rows(desk)) == 1
    desk.expect_so_far()


@pytest.mark.parametrize("typed", [True, False])
@begins(alarm)
async def test_overleg_now(desk: Desk, typed: bool) -> None:
    reference = reference_of(desk)
    await desk["vt_gw1"].taps("✅")
    await desk["om_ovj1"].taps("✅")
    if typed:
        await desk["vt_fo"].says("overleg nu")
    else:
        headline = next(e for e in desk["vt_fo"].screen() if e.buttons == ("✅", "❌"))
        await desk["vt_fo"].taps("✅", headline)
    desk["vt_fo"].expects(f"Overleg {reference} is nu.", loud=False)
    desk["om_ovj1"].expects(f"Overleg {reference} is nu.", loud=True)
    assert len(desk.files) == 1
    await desk["politie_cvd1"].taps("✅")
    desk["politie_cvd1"].expects(f"Overleg {reference} is nu.", loud=True)
    desk.expect_so_far()


@begins(voting)
async def test_talk_in_the_room_is_not_a_command(desk: Desk) -> None:
    await desk["om_ovj1"].says("overleg loopt vast uit", desk.case_room())
    assert len(await rows(desk)) == 1
    desk["om_ovj1"].lacks("Schrijf: overleg", desk.case_room())
    await desk["om_ovj1"].says("overleg morgen")
    desk["om_ovj1"].expects("Schrijf: overleg")


@begins(fixed)
async def test_a_new_time_takes_the_place_of_the_fixed_one(desk: Desk) -> None:
    reference = reference_of(desk)
    room = desk.case_room()
    [old] = await rows(desk)
    await desk["om_ovj1"].says("overleg")
    answer = desk["om_ovj1"].expects(f"Overleg {reference} staat al vast: vr 16:30.")
    await desk["om_ovj1"].taps("1️⃣", answer)
    old, new = await rows(desk)
    assert (old.state, new.state) == ("replaced", "voting")
    assert old.secret != new.secret
    desk["politie_cvd1"].expects(ASK, loud=True)
    desk["om_ovj1"].expects("Deze tijd vervalt.", room)
    assert all(old.secret not in each.text for each in desk["om_ovj1"].screen(room))
    async with desk.store.view() as unit:
        live = await unit.session.exec(
            select(TimerRow.subject).where(
                TimerRow.state == "live", col(TimerRow.kind).startswith("consult_")
            )
        )
        assert set(live) == {f"consultation:{new.id}"}
    for key in ON_DUTY:
        await desk[key].taps("2️⃣")
    sequences = []
    for file in desk.files:
        [event] = Calendar.from_ical(file.content).walk("VEVENT")
        sequences.append((str(event["uid"]), str(event["sequence"])))
    assert [number for _, number in sequences] == ["0", "1"]
    assert len({uid for uid, _ in sequences}) == 1
    desk.expect_so_far()


@begins(fixed)
async def test_who_cannot_after_all_says_so_and_the_initiator_decides(desk: Desk) -> None:
    reference = reference_of(desk)
    await desk["om_ovj1"].taps("❌")
    desk["om_ovj1"].expects("Genoteerd: OM kan toch niet.", desk.case_room(), loud=False)
    desk["om_ovj1"].expects("Genoteerd: OM kan toch niet.")
    asked = desk["vt_fo"].expects(f"OM kan toch niet bij overleg {reference}.", loud=True)
    await desk["vt_fo"].taps("❌", asked)
    assert asked.text.startswith("Goed. Het overleg blijft vr 16:30.")
    assert [each.state for each in await rows(desk)] == ["fixed"]
    await desk["vt_fo"].taps("❌")
    asked = desk["vt_fo"].expects("VT kan toch niet")
    await desk["vt_fo"].taps("✅", asked)
    assert [each.state for each in await rows(desk)] == ["replaced", "voting"]
    desk.expect_so_far()


@begins(fixed)
async def test_another_overleg_of_the_same_people_is_kept_free(desk: Desk) -> None:
    await desk["vt_fo"].says("alarm skm Noord")
    await desk["vt_fo"].taps("1️⃣")
    desk.expect_so_far()
    for key in ON_DUTY:
        await desk[key].taps("✅")
    slots = json.loads((await rows(desk))[-1].slots)
    assert slots[0] == amsterdam(2026, 7, 10, 17, 30)
    desk.expect_so_far()


# ---- the case is over


@begins(voting)
async def test_a_vote_in_a_withdrawn_case_changes_nothing(desk: Desk) -> None:
    asked = question(desk, "om_ovj1")
    async with desk.store.unit() as unit:
        (
            await unit.session.exec(select(Case).where(Case.state == "open"))
        ).one().state = "withdrawn"
    await desk["om_ovj1"].taps("1️⃣", asked)
    assert asked.text.startswith("Dit is voorbij. Nu: ingetrokken.")
    assert asked.buttons == ()
    assert await choices(desk) == [""] * 5
    await desk.advance(60)
    for key in ASKED:
        desk[key].lacks("je koos nog geen tijd")
        desk[key].lacks("Nog geen keuze")
    desk.expect_so_far()


@begins(voting)
async def test_a_vote_taken_back_too_late_changes_nothing(desk: Desk) -> None:
    reactions = [await desk[key].taps("1️⃣") for key in ON_DUTY]
    await desk["om_ovj1"].untaps(reactions[1])
    assert [each.state for each in await rows(desk)] == ["fixed"]
    assert (await choices(desk)).count("1") == 4
    async with desk.store.view() as unit:
        assert len((await unit.session.exec(select(Tap))).all()) == 3
    desk.expect_so_far()


async def test_without_urgency_nobody_meets_at_night(tmp_path: Path) -> None:
    evening = amsterdam(2026, 7, 10, 19, 45)
    async with open_desk(tmp_path, now=evening) as desk:
        await raised(desk, "2️⃣")
        for key in ON_DUTY:
            await desk[key].taps("✅")
        slots = json.loads((await rows(desk))[0].slots)
        assert slots[0] == amsterdam(2026, 7, 11, 8)
