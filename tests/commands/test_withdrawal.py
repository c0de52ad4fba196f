"""Raised by mistake, and nobody took it yet."""

import pytest
from sqlmodel import select

from commands.people import by_key, row_id
from storage.access_log import verify
from storage.tables import AccessEntry, Measure, Page
from tests.commands.harness import Desk
from tests.commands.withdrawal_scene import (
    CALLED,
    DONE,
    ask,
    desk,  # noqa: F401  (a fixture)
    live_timers,
    state,
    take,
    withdrawn,
)


@pytest.mark.parametrize("word", ["vergissing", "Intrekken", "withdraw", "mistake"])
async def test_one_question_before_anything_happens(desk: Desk, word: str) -> None:
    await desk["vt_fo"].says(word)
    question = desk["vt_fo"].expects("intrekken? Nog niemand pakte op.")
    assert "✅ Trek in, ❌ Terug" in question.text
    assert await state(desk) == "open"
    await desk["vt_fo"].taps("❌", question)
    assert "blijft open" in question.text
    assert await state(desk) == "open"


async def test_everybody_who_was_called_hears_it(desk: Desk) -> None:
    await ask(desk)
    withdrawn(desk, *CALLED)
    assert await state(desk) == "withdrawn"
    for key in CALLED:
        page = next(each for each in desk[key].screen() if "ingetrokken" in each.text)
        assert not page.buttons, "the page itself asks nothing any more"
        assert not [each for each in desk[key].screen() if "Alarm" in each.text]
    assert DONE in desk["vt_fo"].screen()[-1].text, "the own tap changes the question"
    desk["vt_fo"].lacks("🔴")
    desk["vt_fo"].expects("🏁")
    desk["vt_fo"].expects(DONE, desk.case_room())
    assert [each for each in desk.shown if "· ingetrokken" in each.text], "the group room"


async def test_every_clock_stops_and_nobody_else_is_called(desk: Desk) -> None:
    await ask(desk)
    withdrawn(desk, *CALLED)
    desk.expect_so_far()
    assert await live_timers(desk) == []
    await desk.advance(24 * 60)
    desk["om_ovj2"].lacks("Alarm")


async def test_it_is_counted_and_logged(desk: Desk) -> None:
    await ask(desk)
    desk.expect_so_far()
    async with desk.store.view() as unit:
        found = await unit.session.exec(select(Measure.kind).where(Measure.kind == "withdrawn"))
        assert list(found) == ["withdrawn"]
        log = await unit.session.exec(
            select(AccessEntry.person, AccessEntry.what, AccessEntry.right).where(
                AccessEntry.action == "change", AccessEntry.right != "known"
            )
        )
        assert list(log)[-2:] == [
            ("vt_fo", "withdrawal", "initiator"),
            ("bot", "case", "withdrawal"),
        ]
        assert (await verify(unit)).broken_at is None


async def test_the_button_under_the_headline_asks_too_and_leaves_the_headline(desk: Desk) -> None:
    headline = next(each for each in desk["vt_fo"].screen() if "🔴" in each.text)
    await desk["vt_fo"].taps("❌", headline)
    desk["vt_fo"].expects("intrekken? Nog niemand pakte op.")
    assert "🔴" in headline.text


async def test_a_page_that_was_not_sent_is_not_followed_by_news(desk: Desk) -> None:
    """Who never heard of the alarm need not hear that it is over."""
    async with desk.store.unit() as unit:
        page = (await unit.session.exec(select(Page).where(Page.state == "called"))).first()
        assert page is not None
        unit.session.add(
            Page(
                case_id=page.case_id,
                chain_id=page.chain_id,
                person_id=await _id_of(desk, "om_ovj2"),
                role="backup",
                state="queued",
                due_at=unit.now,
                queued_at=unit.now,
            )
        )
    await ask(desk)
    desk["om_ovj2"].lacks("ingetrokken")
    desk.expect_so_far()


async def _id_of(desk: Desk, key: str) -> int:
    async with desk.store.view() as unit:
        return row_id(await by_key(unit, key))


async def test_only_the_initiator(desk: Desk) -> None:
    await take(desk, "om_ovj1")
    await desk["om_ovj1"].says("vergissing")
    desk["om_ovj1"].expects("Je hebt geen open casus.")
    await desk["om_ovj1"].says("vergissing", desk.case_room())
    assert await state(desk) == "open"


async def test_a_stale_tap_after_it(desk: Desk) -> None:
    page = next(each for each in desk["om_ovj1"].screen() if "Alarm" in each.text)
    await ask(desk)
    desk.expect_so_far()
    await desk["om_ovj1"].taps("✅", page)
    assert DONE in page.text
    assert await state(desk) == "withdrawn"


# ---- somebody took it
