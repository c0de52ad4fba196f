"""The clock of the day stops where it must and never runs backwards."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from bot.clock import StoryClock
from tests.demo.hand import Hand
from tests.demo.region import last_friday

FRIDAY = last_friday(datetime(2026, 7, 15, 9, 0, tzinfo=UTC))


def test_the_story_is_on_the_friday_before_today() -> None:
    assert f"{FRIDAY:%a %d %H:%M}" == "Fri 10 15:00"
    on_a_friday = last_friday(datetime(2026, 7, 17, 21, 0, tzinfo=UTC))
    assert f"{on_a_friday:%a %d}" == "Fri 10"


async def test_it_hurries_to_a_time_and_walks_from_there(tmp_path: Path) -> None:
    hand = Hand(tmp_path / "clock", FRIDAY)
    everybody = StoryClock(tmp_path / "clock")
    hand.set_to("15:40")
    shown = [everybody.now()]
    hurrying = asyncio.create_task(hand.hurry_to("15:42"))
    while not hurrying.done():
        shown.append(everybody.now())
        await asyncio.sleep(0.01)
    assert shown == sorted(shown)
    assert shown[0] >= hand.instant("15:40")
    assert hand.instant("15:42") <= everybody.now() < hand.instant("15:50")


async def test_while_the_bot_is_away_it_goes_no_faster_than_a_real_clock(tmp_path: Path) -> None:
    hand = Hand(tmp_path / "clock", FRIDAY)
    hand.set_to("15:40")
    hand.slow_down(True)
    hurrying = asyncio.create_task(hand.hurry_to("15:50"))
    await asyncio.sleep(0.3)
    assert hand.now() < hand.instant("15:41")
    hand.slow_down(False)
    await hurrying
    assert hand.now() >= hand.instant("15:50")
