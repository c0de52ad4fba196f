"""A page that one chat never takes: the operators hear of it once, the others notice nothing."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.channels.base import Later
from storage.tables import Chain, OutboxRow, TimerRow
from tests.bot.scene import Chat, chain_of, outbox_rows, page_of, raise_alarm
from tests.bot.scripted import sending, until
from tests.commands.harness import Desk
from tests.commands.morning import open_desk

LIMITED = Later("limited", after_ms=50)
FAILS = Later("HTTP 500", after_ms=50, channel_down=True)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """An alarm of 15:40 whose pages have not left yet."""
    async with open_desk(tmp_path) as desk:
        await raise_alarm(desk)
        yield desk


async def lines(desk: Desk) -> list[OutboxRow]:
    """The lines about pages that wait."""
    return await outbox_rows(desk, col(OutboxRow.slot).startswith("waits:"))


def told(desk: Desk) -> bool:
    return any("komt er niet door" in each.text for each in desk["beheerder"].screen())


async def hear(desk: Desk) -> None:
    """The operator reads it."""

    async def done() -> bool:
        return told(desk)

    await until(done)


async def test_it_is_told_after_a_minute_and_once_also_by_the_next_process(desk: Desk) -> None:
    chat = Chat(desk, "om_ovj1", LIMITED)
    async with sending(desk, chat):
        desk.time[0] += 59_000
        await chat.asked_again()
        assert await lines(desk) == []
        desk.time[0] += 2_000
        await hear(desk)
        await chat.asked_again()
    async with sending(desk, chat):
        await chat.asked_again(3)
    assert len(await lines(desk)) == 1
    line = desk["beheerder"].expects("wacht sinds 15:40 en komt er niet door", loud=True)
    page = (await outbox_rows(desk, OutboxRow.page_id == (await page_of(desk, "om_ovj1")).id))[0]
    assert page.state == "pending", "it is tried on"
    assert "letsel" not in line.text


async def test_the_others_and_the_chain_notice_nothing_and_it_still_arrives(desk: Desk) -> None:
    chat = Chat(desk, "om_ovj1", LIMITED)
    async with sending(desk, chat):
        desk.time[0] += 61_000
        await hear(desk)
        assert (await page_of(desk, "politie_cvd1")).state == "called"
        chain = await chain_of(desk, "om")
        async with desk.store.view() as unit:
            clocks = await unit.session.exec(
                select(TimerRow).where(
                    TimerRow.subject == f"chain:{chain.id}", TimerRow.state == "live"
                )
            )
            assert len(clocks.all()) == 1, "the next person is called by it"
        chat.receipt = None

        async def called() -> bool:
            return (await page_of(desk, "om_ovj1")).state == "called"

        await until(called)
    desk["om_ovj1"].expects("🔴 Alarm", loud=True)


async def test_a_messenger_that_is_wholly_away_has_its_own_line(desk: Desk) -> None:
    chat = Chat(desk, "om_ovj1", FAILS)
    async with sending(desk, chat):
        desk.time[0] += 61_000
        await chat.asked_again(4)
    assert await lines(desk) == []


async def test_a_server_that_fails_for_one_chat_only_is_told(desk: Desk) -> None:
    """What it answers sounds as if all were away, but meanwhile there is news from it."""
    chat = Chat(desk, "om_ovj1", FAILS)
    async with sending(desk, chat) as operators:
        desk.time[0] += 61_000
        await chat.asked_again()
        await operators.channel_up("matrix")
        await hear(desk)


async def test_where_somebody_took_it_nobody_is_asked_to_call(desk: Desk) -> None:
    chat = Chat(desk, "om_ovj1", LIMITED)
    async with desk.store.unit() as unit:
        chain = (await unit.session.exec(select(Chain).where(Chain.partner == "om"))).one()
        chain.acked_at = unit.now
    async with sending(desk, chat):
        desk.time[0] += 61_000
        await chat.asked_again(4)
    assert await lines(desk) == []
