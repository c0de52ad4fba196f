"""The time is fixed: who hears it, the calendar file, the reminder."""

from datetime import UTC, datetime

from icalendar import Calendar

from commands.rules.moments import HOUR
from tests.commands.consultation_scene import (
    ASKED,
    FIVE,
    ON_DUTY,
    begins,
    desk,  # noqa: F401  (a fixture)
    fixed,
    measured,
    reference_of,
    rows,
    voting,
)
from tests.commands.harness import Desk
from tests.commands.instants import amsterdam


@begins(voting)
async def test_the_earliest_time_that_fits_one_of_every_partner(desk: Desk) -> None:
    reference = reference_of(desk)
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
    link, *dial_in = in_room.text.partition("Link: ")[2].split(" · ")
    assert in_room.text.startswith(f"📞 Overleg {reference}: vr 17:00.\nLink: https://")
    assert planned.secret in link
    assert dial_in == ["inbellen: 0800-2005"]
    assert not in_room.loud
    assert all(planned.secret not in each.text for each in desk.shown if each.room != room)
    desk["om_ovj1"].expects("Overleg vr 17:00, link hieronder.", room)
    desk.expect_so_far()


@begins(voting)
async def test_it_rings_only_for_who_did_not_vote(desk: Desk) -> None:
    reference = reference_of(desk)
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


@begins(fixed)
async def test_the_calendar_file_tells_time_and_link_only(desk: Desk) -> None:
    reference = reference_of(desk)
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


@begins(fixed)
async def test_reminder_shortly_before_and_the_headline_says_when_it_runs(desk: Desk) -> None:
    reference = reference_of(desk)
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


@begins(voting)
async def test_a_time_within_minutes_rings_for_everybody_at_once(desk: Desk) -> None:
    reference = reference_of(desk)
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


@begins(voting)
async def test_now_when_all_can_now(desk: Desk) -> None:
    reference = reference_of(desk)
    for key in ON_DUTY:
        await desk[key].taps("4️⃣")
    desk["om_ovj1"].expects(f"Overleg {reference} is nu.", loud=True)
    in_room = desk["om_ovj1"].expects(f"Overleg {reference} is nu.", desk.case_room())
    assert in_room.text.startswith(f"📞 Overleg {reference} is nu.\nLink: https://")
    desk["om_ovj1"].expects("Overleg bezig sinds 15:53.", desk.case_room())
    desk.expect_so_far()


@begins(fixed)
async def test_who_comes_into_the_case_later_hears_the_time(desk: Desk) -> None:
    reference = reference_of(desk)
    await desk["rvdk_contact1"].says("kan niet")
    desk["rvdk_contact1"].expects("Je hoeft niets te doen.")
    await desk["rvdk_contact2"].taps("✅")
    desk["rvdk_contact2"].expects(f"Overleg {reference}: vr 16:30", loud=True)
    await desk.advance(27)
    desk["rvdk_contact2"].expects("⏰ Overleg")
    desk["rvdk_contact1"].lacks("⏰ Overleg")
    desk.expect_so_far()


@begins(voting)
async def test_who_raised_it_is_not_offered_now_while_a_time_stands(desk: Desk) -> None:
    reference = reference_of(desk)
    own = desk["vt_fo"].expects("4 van 4 opgepakt.")
    assert list(own.buttons) == ["✅", "❌"]
    for key in ON_DUTY:
        await desk[key].taps("1️⃣")
    assert list(own.buttons) == ["❌"]
    assert "Reageer ❌ Vergissing." in own.text
    await desk.advance(37)
    assert "Overleg bezig sinds 16:30." in own.text
    assert list(own.buttons) == ["❌"]
    await desk["vt_fo"].taps("❌", own)
    desk["vt_fo"].expects(f"{reference} intrekken?")
    desk.expect_so_far()


@begins(fixed)
async def test_when_the_time_falls_through_now_is_offered_again(desk: Desk) -> None:
    own = desk["vt_fo"].expects("Overleg vr 16:30, link hieronder.")
    await desk["vt_fo"].says("overleg")
    await desk["vt_fo"].taps("1️⃣", desk["vt_fo"].expects("staat al vast"))
    assert list(own.buttons) == ["✅", "❌"]
    desk.expect_so_far()


# ---- nobody answers, nothing fits
