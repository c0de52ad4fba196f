"""The overleg: a time by votes, one voter per partner; link and calendar file when it is fixed."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from icalendar import Calendar
from sqlmodel import col, select

from commands.rules.moments import HOUR
from storage.tables import Case, Consultation, Measure, Tap, TimerRow, Vote
from tests.commands.harness import Desk, Shown
from tests.commands.instants import amsterdam
from tests.commands.morning import open_desk

ON_DUTY = ("vt_gw1", "om_ovj1", "politie_cvd1", "rvdk_contact1")
ASKED = ("vt_fo", *ON_DUTY)
ASK = "Wanneer kun je?"
FIVE = ("1️⃣", "2️⃣", "3️⃣", "4️⃣", "❌")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path) as desk:
        yield desk
        desk.nothing_unexpected()


async def alarm(desk: Desk, kind: str = "1️⃣") -> str:
    """VT raises one at 15:40; returns its reference."""
    await desk["vt_fo"].says("alarm skm Centrum")
    await desk["vt_fo"].taps(kind)
    desk.expect_so_far()
    return next(name for name, room in desk.rooms_named.items() if room == desk.case_room())


async def voting(desk: Desk) -> str:
    """All four took it by 15:53, and are asked; returns the reference."""
    reference = await alarm(desk)
    for key in ON_DUTY[:3]:
        await desk[key].taps("✅")
    await desk.advance(4)
    await desk["rvdk_contact1"].reads()
    await desk.advance(9)
    await desk["rvdk_contact1"].taps("✅")
    desk.expect_so_far()
    return reference


async def fixed(desk: Desk) -> str:
    """16:30 fits everybody; the frontoffice did not vote. Returns the reference."""
    reference = await voting(desk)
    for key in ON_DUTY:
        await desk[key].taps("1️⃣")
    desk.expect_so_far()
    return reference


def question(desk: Desk, key: str) -> Shown:
    """The message with the vote, as it stands."""
    return next(each for each in reversed(desk[key].screen()) if each.buttons == FIVE)


async def rows(desk: Desk) -> list[Consultation]:
    """Every overleg, oldest first."""
    async with desk.store.view() as unit:
        found = await unit.session.exec(select(Consultation).order_by(col(Consultation.id)))
        planned = list(found)
        unit.session.expunge_all()
        return planned


async def choices(desk: Desk) -> list[str]:
    """What was chosen, in the order of asking."""
    async with desk.store.view() as unit:
        return list(await unit.session.exec(select(Vote.choices).order_by(col(Vote.id))))


async def measured(desk: Desk) -> list[str]:
    """The kinds of counts about an overleg."""
    async with desk.store.view() as unit:
        found = await unit.session.exec(select(Measure.kind).order_by(col(Measure.id)))
        return [kind for kind in found if kind.startswith("consultation")]


# ---- asking


async def test_everybody_is_asked_when_the_last_one_takes_it(desk: Desk) -> None:
    await alarm(desk)
    for key in ON_DUTY[:3]:
        await desk[key].taps("✅")
        desk.expect_so_far()
    for key in ASKED:
        desk[key].lacks(ASK)
    await desk.advance(1)
    await desk["rvdk_contact1"].taps("✅")
    for key in ASKED:
        asked = desk[key].expects(ASK, loud=True)
        assert asked.text.startswith("📞 Overleg "), asked.text
        assert "Uiterlijk 18:40." in asked.text
        assert asked.buttons == FIVE
        assert "1️⃣ 16:30, 2️⃣ 17:00, 3️⃣ 17:30, 4️⃣ Nu, ❌ Niets past" in asked.text
    desk.expect_so_far()


async def test_a_chain_that_ended_does_not_hold_up_the_others(desk: Desk) -> None:
    await alarm(desk)
    for key in ON_DUTY[:3]:
        await desk[key].taps("✅")
    for key in ("rvdk_contact1", "rvdk_contact2", "rvdk_ap"):
        desk[key].lacks(ASK)
        await desk[key].taps("❌")
    desk["om_ovj1"].expects(ASK, loud=True)
    desk["rvdk_contact1"].lacks(ASK)
    desk.expect_so_far()


async def test_nobody_is_asked_to_meet_alone(desk: Desk) -> None:
    await alarm(desk)
    await desk["vt_gw1"].taps("✅")
    for key in ("om_ovj", "politie_cvd", "rvdk_contact"):
        for person in (f"{key}1", f"{key}2", f"{key.partition('_')[0]}_ap"):
            await desk[person].taps("❌")
    assert await rows(desk) == []
    await desk["vt_fo"].says("overleg")
    desk["vt_fo"].expects("nog niemand om mee te overleggen")
    await desk["vt_fo"].says("overleg nu")
    assert await rows(desk) == []
    desk.expect_so_far()


async def test_who_takes_it_later_is_asked_too(desk: Desk) -> None:
    await alarm(desk)
    for key in ON_DUTY[:3]:
        await desk[key].taps("✅")
    await desk.advance(30)  # nobody of RvdK gives a sign
    await desk["om_ovj1"].taps("1️⃣")
    desk["om_ovj1"].expects("Wacht nog op: VT, politie.")
    await desk["rvdk_contact1"].taps("✅")
    desk["rvdk_contact1"].expects(ASK, loud=True)
    desk["om_ovj1"].expects("Wacht nog op: VT, politie, RvdK.")
    desk.expect_so_far()


async def test_who_takes_the_yes_back_drops_out_and_is_waited_for_again(desk: Desk) -> None:
    await voting(desk)
    for key in ("vt_gw1", "om_ovj1", "politie_cvd1"):
        await desk[key].taps("1️⃣")
    await desk["rvdk_contact1"].says("kan niet")
    desk["rvdk_contact1"].expects("Je hoeft niets te doen.")
    assert not any(each.buttons == FIVE for each in desk["rvdk_contact1"].screen())
    assert [each.state for each in await rows(desk)] == ["voting"]  # RvdK is called again
    await desk["rvdk_contact2"].taps("✅")
    await desk["rvdk_contact2"].taps("2️⃣")
    await desk["rvdk_contact2"].taps("1️⃣")
    assert [each.state for each in await rows(desk)] == ["fixed"]
    desk.expect_so_far()


# ---- voting


async def test_votes_add_up_and_the_message_says_so(desk: Desk) -> None:
    await voting(desk)
    asked = question(desk, "om_ovj1")
    await desk["om_ovj1"].taps("2️⃣")
    await desk["om_ovj1"].taps("1️⃣")
    assert asked.text.startswith(
        "Jij kunt: 16:30, 17:00. Wacht nog op: VT, politie, RvdK. Wijzigen mag."
    )
    assert asked.buttons == FIVE
    await desk["om_ovj1"].taps("❌")
    assert asked.text.startswith("Niets past jou. Wacht nog op: VT, politie, RvdK.")
    await desk["om_ovj1"].taps("4️⃣")
    assert asked.text.startswith("Jij kunt: Nu.")
    await desk["politie_cvd1"].taps("1️⃣")
    assert "Wacht nog op: VT, RvdK." in asked.text  # an old list would lie


async def test_taking_a_reaction_away_takes_the_vote_back(desk: Desk) -> None:
    await voting(desk)
    om = desk["om_ovj1"]
    asked = question(desk, "om_ovj1")
    first, second = await om.taps("1️⃣"), await om.taps("2️⃣")
    await om.untaps(first)
    assert asked.text.startswith("Jij kunt: 17:00. ")
    nothing = await om.taps("❌")
    assert asked.text.startswith("Niets past jou.")
    await om.untaps(nothing)
    assert asked.text.startswith("Jij kunt: 17:00. ")  # its reaction still stands
    await om.untaps(second)
    assert ASK in asked.text
    await om.untaps(second)
    await om.untaps("$ander")
    assert await choices(desk) == [""] * 5


TYPED = {
    "1 2": "1 2",
    "16:30 en 17:30": "1 3",
    "4": "now",
    "nu": "now",
    "1 4": "1 now",
    "5": "none",
    "niets past": "none",
    "alles": "1 2 3",
}


async def test_typed_times_replace_what_was_chosen(desk: Desk) -> None:
    await voting(desk)
    reaction = await desk["om_ovj1"].taps("2️⃣")
    for typed, stored in TYPED.items():
        await desk["om_ovj1"].says(typed)
        assert [each for each in await choices(desk) if each] == [stored], typed
    await desk["om_ovj1"].untaps(reaction)  # words came later than the reaction
    assert [each for each in await choices(desk) if each] == ["1 2 3"]


async def test_a_typed_time_that_is_not_on_offer(desk: Desk) -> None:
    await voting(desk)
    await desk["om_ovj1"].says("19:15")
    desk["om_ovj1"].expects("Kies 1 tot 4.")
    assert await choices(desk) == [""] * 5


async def test_the_vote_of_one_is_not_in_the_hands_of_another(desk: Desk) -> None:
    await voting(desk)
    reaction = await desk["om_ovj1"].taps("1️⃣")
    await desk["politie_cvd1"].untaps(reaction)
    asked = question(desk, "om_ovj1")
    await desk.update(
        "tap", asked.room, desk["coordinator"].address, text="2️⃣", about=asked.event_id
    )
    assert [each for each in await choices(desk) if each] == ["1"]
    desk.expect_so_far()


# ---- a time is fixed


async def test_the_earliest_time_that_fits_one_of_every_partner(desk: Desk) -> None:
    reference = await voting(desk)
    room = desk.case_room()
    await desk["vt_gw1"].taps("1️⃣")
    await desk["om_ovj1"].says("16:30 17:00")
    await desk["politie_cvd1"].says("2 3")
    desk["politie_cvd1"].lacks("Overleg vr")
    await desk["rvdk_contact1"].says("alles")
    assert (await rows(desk))[0].state == "voting"  # nothing fits VT and politie
    await desk["vt_gw1"].taps("2️⃣")
    [planned] = await rows(desk)
    assert planned.fixed_at == amsterdam(2026, 7, 10, 17)
    said = desk["om_ovj1"].expects(f"📞 Overleg {reference}: vr 17:00 (over 67 min).", loud=True)
    assert said.edits
    assert said.buttons == ("❌",)
    in_room = desk["om_ovj1"].expects(f"Overleg {reference}: vr 17:00", room)
    assert "Link: https://" in in_room.text
    assert planned.secret in in_room.text
    assert not in_room.loud
    assert all(planned.secret not in each.text for each in desk.shown if each.room != room)
    desk["om_ovj1"].expects("Overleg vr 17:00, link hieronder.", room)
    desk.expect_so_far()


async def test_it_rings_only_for_who_did_not_vote(desk: Desk) -> None:
    reference = await voting(desk)
    before = {key: len(desk[key].screen()) for key in ASKED}
    for key in ON_DUTY:
        await desk[key].taps("1️⃣")
    for key in ON_DUTY:
        assert len(desk[key].screen()) == before[key], "an edit, nothing new"
    assert desk["vt_fo"].expects(f"Overleg {reference}: vr 16:30", loud=True).buttons == ("❌",)
    assert len(desk["vt_fo"].screen()) == before["vt_fo"] + 1
    assert not any(each.buttons == FIVE for each in desk.shown)
    assert await measured(desk) == ["consultation_in_time"]
    desk.expect_so_far()


async def test_the_calendar_file_tells_time_and_link_only(desk: Desk) -> None:
    reference = await fixed(desk)
    [planned] = await rows(desk)
    [file] = desk.files
    assert (file.name, file.media_type) == (f"overleg-{reference}.ics", "text/calendar")
    assert file.room == desk.case_room()
    calendar = Calendar.from_ical(file.content)
    [event] = calendar.walk("VEVENT")
    begins = datetime(2026, 7, 10, 14, 30, tzinfo=UTC)
    assert event.decoded("dtstart") == begins
    assert (event.decoded("dtend") - begins).total_seconds() == HOUR / 1000
    assert str(event["summary"]) == f"Overleg {reference}"
    assert planned.secret in str(event["url"])
    assert str(calendar["method"]) == "PUBLISH"
    assert set(event) == {"UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "URL"}


async def test_reminder_shortly_before_and_the_headline_says_when_it_runs(desk: Desk) -> None:
    reference = await fixed(desk)
    await desk.advance(27)
    for key in ASKED:
        reminder = desk[key].expects(f"⏰ Overleg {reference} om 16:30 (10 min).", loud=True)
        assert reminder.buttons == ("1️⃣",)
    await desk["om_ovj1"].taps("1️⃣")
    desk["om_ovj1"].expects("Genoteerd: OM komt later.", desk.case_room(), loud=False)
    desk["om_ovj1"].expects("Genoteerd: OM komt later.")
    await desk.advance(10)
    desk["om_ovj1"].expects("Overleg bezig sinds 16:30.", desk.case_room())
    desk.expect_so_far()


async def test_a_time_within_minutes_rings_for_everybody_at_once(desk: Desk) -> None:
    reference = await voting(desk)
    for key in ON_DUTY[:3]:
        await desk[key].taps("1️⃣")
    await desk.advance(30)
    desk.expect_so_far()
    await desk["rvdk_contact1"].taps("1️⃣")
    for key in ("vt_fo", "vt_gw1", "om_ovj1", "politie_cvd1"):
        desk[key].expects(f"Overleg {reference}: vr 16:30 (over 7 min)", loud=True)
    await desk.advance(8)
    for key in ASKED:
        desk[key].lacks("⏰ Overleg")
    desk.expect_so_far()


async def test_now_when_all_can_now(desk: Desk) -> None:
    reference = await voting(desk)
    for key in ON_DUTY:
        await desk[key].taps("4️⃣")
    desk["om_ovj1"].expects(f"Overleg {reference} is nu.", loud=True)
    desk["om_ovj1"].expects(f"Overleg {reference} is nu.", desk.case_room())
    desk["om_ovj1"].expects("Overleg bezig sinds 15:53.", desk.case_room())
    desk.expect_so_far()


async def test_who_comes_into_the_case_later_hears_the_time(desk: Desk) -> None:
    reference = await fixed(desk)
    await desk["rvdk_contact1"].says("kan niet")
    desk["rvdk_contact1"].expects("Je hoeft niets te doen.")
    await desk["rvdk_contact2"].taps("✅")
    desk["rvdk_contact2"].expects(f"Overleg {reference}: vr 16:30", loud=True)
    await desk.advance(27)
    desk["rvdk_contact2"].expects("⏰ Overleg")
    desk["rvdk_contact1"].lacks("⏰ Overleg")
    desk.expect_so_far()


# ---- nobody answers, nothing fits


async def test_non_voters_are_asked_again_then_one_person_chooses(desk: Desk) -> None:
    reference = await voting(desk)
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


async def nothing_fits(desk: Desk) -> Shown:
    """OM cannot at the time of the others; returns the message with the choice."""
    await voting(desk)
    for key in ("vt_gw1", "politie_cvd1", "rvdk_contact1"):
        await desk[key].taps("1️⃣")
    await desk["om_ovj1"].taps("❌")
    return desk["vt_fo"].expects("Geen tijd past voor iedereen.", loud=True)


async def test_nothing_fits_and_the_initiator_chooses(desk: Desk) -> None:
    choice = await nothing_fits(desk)
    assert "1: 16:30, waarnemer voor OM. 2: 19:00, 20 min te laat. 3: nu" in choice.text
    assert question(desk, "politie_cvd1").text.startswith("Jij kunt: 16:30. Iedereen koos.")
    assert question(desk, "om_ovj1").text.startswith("Niets past jou. Iedereen koos.")
    await desk["vt_fo"].taps("2️⃣", choice)
    assert (await rows(desk))[0].fixed_at == amsterdam(2026, 7, 10, 19)
    assert await measured(desk) == ["consultation_late"]
    desk.expect_so_far()


async def test_the_choice_is_asked_once_and_a_late_vote_makes_it_needless(desk: Desk) -> None:
    choice = await nothing_fits(desk)
    count = len(desk["vt_fo"].screen())
    await desk["om_ovj1"].says("3")
    assert len(desk["vt_fo"].screen()) == count
    await desk["om_ovj1"].says("1")
    assert choice.text.startswith("Gekozen: vr 16:30.")
    assert (await rows(desk))[0].fixed_at == amsterdam(2026, 7, 10, 16, 30)
    desk.expect_so_far()


async def test_a_choice_that_stood_too_long_is_asked_anew(desk: Desk) -> None:
    choice = await nothing_fits(desk)
    await desk.advance(40)
    await desk["vt_fo"].taps("1️⃣", choice)
    assert (await rows(desk))[0].state == "voting"
    assert "16:30" not in choice.text
    await desk["vt_fo"].taps("3️⃣" if "3️⃣" in choice.buttons else "2️⃣", choice)
    assert (await rows(desk))[0].fixed_at == desk.now
    desk.expect_so_far()


async def test_only_whoever_leads_may_choose(desk: Desk) -> None:
    choice = await nothing_fits(desk)
    await desk.update("tap", choice.room, desk["om_ovj1"].address, text="3️⃣", about=choice.event_id)
    assert (await rows(desk))[0].state == "voting"
    desk.expect_so_far()


async def test_the_case_lead_chooses_instead_of_the_initiator(desk: Desk) -> None:
    await voting(desk)
    async with desk.store.unit() as unit:
        (await unit.session.exec(select(Case).where(Case.state == "open"))).one().lead = "politie"
    for key in ("vt_gw1", "rvdk_contact1", "politie_cvd1"):
        await desk[key].taps("1️⃣")
    await desk["om_ovj1"].taps("❌")
    desk["politie_cvd1"].expects("Geen tijd past voor iedereen.", loud=True)
    desk["vt_fo"].lacks("Geen tijd past voor iedereen.")
    desk.expect_so_far()


# ---- at somebody's word


async def test_the_initiator_begins_early_and_it_waits_for_who_is_still_called(
    desk: Desk,
) -> None:
    await alarm(desk)
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


async def test_overleg_again_repeats_the_question_to_non_voters(desk: Desk) -> None:
    await voting(desk)
    await desk["om_ovj1"].taps("1️⃣")
    await desk["om_ovj1"].says("overleg")
    desk["om_ovj1"].expects("Wacht nog op: VT, politie, RvdK.")
    for key in ("vt_fo", "vt_gw1", "politie_cvd1", "rvdk_contact1"):
        desk[key].expects("je koos nog geen tijd", loud=True)
    desk["om_ovj1"].lacks("je koos nog geen tijd")
    assert len(await rows(desk)) == 1
    desk.expect_so_far()


@pytest.mark.parametrize("typed", [True, False])
async def test_overleg_now(desk: Desk, typed: bool) -> None:
    reference = await alarm(desk)
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


async def test_talk_in_the_room_is_not_a_command(desk: Desk) -> None:
    await voting(desk)
    await desk["om_ovj1"].says("overleg loopt vast uit", desk.case_room())
    assert len(await rows(desk)) == 1
    desk["om_ovj1"].lacks("Schrijf: overleg", desk.case_room())
    await desk["om_ovj1"].says("overleg morgen")
    desk["om_ovj1"].expects("Schrijf: overleg")


async def test_a_new_time_takes_the_place_of_the_fixed_one(desk: Desk) -> None:
    reference = await fixed(desk)
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


async def test_who_cannot_after_all_says_so_and_the_initiator_decides(desk: Desk) -> None:
    reference = await fixed(desk)
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


async def test_another_overleg_of_the_same_people_is_kept_free(desk: Desk) -> None:
    await fixed(desk)
    await desk["vt_fo"].says("alarm skm Noord")
    await desk["vt_fo"].taps("1️⃣")
    desk.expect_so_far()
    for key in ON_DUTY:
        await desk[key].taps("✅")
    slots = json.loads((await rows(desk))[-1].slots)
    assert slots[0] == amsterdam(2026, 7, 10, 17, 30)
    desk.expect_so_far()


# ---- the case is over


async def test_a_vote_in_a_withdrawn_case_changes_nothing(desk: Desk) -> None:
    await voting(desk)
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


async def test_a_vote_taken_back_too_late_changes_nothing(desk: Desk) -> None:
    await voting(desk)
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
        await alarm(desk, "2️⃣")
        for key in ON_DUTY:
            await desk[key].taps("✅")
        slots = json.loads((await rows(desk))[0].slots)
        assert slots[0] == amsterdam(2026, 7, 11, 8)
