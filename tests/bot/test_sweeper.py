"""The clock's hand takes several timers at a time, and one that fails spoils none of the others."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot import sweeper
from bot.clock import WallClock
from bot.kill_points import KillPoints
from bot.metrics import Metrics
from bot.operator_lines import OperatorLines
from bot.sweeper import Sweeper
from commands.world import World
from storage import timers
from storage.store import Unit
from storage.tables import TimerRow
from tests.commands.harness import Desk
from tests.commands.morning import open_desk

HANG_S = 30.0


async def swept(desk: Desk, at_rest: Callable[[], bool], which: timers.Which = "all") -> None:
    """Let the hand run until this holds."""
    metrics = Metrics()
    operators = OperatorLines(desk.store, metrics)
    hand = Sweeper(desk.store, desk.world, WallClock(), KillPoints(), metrics, operators, which)
    running = asyncio.create_task(hand.sweep_for_ever())
    try:
        async with asyncio.timeout(HANG_S):
            while not at_rest():
                await asyncio.sleep(0.01)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def states(desk: Desk) -> dict[str, str]:
    async with desk.store.view() as unit:
        found = await unit.session.exec(select(TimerRow).where(col(TimerRow.kind) == "try_it"))
        return {each.subject: each.state for each in found.all()}


def play(
    monkeypatch: pytest.MonkeyPatch, doing: Callable[[Unit, TimerRow], Awaitable[None]]
) -> list[str]:
    """What a timer means in this test; the subjects that it happened to."""
    fired: list[str] = []

    async def fire(unit: Unit, _world: World, timer: TimerRow) -> None:
        timer.state = "done"
        await doing(unit, timer)
        fired.append(timer.subject)

    monkeypatch.setattr(sweeper, "fire", fire)
    return fired


async def set_some(desk: Desk, *subjects: str) -> None:
    async with desk.store.unit() as unit:
        for subject in subjects:
            timers.set_timer(unit, "try_it", subject, unit.now)


async def test_one_that_fails_spoils_none_of_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def doing(_unit: Unit, timer: TimerRow) -> None:
        if timer.subject == "try:2":
            raise RuntimeError("this one cannot")

    async with open_desk(tmp_path) as desk:
        fired = play(monkeypatch, doing)
        await set_some(desk, "try:1", "try:2", "try:3")
        await swept(desk, lambda: {"try:1", "try:3"} <= set(fired[1:]))
        assert await states(desk) == {"try:1": "done", "try:2": "live", "try:3": "done"}


async def test_one_that_was_cancelled_by_the_one_before_does_not_fire(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def doing(unit: Unit, timer: TimerRow) -> None:
        if timer.subject == "try:1":
            await timers.cancel_timers(unit, "try:2")

    async with open_desk(tmp_path) as desk:
        fired = play(monkeypatch, doing)
        await set_some(desk, "try:1", "try:2", "try:3")
        await swept(desk, lambda: "try:3" in fired)
        assert fired == ["try:1", "try:3"]
        assert await states(desk) == {"try:1": "done", "try:2": "cancelled", "try:3": "done"}


async def test_one_hand_calls_and_the_other_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line that waits for pages holds up no clock."""

    async def doing(_unit: Unit, _timer: TimerRow) -> None: ...

    async with open_desk(tmp_path) as desk:
        fired = play(monkeypatch, doing)
        async with desk.store.unit() as unit:
            timers.set_timer(unit, timers.LINES[0], "case:1", unit.now - 1_000)
            timers.set_timer(unit, "try_it", "try:1", unit.now)
        await swept(desk, lambda: bool(fired), "clocks")
        assert fired == ["try:1"]
        await swept(desk, lambda: len(fired) > 1, "lines")
        assert fired == ["try:1", "case:1"]
