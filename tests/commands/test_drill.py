"""`oefening`: phones of those on duty ring, and nothing of it is an alarm or a figure of one."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import select

from commands.open_cases import fresh_reference
from commands.week_figures import _KINDS
from storage.tables import Case, Drill, DrillCall, Measure, Page
from tests.commands.harness import Desk, Shown
from tests.commands.morning import open_desk

DRILL = "🔵 OEFENING"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path) as desk:
        yield desk
        desk.nothing_unexpected()


async def begins(desk: Desk, who: str) -> str:
    """The coordinator starts one; returns its reference."""
    await desk["coordinator"].says(f"oefening {who}")
    text = desk["coordinator"].expects("🔵 Oefening").text
    found = re.search(r"Oefening (\w{4}) loopt, tot 15:50", text)
    assert found is not None, text
    return found[1]


def rings(desk: Desk, key: str) -> Shown:
    return desk[key].expects(DRILL, loud=True)


async def rows(desk: Desk) -> list[DrillCall]:
    async with desk.store.view() as unit:
        return list(await unit.session.exec(select(DrillCall)))


async def test_taken_at_once_and_told_to_the_coordinator(desk: Desk) -> None:
    reference = await begins(desk, "OM")
    page = rings(desk, "om_ovj1")
    assert page.text.startswith(
        f"🔵 OEFENING {reference}, geen echt alarm. Pak je dit op vóór 15:50 (10 min)?"
    )
    for key in ("om_ovj2", "om_ap", "vt_gw1", "politie_cvd1"):
        desk[key].lacks(DRILL)
    await desk.advance(1)
    await desk["om_ovj1"].taps("✅", page)
    assert page.text == "Dank je. Oefening opgepakt na 1 min."
    result = desk["coordinator"].expects(f"🔵 Oefening {reference} is klaar (15:41).")
    assert result.text.splitlines()[1:] == ["OM: opgepakt na 1 min"]
    await desk.advance(30)
    (call,) = await rows(desk)
    assert (call.primary_id, call.backup_id, call.state) == (None, None, "taken")


async def test_the_backup_after_five_minutes_and_whoever_is_first_counts(desk: Desk) -> None:
    reference = await begins(desk, "rvdk")
    first = rings(desk, "rvdk_contact1")
    await desk.advance(4.9)
    desk["rvdk_contact2"].lacks(DRILL)
    await desk.advance(0.1)
    second = rings(desk, "rvdk_contact2")
    assert "vóór 15:50 (5 min)" in second.text
    await desk["rvdk_contact2"].says("ik pak op")
    desk.expect_so_far()
    result = desk["coordinator"].expects(f"Oefening {reference} is klaar")
    assert "RvdK: opgepakt na 5 min (achterwacht)" in result.text
    await desk["rvdk_contact1"].taps("✅", first)
    assert first.text.startswith(f"De oefening {reference} is voorbij.")


async def test_no_passes_it_on_at_once_and_silence_ends_after_ten_minutes(desk: Desk) -> None:
    reference = await begins(desk, "allemaal")
    for key in ("vt_gw1", "om_ovj1", "politie_cvd1", "rvdk_contact1"):
        rings(desk, key)
    await desk["om_ovj1"].taps("❌", rings(desk, "om_ovj1"))
    rings(desk, "om_ovj2")
    await desk.advance(10)
    desk.expect_so_far()
    result = desk["coordinator"].expects(f"Oefening {reference} is klaar (15:50).")
    assert set(result.text.splitlines()[1:]) == {
        f"{partner}: niet opgepakt" for partner in ("VT", "OM", "Politie", "RvdK")
    }
    assert desk["vt_gw1"].screen()[-1].text.startswith(f"De oefening {reference} is voorbij.")
    assert not any(each.buttons for each in desk["vt_gw2"].screen() if DRILL in each.text)


async def test_it_is_no_alarm_and_no_figure_of_one(desk: Desk) -> None:
    reference = await begins(desk, "OM")
    await desk["om_ovj1"].taps("✅", rings(desk, "om_ovj1"))
    desk.expect_so_far()
    async with desk.store.view() as unit:
        assert (await unit.session.exec(select(Case))).all() == []
        assert (await unit.session.exec(select(Page))).all() == []
        measured = (await unit.session.exec(select(Measure))).one()
        assert (measured.kind, measured.partner) == ("drill_time", "om")
        assert measured.kind not in _KINDS
        assert (await unit.session.exec(select(Drill))).one().reference == reference


async def test_no_case_ever_gets_the_reference_of_a_drill(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = await begins(desk, "OM")
    desk.expect_so_far()
    free = "M3X8"
    drawn = iter([*reference * 10, *free * 10])
    monkeypatch.setattr("commands.open_cases.secrets.choice", lambda _: next(drawn))
    async with desk.store.view() as unit:
        assert await fresh_reference(unit) == free


async def test_not_while_a_real_alarm_waits(desk: Desk) -> None:
    await desk["vt_fo"].says("alarm skm spoed Centrum")
    await desk["vt_fo"].taps("1️⃣")
    desk.expect_so_far()
    await desk["coordinator"].says("oefening OM")
    desk["coordinator"].expects("Nu even niet")
    assert await rows(desk) == []


async def test_a_drill_never_makes_the_answer_to_a_page_unclear(desk: Desk) -> None:
    await begins(desk, "OM")
    rings(desk, "om_ovj1")
    await desk["vt_fo"].says("alarm skm spoed Centrum")
    await desk["vt_fo"].taps("1️⃣")
    await desk["om_ovj1"].says("1")
    desk["om_ovj1"].expects("✅ Jij pakt")
    desk.expect_so_far()


async def test_who_was_not_called_takes_nothing(desk: Desk) -> None:
    await begins(desk, "OM")
    page = rings(desk, "om_ovj1")
    await desk.update("tap", page.room, desk["vt_fo"].address, text="✅", about=page.event_id)
    assert [each.state for each in await rows(desk)] == ["called"]


async def test_asked_bare_and_only_by_the_coordinator(desk: Desk) -> None:
    await desk["coordinator"].says("oefening")
    question = desk["coordinator"].expects("Wie oefent er?")
    assert "1️⃣ Allemaal, 2️⃣ VT, 3️⃣ OM, 4️⃣ politie, 5️⃣ RvdK" in question.text
    await desk["coordinator"].taps("❌", question)
    assert question.text == "Goed. Er is geen oefening begonnen."
    await desk["coordinator"].says("drill brandweer")
    desk["coordinator"].expects("Die partner ken ik niet.")
    await desk["om_ap"].says("oefening OM")
    desk["om_ap"].expects("Dat is niet aan jou, wel aan: coördinator.")
