"""Raised by mistake: at once when nobody took it, else when all who took it agree."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from commands.people import by_key, row_id
from commands.withdraw_case import on_new_ack
from storage.access_log import verify
from storage.tables import AccessEntry, Case, Consent, Measure, OutboxRow, Page, TimerRow
from tests.commands.harness import Desk
from tests.commands.morning import open_desk

CALLED = ("vt_gw1", "om_ovj1", "politie_cvd1", "rvdk_contact1")
DONE = "is ingetrokken (15:40): vergissing. Je hoeft niets te doen."


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """VT raised an alarm; four people were called."""
    async with open_desk(tmp_path) as desk:
        await desk["vt_fo"].says("alarm skm Centrum")
        await desk["vt_fo"].taps("1️⃣")
        desk.expect_so_far()
        yield desk
        desk.nothing_unexpected()


async def take(desk: Desk, *keys: str) -> None:
    """These people take it, and who must hear of it in the withdrawal hears of it."""
    for key in keys:
        page = next(each for each in desk[key].screen() if "Alarm" in each.text)
        await desk[key].taps("✅", page)
    await after_change(desk)
    desk.expect_so_far()


async def after_change(desk: Desk) -> None:
    async with desk.store.unit() as unit:
        for case in (await unit.session.exec(select(Case).where(Case.state == "open"))).all():
            await on_new_ack(unit, desk.world, case)
    await desk.settle()


async def ask(desk: Desk) -> None:
    """The initiator wants it withdrawn, and is sure."""
    await desk["vt_fo"].says("vergissing")
    desk["vt_fo"].expects("intrekken?")
    await desk["vt_fo"].taps("✅")


async def state(desk: Desk) -> str:
    async with desk.store.view() as unit:
        found = await unit.session.exec(select(Case.state).where(Case.state != "dropped"))
        return found.one()


async def live_timers(desk: Desk) -> list[str]:
    async with desk.store.view() as unit:
        found = await unit.session.exec(
            select(TimerRow.kind).where(
                TimerRow.state == "live", col(TimerRow.case_id).is_not(None)
            )
        )
        return list(found)


def withdrawn(desk: Desk, *keys: str) -> None:
    """They heard it as a loud message of its own."""
    for key in keys:
        desk[key].expects(DONE, loud=True)


# ---- nobody took it


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


async def test_who_took_it_is_named_and_asked(desk: Desk) -> None:
    await take(desk, "om_ovj1", "politie_cvd1")
    await desk["vt_fo"].says("vergissing")
    question = desk["vt_fo"].expects("OM, politie pakten al op en moeten akkoord zijn.")
    await desk["vt_fo"].taps("✅", question)
    assert question.text.startswith("Wacht op akkoord van: OM, politie.")
    for key in ("om_ovj1", "politie_cvd1"):
        asked = desk[key].expects("De melder wil ", loud=True)
        assert "✅ Akkoord, ❌ Blijft open" in asked.text
    assert await state(desk) == "open"
    desk["rvdk_contact1"].lacks("melder")


async def test_one_partner_is_named_in_the_singular(desk: Desk) -> None:
    await take(desk, "om_ovj1")
    await desk["vt_fo"].says("vergissing")
    desk["vt_fo"].expects("intrekken? OM pakte al op en moet akkoord zijn.")


async def test_until_then_the_chains_go_on(desk: Desk) -> None:
    await take(desk, "om_ovj1")
    await ask(desk)
    desk.expect_so_far()
    await desk.advance(6)
    desk["rvdk_contact2"].expects("🔴 Alarm", loud=True)
    desk.expect_so_far()


async def test_all_agree(desk: Desk) -> None:
    await take(desk, "om_ovj1", "politie_cvd1")
    await ask(desk)
    desk.expect_so_far()
    await desk["om_ovj1"].taps("✅")
    desk["om_ovj1"].expects("Dank je. Je gaat akkoord (15:40).")
    waiting = next(each for each in desk["vt_fo"].screen() if "Wacht op akkoord" in each.text)
    assert waiting.text.startswith("Wacht op akkoord van: politie.")
    assert await state(desk) == "open"
    await desk["politie_cvd1"].taps("✅")
    desk["politie_cvd1"].expects("Dank je. Je gaat akkoord (15:40).")
    withdrawn(desk, *CALLED, "vt_fo")
    desk["vt_fo"].expects(DONE, desk.case_room())
    assert await state(desk) == "withdrawn"
    assert await live_timers(desk) == []


async def test_one_refuses_and_it_stays_open(desk: Desk) -> None:
    await take(desk, "om_ovj1", "politie_cvd1")
    await ask(desk)
    desk.expect_so_far()
    other = next(each for each in desk["politie_cvd1"].screen() if "intrekken" in each.text)
    await desk["om_ovj1"].taps("❌")
    desk["om_ovj1"].expects("blijft open (15:40).")
    desk["vt_fo"].expects("OM laat ", loud=True)
    assert "blijft open" in other.text
    assert not other.buttons
    assert await state(desk) == "open"
    await desk["politie_cvd1"].taps("✅", other)
    assert await state(desk) == "open", "the question is over"


async def test_after_a_refusal_it_can_be_asked_afresh(desk: Desk) -> None:
    await take(desk, "om_ovj1")
    await ask(desk)
    await desk["om_ovj1"].taps("❌")
    desk.expect_so_far()
    await ask(desk)
    asked = desk["om_ovj1"].expects("De melder wil ", loud=True)
    await desk["om_ovj1"].taps("✅", asked)
    withdrawn(desk, *CALLED)
    desk.expect_so_far()
    assert await state(desk) == "withdrawn"


async def test_who_takes_it_meanwhile_must_agree_too(desk: Desk) -> None:
    await take(desk, "om_ovj1")
    await ask(desk)
    desk.expect_so_far()
    page = next(each for each in desk["rvdk_contact1"].screen() if "Alarm" in each.text)
    await desk["rvdk_contact1"].taps("✅", page)
    await after_change(desk)
    await after_change(desk)  # asking again asks nobody twice
    asked = [each for each in desk["rvdk_contact1"].screen() if "De melder wil" in each.text]
    assert len(asked) == 1
    desk.expect_so_far()
    await desk["om_ovj1"].taps("✅")
    assert await state(desk) == "open"
    await desk["rvdk_contact1"].taps("✅", asked[0])
    assert await state(desk) == "withdrawn"
    desk.expect_so_far()


async def test_who_gives_it_back_need_not_agree(desk: Desk) -> None:
    await take(desk, "om_ovj1")
    await ask(desk)
    desk.expect_so_far()
    await desk["om_ovj1"].says("toch niet")
    await after_change(desk)
    desk["vt_fo"].expects(DONE, loud=True)
    desk.expect_so_far()
    assert await state(desk) == "withdrawn"
    async with desk.store.view() as unit:
        assert (await unit.session.exec(select(Consent))).all() == []
        waiting = await unit.session.exec(select(OutboxRow.id).where(OutboxRow.state == "pending"))
        assert waiting.all() == []


async def test_asking_while_it_is_pending_tells_who_is_waited_for(desk: Desk) -> None:
    await take(desk, "om_ovj1")
    await ask(desk)
    desk.expect_so_far()
    await desk["vt_fo"].says("vergissing")
    desk["vt_fo"].expects("Wacht op akkoord van: OM. Tot dan loopt ")


async def test_who_raised_it_while_on_duty_agrees_by_asking(desk: Desk) -> None:
    await ask(desk)
    desk.expect_so_far()
    await desk["politie_cvd1"].says("alarm skm Noord")
    await desk["politie_cvd1"].taps("1️⃣")
    desk.expect_so_far()
    await desk["politie_cvd1"].says("vergissing")
    desk["politie_cvd1"].expects("intrekken? Nog niemand pakte op.")
