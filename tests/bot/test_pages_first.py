"""While pages are on their way nothing else is sent, but one that hangs stops nobody for long."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import col

from bot.channels.base import Delivery, Receipt
from storage import outbox
from storage.tables import OutboxRow
from tests.bot.scene import is_page, outbox_rows, raise_alarm
from tests.bot.scripted import sending, until
from tests.commands.harness import Desk
from tests.commands.morning import open_desk


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """An alarm whose pages, and the answer to whoever raised it, have not left yet."""
    async with open_desk(tmp_path) as desk:
        await raise_alarm(desk)
        yield desk


class OneHangs:
    """The server says nothing about the first page until it is let go."""

    def __init__(self) -> None:
        self.let_go = asyncio.Event()
        self.hangs = False
        self.meanwhile: list[Delivery] = []  # what else began while it hung

    async def __call__(self, delivery: Delivery) -> Receipt | None:
        if is_page(delivery) and not self.hangs and not self.let_go.is_set():
            self.hangs = True
            await self.let_go.wait()
            self.hangs = False
        elif self.hangs:
            self.meanwhile.append(delivery)
        return None


async def waiting(desk: Desk, *clauses: bool) -> list[OutboxRow]:
    unsent = col(OutboxRow.state).in_(("pending", "sending"))
    return await outbox_rows(desk, unsent, *clauses)


async def only_the_hanging_page_waits(desk: Desk) -> bool:
    return [row.lane for row in await waiting(desk)] == [outbox.PAGES]


async def test_everything_else_is_sent_while_one_page_hangs(desk: Desk) -> None:
    server = OneHangs()
    async with sending(desk, server, pages_alone_s=0.05):

        async def done() -> bool:
            return server.hangs and await only_the_hanging_page_waits(desk)

        await until(done)
        server.let_go.set()


async def test_until_then_only_pages_go(desk: Desk) -> None:
    server = OneHangs()
    async with sending(desk, server, pages_alone_s=60.0):

        async def other_pages_went() -> bool:
            pages = OutboxRow.lane == outbox.PAGES
            return server.hangs and len(await waiting(desk, pages)) == 1

        await until(other_pages_went)
        async with desk.store.unit() as unit:  # a reason to look again
            unit.wake("outbox")
        for _ in range(20):
            await asyncio.sleep(0.005)
        assert len(server.meanwhile) > 0
        assert all(is_page(each) for each in server.meanwhile)
        server.let_go.set()

        async def done() -> bool:
            return not await waiting(desk)

        await until(done)
