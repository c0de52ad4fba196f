"""An alarm that was a mistake."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from commands.withdraw_case import on_new_ack
from storage.tables import Case, TimerRow
from tests.commands.harness import Desk
from tests.commands.morning import open_desk

CALLED = ("vt_gw1", "om_ovj1", "politie_cvd1", "rvdk_contact1")
DONE = "is ingetrokken (15:40): vergissing. Je hoeft niets te doen."


async def _alarm(desk: Desk) -> None:
    await desk["vt_fo"].says("alarm skm Centrum")
    await desk["vt_fo"].taps("1️⃣")
    desk.expect_so_far()


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """VT raised an alarm; four people were called."""
    async with open_desk(tmp_path, after=_alarm) as desk:
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
