"""It was sent, or it was not; what follows from it failed. Nobody may be left without an answer."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from bot.channels.base import Delivery, Later, Receipt
from bot.marking import Marking
from storage import outbox
from storage.tables import OutboxRow, Post
from tests.bot.scene import (
    Chat,
    allow,
    chain_of,
    is_page,
    outbox_rows,
    page_of,
    raise_alarm,
    refuse,
)
from tests.bot.scripted import sending, until
from tests.commands.harness import Desk
from tests.commands.morning import open_desk

PAGES = 4


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """An alarm whose pages have not left yet."""
    async with open_desk(tmp_path) as desk:
        await raise_alarm(desk)
        yield desk


async def row_of_page(desk: Desk, key: str) -> OutboxRow:
    page = await page_of(desk, key)
    return (await outbox_rows(desk, OutboxRow.page_id == page.id))[0]


async def nothing_left(desk: Desk) -> None:
    async def done() -> bool:
        return not await outbox_rows(desk, OutboxRow.state.in_(("pending", "sending")))  # type: ignore[attr-defined]

    await until(done)


async def test_a_page_whose_consequence_failed_can_still_be_answered(desk: Desk) -> None:
    om = desk["om_ovj1"]
    await refuse(desk, "uncalled", "BEFORE UPDATE ON page WHEN NEW.state = 'called'")
    async with sending(desk, Chat(desk, "om_ovj1", None)):
        await nothing_left(desk)
        row = await row_of_page(desk, "om_ovj1")
        assert (row.state, row.error) == ("sent", "consequence failed")
        alarm = om.expects("🔴 Alarm", loud=True)
        assert alarm.buttons, "there is nothing to press"
        desk["beheerder"].expects("kon ik niet verwerken")
        await om.taps("✅", alarm)
        await nothing_left(desk)
    assert (await chain_of(desk, "om")).acked_at is not None


async def test_where_not_even_the_message_can_be_kept_its_room_is_not_held_up(desk: Desk) -> None:
    await refuse(desk, "unkept", "BEFORE INSERT ON post WHEN NEW.slot LIKE 'page:%'")
    async with sending(desk, Chat(desk, "om_ovj1", None)):
        await nothing_left(desk)
    row = await row_of_page(desk, "om_ovj1")
    assert (row.state, row.error) == ("sent", "consequence failed")
    desk["beheerder"].expects("kon ik niet verwerken")
    async with desk.store.view() as unit:
        posts = await unit.session.exec(select(Post).where(Post.slot == row.slot))
        assert posts.all() == []


async def test_what_was_not_sent_is_never_taken_for_sent(desk: Desk) -> None:
    """Also while the database refuses, with an error that does not pass, to put it back."""
    chat = Chat(desk, "om_ovj1", Later("limited", after_ms=50))
    await refuse(desk, "kept_back", "BEFORE UPDATE ON outbox WHEN NEW.state = 'pending'")
    async with sending(desk, chat):
        await chat.asked_again(1)
        chat.receipt = None
        assert (await row_of_page(desk, "om_ovj1")).state == "sending"
        await allow(desk, "kept_back")
        await nothing_left(desk)
    assert (await page_of(desk, "om_ovj1")).state == "called"
    desk["om_ovj1"].expects("🔴 Alarm", loud=True)


async def test_what_a_press_has_proven_is_not_sent_again(desk: Desk) -> None:
    """Telegram's answer never came, but the officer has pressed the page (`commands.copies`)."""

    class Pressed(Chat):
        async def __call__(self, delivery: Delivery) -> Receipt | None:
            receipt = await super().__call__(delivery)
            if receipt is not None:
                async with desk.store.unit() as unit:
                    row = await unit.session.get(OutboxRow, number)
                    assert row is not None
                    outbox.finish(unit, row, "sent")
            return receipt

    number = (await row_of_page(desk, "om_ovj1")).id
    chat = Pressed(desk, "om_ovj1", Later("no answer", after_ms=10, unknown=True))
    async with sending(desk, chat):
        await nothing_left(desk)
    assert chat.asked == 1
    assert (await row_of_page(desk, "om_ovj1")).state == "sent"


class Together(Chat):
    """All four pages are accepted in one moment."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "om_ovj1", None)
        self._here = 0
        self._all = asyncio.Event()

    async def __call__(self, delivery: Delivery) -> Receipt | None:
        if is_page(delivery):
            self._here += 1
            if self._here == PAGES:
                self._all.set()
            await self._all.wait()
        return await super().__call__(delivery)


async def test_what_is_accepted_together_is_written_down_together(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And one that spoils it is tried by itself: the others lose nothing by it."""
    portions: list[int] = []
    mark = Marking._mark

    async def counted(self: Marking, marks: Sequence[Any]) -> None:
        portions.append(len(marks))
        await mark(self, marks)

    monkeypatch.setattr(Marking, "_mark", counted)
    spoiled = await page_of(desk, "rvdk_contact1")
    await refuse(
        desk,
        "spoiled",
        f"BEFORE UPDATE ON page WHEN NEW.state = 'called' AND NEW.id = {spoiled.id}",
    )
    async with sending(desk, Together(desk)):
        await nothing_left(desk)
    assert portions[:2] == [1, PAGES - 1]  # whoever is first waits for nobody
    rows = await outbox_rows(desk, OutboxRow.page_id.is_not(None))  # type: ignore[union-attr]
    assert {row.state for row in rows} == {"sent"}
    assert [row.page_id for row in rows if row.error] == [spoiled.id]
    assert (await page_of(desk, "om_ovj1")).state == "called"
    desk.expect_so_far()


async def test_a_late_word_about_a_row_that_another_has_leased_since_counts_no_more(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    marked = asyncio.Event()
    mark = Marking.marked

    async def heard(self: Marking, row: OutboxRow, *what: Any) -> bool:
        done = await mark(self, row, *what)
        if row.id == number:
            marked.set()
        return done

    class Slow(Chat):
        async def __call__(self, delivery: Delivery) -> Receipt | None:
            receipt = await super().__call__(delivery)
            if receipt is not None:  # meanwhile we were thought dead
                async with desk.store.unit() as unit:
                    row = await unit.session.get_one(OutboxRow, number)
                    row.attempts += 1
            return receipt

    monkeypatch.setattr(Marking, "marked", heard)
    number = (await row_of_page(desk, "om_ovj1")).id
    async with sending(desk, Slow(desk, "om_ovj1", Later("no answer", after_ms=10))):
        async with asyncio.timeout(20):
            await marked.wait()
        row = await row_of_page(desk, "om_ovj1")
        assert (row.state, row.attempts) == ("sending", 2), "the other one's row was put back"
    desk.expect_so_far()
