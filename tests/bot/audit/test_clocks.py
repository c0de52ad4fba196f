"""The database's own clock is compared with the machine's, and a slow answer is no difference."""

import pytest
from sqlalchemy import create_engine, pool

from bot.audit.clocks import APART_MS, apart, differ
from bot.audit.witness import Witness
from bot.clock import WallClock
from tests.commands.harness import Desk


def look(desk: Desk, machine_ms_behind: int) -> int:
    """How far the database seems ahead of a machine that is this far behind."""
    wall = WallClock()
    witness = Witness(desk.store.engine.url, lambda: wall.now() - machine_ms_behind)
    return witness.look(desk.now).apart_ms


async def test_on_one_machine_they_agree(desk: Desk) -> None:
    """Also where the program's own clock is a story's, as this desk's is."""
    assert abs(look(desk, 0)) < APART_MS


@pytest.mark.parametrize("behind", [-60_000, 60_000])
async def test_the_difference_is_seen_in_both_directions(desk: Desk, behind: int) -> None:
    assert look(desk, behind) == pytest.approx(behind, abs=APART_MS)


@pytest.mark.parametrize(
    ("apart_ms", "amounts"),
    [(0, []), (APART_MS, []), (-APART_MS, []), (APART_MS + 1, [2_001]), (-9_000, [9_000])],
)
def test_two_seconds_are_no_harm(apart_ms: int, amounts: list[int]) -> None:
    assert [each.amount for each in differ(apart_ms)] == amounts


def test_a_slow_answer_is_no_difference(monkeypatch: pytest.MonkeyPatch, database: str) -> None:
    if database != "sqlite":
        return
    moments = iter([0.0, 30.0])
    monkeypatch.setattr("bot.audit.clocks.time.monotonic", lambda: next(moments))
    wall = WallClock()
    with create_engine("sqlite://", poolclass=pool.StaticPool).connect() as connection:
        assert apart(connection, lambda: wall.now() - 20_000) == 0
