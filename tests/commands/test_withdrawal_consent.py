"""Raised by mistake, and somebody took it: they must agree."""

from sqlmodel import select

from storage.tables import Consent, OutboxRow
from tests.commands.harness import Desk
from tests.commands.withdrawal_scene import (
    CALLED,
    DONE,
    after_change,
    ask,
    desk,  # noqa: F401  (a fixture)
    live_timers,
    state,
    take,
    withdrawn,
)


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
    await desk["politie_cvd1"].taps("✅")  # the last one sees it by the own tap
    last = [each for each in desk["politie_cvd1"].screen() if "is ingetrokken" in each.text]
    assert not any(each.loud and each.edits == 0 for each in last)
    withdrawn(desk, *(key for key in CALLED if key != "politie_cvd1"), "vt_fo")
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
