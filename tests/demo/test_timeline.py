"""The timeline tells each thing once, and to whom it came."""

import io
from dataclasses import replace

import pytest

from tests.demo.columns import BROAD, NARROW, TIED, Paint, width
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
ON_TELEGRAM = Report(
    "politie_cvd1",
    "message",
    AT,
    1_300,
    text="🔴 Alarm K7Q4 · spoed. Pak je dit op vóór 15:50 (10 min)?",
    event="1:1",
    loud=True,
    messenger="telegram",
    buttons=f"[Ik{TIED}pak{TIED}op] [Kan{TIED}niet]",
)
HEADLINE = Report(
    "vt_fo", "message", AT, 1_400, text="🔴 K7Q4\nOM: opgeroepen 15:40\nStand 15:40", event="$h"
)


async def shown(*reports: Report) -> list[str]:
    """The lines under the head, with plain spaces."""
    out = io.StringIO()
    timeline = Timeline(out, Paint(False))
    timeline.begin(1_000)
    for report in reports:
        timeline.take(report)
    timeline.flush()
    return out.getvalue().replace(TIED, " ").splitlines()[1:]


def lanes(lines: list[str]) -> tuple[list[str], list[str]]:
    """What stands in each of the two, without the times on the left."""
    parts = [line.split("│") for line in lines]
    return [left[15:].strip() for left, _ in parts], [right.strip() for _, right in parts]


async def test_clock_real_milliseconds_person_and_text() -> None:
    lines = await shown(PAGE)
    assert lines[0].split()[:2] == ["15:40", "250"]
    matrix, telegram = lanes(lines)
    assert matrix == [
        "🔔 OM officier van justitie:",
        "🔴 Alarm K7Q4 · spoed. Pak je dit op vóór",
        "15:50 (10 min)?",
        "✅ Ik pak op, ❌ Kan niet",
    ]
    assert telegram == [""] * 4


async def test_the_same_to_two_phones_is_one_row_with_both_names() -> None:
    lines = await shown(PAGE, replace(PAGE, who="vt_gw1", event="$vt"))
    assert sum("Alarm K7Q4" in line for line in lines) == 1
    assert "OM officier van justitie," in lines[0]
    assert "VT gedragswetenschapper:" in lines[1]


@pytest.mark.parametrize("order", [(PAGE, ON_TELEGRAM), (ON_TELEGRAM, PAGE)])
async def test_what_comes_to_both_messengers_stands_side_by_side(
    order: tuple[Report, Report],
) -> None:
    lines = await shown(*order)
    matrix, telegram = lanes(lines)
    assert (matrix[0], telegram[0]) == (
        "🔔 OM officier van justitie:",
        "🔔 Politie chef van dienst:",
    )
    assert telegram[-1] == "[Ik pak op] [Kan niet]"
    assert {width(line.partition("│")[0]) for line in lines} == {63}
    assert max(width(line) for line in lines) <= NARROW


async def test_what_somebody_does_stands_alone_in_its_lane() -> None:
    tap = replace(ON_TELEGRAM, what="tapped", text="[Ik pak op]", event="", loud=False)
    matrix, telegram = lanes(await shown(tap, replace(PAGE, what="read")))
    assert telegram == ["👆 Politie chef van dienst tikt", "[Ik pak op]", ""]
    assert matrix == ["", "", "👀 OM officier van justitie ziet de oproep"]


async def test_minutes_apart_is_not_together() -> None:
    later = replace(ON_TELEGRAM, story=AT + 120_000)
    matrix, telegram = lanes(await shown(PAGE, later))
    assert not any(left and right for left, right in zip(matrix, telegram, strict=True))


async def test_a_chapter_keeps_apart_what_came_before_and_after() -> None:
    out = io.StringIO()
    timeline = Timeline(out, Paint(False))
    timeline.begin(1_000)
    timeline.take(PAGE)
    timeline.chapter("Wie pakt op?")
    timeline.take(ON_TELEGRAM)
    timeline.flush()
    before, after = out.getvalue().replace(TIED, " ").split("── Wie pakt op?")
    assert "Politie chef van dienst" not in before
    assert "Politie chef van dienst" in after


async def test_each_messenger_has_a_headline_of_its_own() -> None:
    short = "🔴 K7Q4 · spoed\nOM: opgeroepen 15:40\nStand 15:40"
    own = replace(HEADLINE, who="politie_cvd1", text=short, event="1:2", messenger="telegram")
    _, telegram = lanes(await shown(HEADLINE, own, replace(own, what="edit")))
    assert telegram == ["📋 stand van de casus:", "🔴 K7Q4 · spoed", "OM: opgeroepen 15:40"]


async def test_a_wider_terminal_gets_wider_lanes() -> None:
    out = io.StringIO()
    timeline = Timeline(out, Paint(False), BROAD)
    timeline.begin(1_000)
    timeline.take(PAGE)
    timeline.flush()
    assert "Pak je dit op vóór 15:50 (10" in out.getvalue()


async def test_of_a_headline_only_what_is_new_is_told() -> None:
    later = replace(HEADLINE, what="edit", text="🔴 K7Q4\nOM: gezien 15:41\nStand 15:41")
    lines = await shown(HEADLINE, later, replace(later, who="om_ovj1", event="$other"))
    assert lanes(lines)[0] == [
        *("📋 stand van de casus:", "🔴 K7Q4", "OM: opgeroepen 15:40"),
        "📋 stand van de casus: OM: gezien 15:41",
    ]


async def test_a_room_is_told_once_however_many_are_in_it() -> None:
    welcome = Report("vt_fo", "message", AT, 1_500, "case", "Casusruimte K7Q4.", "$w")
    lines = await shown(welcome, replace(welcome, who="om_ovj1"))
    assert len(lines) == 1
    assert "casusruimte" in lines[0]


async def test_nothing_is_told_of_what_could_not_be_read_or_only_changed_its_buttons() -> None:
    locked = replace(PAGE, text="", unreadable=True)
    pressed = replace(PAGE, what="edit", text=PAGE.text.replace("❌ Kan niet", "❌ Stop"))
    assert await shown(locked, PAGE, pressed) == await shown(PAGE)


async def test_a_chapter_comes_between_what_was_before_and_after_it() -> None:
    out = io.StringIO()
    timeline = Timeline(out, Paint(False))
    timeline.begin(1_000)
    timeline.take(PAGE)
    timeline.chapter("Wie pakt op?")
    timeline.take(replace(PAGE, who="vt_gw1", event="$vt"))
    timeline.take(HEADLINE)
    timeline.flush()
    lines = out.getvalue().replace(TIED, " ").splitlines()
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
    matrix, _ = lanes(lines)
    assert " ".join(matrix) == (
        "📎 VT gedragswetenschapper opent de agenda: Overleg K7Q4, 16:30, https://meet.example/x"
    )


async def test_of_a_link_that_does_not_fit_the_beginning_is_enough() -> None:
    link = f"https://meet.example/{'x' * 60}"
    lines = await shown(Report("vt_fo", "message", AT, 1_500, "case", f"Link: {link}", "$l"))
    assert lanes(lines)[0][-1].endswith("xx…")
    assert {width(line.partition("│")[0]) for line in lines} == {63}
