"""The timeline tells each thing once, and to whom it came."""

import io
from dataclasses import replace

from tests.demo.columns import TIED, WIDTH, Paint, width
from tests.demo.report import Report
from tests.demo.timeline import Timeline

AT = 1_783_690_800_000  # Friday 10 July 2026, 15:40 in Amsterdam
PAGE = Report(
    "om_ovj1",
    "message",
    AT,
    1_250,
    text="🔴 Alarm K7Q4 · spoed. Pak je dit op vóór 15:50 (10 min)?\n"
    "Reageer ✅ Ik pak op, ❌ Kan niet. Of antwoord 1 of 2.",
    event="$om",
    loud=True,
)
HEADLINE = Report(
    "vt_fo", "message", AT, 1_400, text="🔴 K7Q4\nOM: opgeroepen 15:40\nStand 15:40", event="$h"
)


async def shown(*reports: Report) -> list[str]:
    """The lines under the head."""
    out = io.StringIO()
    timeline = Timeline(out, Paint(False))
    timeline.begin(1_000)
    for report in reports:
        timeline.take(report)
    timeline.flush()
    return out.getvalue().splitlines()[1:]


async def test_clock_real_milliseconds_person_and_text() -> None:
    first, second, third = await shown(PAGE)
    assert first.split()[:5] == ["15:40", "250", "OM", "officier", "van"]
    assert "🔔 🔴 Alarm K7Q4 · spoed." in first
    assert second.strip() == "min)?"
    assert third.replace(TIED, " ").strip() == "✅ Ik pak op, ❌ Kan niet"
    assert max(width(line) for line in (first, second, third)) <= WIDTH


async def test_the_same_to_two_phones_is_one_row_with_both_names() -> None:
    lines = await shown(PAGE, replace(PAGE, who="vt_gw1", event="$vt"))
    assert sum("Alarm K7Q4" in line for line in lines) == 1
    assert "VT gedragswetenschapper" in lines[1]


async def test_of_a_headline_only_what_is_new_is_told() -> None:
    later = replace(HEADLINE, what="edit", text="🔴 K7Q4\nOM: gezien 15:41\nStand 15:41")
    lines = await shown(HEADLINE, later, replace(later, who="om_ovj1", event="$other"))
    assert [line for line in lines if "stand van de casus" in line] == [lines[0], lines[2]]
    assert "OM: gezien 15:41" in lines[2]
    assert len(lines) == 3


async def test_a_room_is_told_once_however_many_are_in_it() -> None:
    welcome = Report("vt_fo", "message", AT, 1_500, "case", "Casusruimte K7Q4.", "$w")
    lines = await shown(welcome, replace(welcome, who="om_ovj1"))
    assert len(lines) == 1
    assert "casusruimte" in lines[0]


async def test_nothing_is_told_of_what_could_not_be_read_or_only_changed_its_buttons() -> None:
    locked = replace(PAGE, text="", unreadable=True)
    pressed = replace(PAGE, what="edit", text=PAGE.text.replace("❌ Kan niet", "❌ Stop"))
    assert len(await shown(locked, PAGE, pressed)) == 3


async def test_a_chapter_comes_between_what_was_before_and_after_it() -> None:
    out = io.StringIO()
    timeline = Timeline(out, Paint(False))
    timeline.begin(1_000)
    timeline.take(PAGE)
    timeline.chapter("Wie pakt op?")
    timeline.take(replace(PAGE, who="vt_gw1", event="$vt"))
    timeline.take(HEADLINE)
    timeline.flush()
    lines = out.getvalue().splitlines()
    chapter = lines.index("── Wie pakt op?")
    assert any("VT gedragswetenschapper" in line for line in lines[:chapter])
    assert any("stand van de casus" in line for line in lines[chapter:])


async def test_a_calendar_file_shows_what_is_in_it() -> None:
    calendar = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\n"
        "DTSTAMP:20260710T140000Z\r\nDTSTART:20260710T143000Z\r\nSUMMARY:Overleg K7Q4\r\n"
        "URL:https://meet.example/x\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    lines = await shown(Report("vt_gw1", "opened", AT, 1_500, "case", calendar, "$f"))
    assert "opent de agenda: Overleg K7Q4, 16:30," in lines[0]
    assert lines[1].strip() == "https://meet.example/x"
