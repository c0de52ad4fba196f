"""What the dispatcher does not hand to a messenger at all."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import select

from bot.channels.base import Delivery, Say
from commands.headline import refresh
from storage.tables import Case, OutboxRow
from tests.bot.scene import outbox_rows, page_of, raise_alarm
from tests.bot.scripted import sending, until
from tests.commands.harness import Desk
from tests.commands.morning import open_desk
from tests.commands.telegram_scene import only_on_telegram, open_telegram_desk


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """An alarm whose pages have not left yet."""
    async with open_desk(tmp_path) as desk:
        await raise_alarm(desk)
        yield desk


async def nothing_left(desk: Desk) -> None:
    async def done() -> bool:
        return not await outbox_rows(desk, OutboxRow.state.in_(("pending", "sending")))  # type: ignore[attr-defined]

    await until(done)


async def make_headline_again(desk: Desk) -> None:
    async with desk.store.unit() as unit:
        case = (await unit.session.exec(select(Case).where(Case.state == "open"))).one()
        await refresh(unit, desk.world, case)


async def test_an_edit_that_changes_nothing(desk: Desk) -> None:
    edits: list[str] = []

    async def note(delivery: Delivery) -> None:
        if isinstance(delivery, Say) and delivery.replaces is not None:
            edits.append(delivery.text)

    async with sending(desk, note):
        await nothing_left(desk)
        await make_headline_again(desk)
        await nothing_left(desk)
        assert edits, "the last screen of the alarm became its headline"
        before = len(edits)
        await make_headline_again(desk)
        await nothing_left(desk)
        assert len(edits) == before
        desk.time[0] += 60_000  # now it says another minute
        await make_headline_again(desk)
        await nothing_left(desk)
        assert len(edits) > before


async def test_a_page_for_a_messenger_that_was_taken_out_of_the_configuration(
    tmp_path: Path,
) -> None:
    async with open_telegram_desk(tmp_path) as desk:
        await only_on_telegram(desk, "om_ovj1", "5001")
        await raise_alarm(desk)
        async with sending(desk, _nothing):  # by Matrix alone
            await nothing_left(desk)
        om = await page_of(desk, "om_ovj1")
        (row,) = await outbox_rows(desk, OutboxRow.page_id == om.id)
        assert (row.channel, row.state) == ("telegram", "failed")
        desk["om_ovj2"].expects("🔴 Alarm", loud=True)


async def _nothing(delivery: Delivery) -> None:
    """No opinion: it is accepted."""
