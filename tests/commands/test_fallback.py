"""No sign of the phone: the page goes by SMS as well, without anything of the case in it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import select

from bot.compose import Composer
from commands.delivered import refused
from commands.messages import At, Number, Word, message
from commands.places import fallback_place
from commands.rules.moments import MINUTE
from commands.tell import payload
from storage import leases, outbox
from storage.tables import AccessEntry, Case, InventoryItem, OutboxRow
from tests.commands.fallback_scene import (
    RVDK,
    alarm,
    at_gateway,
    forget,
    open_fallback_desk,
    page_of,
    speaks_english,
    told,
)
from tests.commands.harness import Desk
from tests.commands.telegram_scene import enrolled


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_fallback_desk(tmp_path) as desk:
        yield desk


async def waiting_row(desk: Desk) -> None:
    """A text for RvdK that a gateway did not take at first."""
    page = await page_of(desk, RVDK)
    text = message(
        "fallback.call",
        ref="K7Q4",
        urgency=Word("urgency.urgent"),
        deadline=At(page.due_at),
        number=Number("0800-2000"),
    )
    async with desk.store.unit() as unit:
        outbox.queue(
            unit,
            channel="fallback",
            destination=fallback_place(page.person_id, "sms"),
            kind="say",
            payload=payload(text),
            lane=outbox.PAGES,
            case=await unit.session.get(Case, page.case_id),
            page_id=page.id,
        )


async def test_after_two_minutes_without_a_sign_an_sms_goes_out(desk: Desk) -> None:
    ref = await alarm(desk)
    phone = at_gateway(desk, RVDK)
    await desk.advance(1.9)
    assert told(phone) == []
    await desk.advance(0.2)
    assert told(phone) == [
        f"Kortelijn: alarm {ref}, spoed. Open Element, kies Ik pak op voor 15:50. "
        "Lukt dat niet? Bel 0800-2000."
    ]
    await desk.advance(2)
    assert len(told(phone)) == 1, "once for a page"


async def test_without_hurry_it_waits_a_quarter(desk: Desk) -> None:
    ref = await alarm(desk, urgent=False)
    phone = at_gateway(desk, RVDK)
    await desk.advance(14.9)
    assert told(phone) == []
    await desk.advance(0.2)
    (text,) = told(phone)
    assert text.startswith(f"Kortelijn: alarm {ref}, geen spoed. Open Element")
    assert "voor 16:40" in text


async def test_it_names_the_messengers_that_somebody_has(desk: Desk) -> None:
    await enrolled(desk, RVDK, "5001", maker="rvdk_ap")
    await alarm(desk)
    await desk.advance(2.1)
    (text,) = told(at_gateway(desk, RVDK))
    assert "Open Telegram of Element, kies Ik pak op voor 15:50." in text


async def test_in_english_for_who_reads_that(desk: Desk) -> None:
    await speaks_english(desk, RVDK)
    ref = await alarm(desk)
    await desk.advance(2.1)
    assert told(at_gateway(desk, RVDK)) == [
        f"Kortelijn: alert {ref}, urgent. Open Element, choose I take it before 15:50. "
        "Not possible? Call 0800-2000."
    ]


async def test_the_headline_tells_it_and_nobody_counts_as_called_by_it(desk: Desk) -> None:
    await alarm(desk)
    before = await page_of(desk, RVDK)
    await desk.advance(2.1)
    shown = desk["vt_fo"].expects("0 van 4 opgepakt.")
    assert "RvdK: geen reactie, sms 15:42" in shown.text
    assert "OM: opgeroepen 15:40" in shown.text
    page = await page_of(desk, RVDK)
    assert (page.state, page.called_at) == (before.state, before.called_at)
    assert (page.fallback_at, page.fallback_by) == (page.queued_at + 2 * MINUTE, "sms")


async def test_a_sign_of_the_phone_makes_it_superfluous(desk: Desk) -> None:
    await alarm(desk)
    await desk.advance(1)
    await desk[RVDK].reads()
    await desk.advance(3)
    assert told(at_gateway(desk, RVDK)) == []


async def test_taken_by_then_nothing_goes_out(desk: Desk) -> None:
    await alarm(desk)
    await desk.advance(1)
    await desk[RVDK].says("ik pak op")
    await desk.advance(3)
    assert told(at_gateway(desk, RVDK)) == []


async def test_what_waits_while_it_is_taken_is_not_sent(desk: Desk) -> None:
    """Also what a gateway did not take at first: it is looked at again just before."""
    await alarm(desk)
    await desk.advance(1.9)
    await desk[RVDK].says("ik pak op")
    await waiting_row(desk)
    await desk.settle()
    assert told(at_gateway(desk, RVDK)) == []
    async with desk.store.view() as unit:
        found = await unit.session.exec(select(OutboxRow).where(OutboxRow.channel == "fallback"))
        assert [each.state for each in found] == ["cancelled"]


async def test_after_the_deadline_nobody_is_disturbed(desk: Desk) -> None:
    await alarm(desk)
    desk.time[0] += 20 * MINUTE  # the bot was away
    await desk.settle()
    assert told(at_gateway(desk, RVDK)) == []


async def test_who_has_no_messenger_at_all_gets_it_at_once(desk: Desk) -> None:
    await forget(desk, RVDK)
    ref = await alarm(desk)
    assert told(at_gateway(desk, RVDK)) == [
        f"Kortelijn: alarm {ref}, spoed. Je bent opgeroepen. Bel 0800-2000 voor 15:50."
    ]
    assert "RvdK: sms verstuurd 15:40" in desk["vt_fo"].expects("0 van 4 opgepakt.").text
    page = await page_of(desk, RVDK)
    assert (page.state, page.called_at) == ("queued", None)
    await desk.advance(5.1)
    desk["rvdk_contact2"].expects("🔴 Alarm", loud=True)


async def test_a_chat_that_refuses_moves_the_chain_on_and_sends_an_sms(desk: Desk) -> None:
    desk.refuses.add(desk[RVDK].address)
    await alarm(desk)
    desk["rvdk_contact2"].expects("🔴 Alarm", loud=True)
    assert len(told(at_gateway(desk, RVDK))) == 1
    await desk.advance(4)
    assert len(told(at_gateway(desk, RVDK))) == 1


async def test_who_blocked_us_and_has_nothing_else_gets_an_sms(desk: Desk) -> None:
    await forget(desk, RVDK)
    phone = await enrolled(desk, RVDK, "5001", maker="rvdk_ap")
    ref = await alarm(desk)
    phone.expects("🔴 Alarm", loud=True)
    await desk.update("left", phone.direct, phone.address, channel="telegram")
    desk["rvdk_contact2"].expects("🔴 Alarm", loud=True)
    assert told(at_gateway(desk, RVDK)) == [
        f"Kortelijn: alarm {ref}, spoed. Je bent opgeroepen. Bel 0800-2000 voor 15:50."
    ]


async def test_who_blocked_us_on_one_of_two_is_not_in_a_hurry(desk: Desk) -> None:
    phone = await enrolled(desk, RVDK, "5001", maker="rvdk_ap")
    await alarm(desk)
    await desk.update("left", phone.direct, phone.address, channel="telegram")
    assert told(at_gateway(desk, RVDK)) == []
    await desk.advance(2.1)
    assert len(told(at_gateway(desk, RVDK))) == 1


async def test_a_number_that_was_taken_out_meanwhile(desk: Desk) -> None:
    await alarm(desk)
    await waiting_row(desk)
    desk.world = replace(desk.world, fallback={})
    async with desk.store.unit() as unit:
        (row,) = await leases.claim(unit, limit=1, lanes=outbox.PAGES)
        assert await Composer(desk.world).compose(unit, row, {}) == "failed"
        await refused(unit, desk.world, row, "nowhere to send it")
    await desk.settle()
    desk["beheerder"].expects("Sms aan RvdK-dienst 1 lukte niet")
    assert told(at_gateway(desk, RVDK)) == []


async def test_it_is_logged_as_sharing_and_kept_for_wiping(desk: Desk) -> None:
    ref = await alarm(desk)
    shared = select(AccessEntry.what).where(
        AccessEntry.action == "share", AccessEntry.reference == ref
    )
    async with desk.store.view() as unit:
        before = len((await unit.session.exec(shared)).all())
    await desk.advance(2.1)
    async with desk.store.view() as unit:
        assert len((await unit.session.exec(shared)).all()) == before + 1
        kept = select(InventoryItem.room).where(InventoryItem.channel == "fallback")
        assert (await unit.session.exec(kept)).all() == [f"sms:{RVDK}"]


async def test_withdrawn_before_that_nothing_goes_out(desk: Desk) -> None:
    await alarm(desk)
    await desk["vt_fo"].says("vergissing")
    await desk["vt_fo"].taps("✅")
    await desk.advance(5)
    assert told(at_gateway(desk, RVDK)) == []


async def test_without_a_fallback_all_is_as_before(tmp_path: Path) -> None:
    async with open_fallback_desk(tmp_path, {}) as desk:
        await alarm(desk)
        await desk.advance(4)
        assert [each for each in desk.shown if each.room.startswith("sms:")] == []


async def test_phone_offline(desk: Desk) -> None:
    """The story of the phone that is away: by SMS after 2 minutes, the next after 5; back again
    it shows how things stand, and no button that lies."""
    ref = await alarm(desk)
    page = desk[RVDK].expects("🔴 Alarm", loud=True)
    await desk.advance(2.1)
    assert len(told(at_gateway(desk, RVDK))) == 1
    await desk.advance(2.8)
    desk["rvdk_contact2"].lacks("🔴 Alarm")
    await desk.advance(0.2)
    desk["rvdk_contact2"].expects("Jij bent achterwacht, je collega reageert niet.", loud=True)
    shown = desk["vt_fo"].expects("0 van 4 opgepakt.")
    assert "RvdK: geen reactie, achterwacht opgeroepen 15:45" in shown.text
    await desk["rvdk_contact2"].taps("✅")
    desk.expect_so_far()
    # the phone comes back: the message that stood there tells how it is now
    assert page.text.startswith(f"RvdK pakte {ref} al op (15:45). Je hoeft niets te doen.")
    assert "Ik pak op" not in page.text
    await desk[RVDK].reads()
    await desk[RVDK].says("ik pak op")
    assert (await page_of(desk, "rvdk_contact2")).state == "acked"
    assert (await page_of(desk, RVDK)).state == "expired"
    assert len(told(at_gateway(desk, RVDK))) == 1
