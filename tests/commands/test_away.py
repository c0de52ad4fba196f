"""After an absence every open room hears of it once, some at a time, and pages go first."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from commands import away
from storage import timers
from storage.store import Unit
from storage.tables import Case, Cursor, OutboxRow, TimerRow
from tests.commands.harness import Desk
from tests.commands.morning import open_desk

CASES = 2 * away.AT_ONCE + 3


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A region with many open cases whose bot has been away for ten minutes."""
    async with open_desk(tmp_path) as desk:
        async with desk.store.unit() as unit:
            unit.session.add(Cursor(channel="matrix", position="s1", moved_at=unit.now))
            for number in range(CASES):
                unit.session.add(_case(unit, number))
        await desk.advance(10)
        yield desk


def _case(unit: Unit, number: int) -> Case:
    return Case(
        region_id=unit.region_id,
        wrapped_key=unit.vault.new_case_key(),
        reference=f"KL-{number:04}",
        state="closed" if number == 1 else "open",
        channel="matrix",
        room=f"!room{number}:test",
        initiator_id=1,
    )


async def _start(desk: Desk) -> bool:
    async with desk.store.unit() as unit:
        return await away.tell_that_we_were_away(unit, "matrix")


async def _tell_all(desk: Desk, most: int = 1_000) -> int:
    """Fire what is due, at most so often. Returns how many portions there were."""
    for done in range(most):
        async with desk.store.unit() as unit:
            due = await timers.claim_due(unit, 1)
            if not due:
                return done
            assert due[0].kind == away.ROOMS
            due[0].state = "done"
            await away.tell_rooms(unit, due[0].argument)
    return most


async def _told(desk: Desk) -> list[str]:
    async with desk.store.view() as unit:
        found = await unit.session.exec(
            select(OutboxRow.destination).where(col(OutboxRow.destination).startswith("case:"))
        )
        return list(found)


async def test_every_open_room_hears_of_it_once_and_some_at_a_time(desk: Desk) -> None:
    assert await _start(desk)
    assert await _told(desk) == []  # nothing of it holds up the start
    assert await _tell_all(desk) == 3
    told = await _told(desk)
    assert len(told) == len(set(told)) == CASES - 1  # a closed one has nobody who waits


async def test_killed_in_between_it_goes_on_where_it_was(desk: Desk) -> None:
    await _start(desk)
    await _tell_all(desk, most=1)
    async with desk.store.view() as unit:
        waiting = await unit.session.exec(select(TimerRow).where(TimerRow.state == "live"))
        assert waiting.one().argument.endswith(f" {away.AT_ONCE + 1}")
    await _tell_all(desk)
    assert len(await _told(desk)) == CASES - 1


async def test_two_instances_that_start_tell_it_once(desk: Desk) -> None:
    assert await _start(desk)
    assert not await _start(desk)
    await _tell_all(desk)
    assert len(await _told(desk)) == CASES - 1


async def test_a_short_absence_is_nobodys_business(desk: Desk) -> None:
    async with desk.store.unit() as unit:
        cursor = await unit.session.get_one(Cursor, "matrix")
        cursor.moved_at = unit.now - away.NOTICED_MS + 1  # the last thing that it did
    assert not await _start(desk)
    assert await _tell_all(desk) == 0
