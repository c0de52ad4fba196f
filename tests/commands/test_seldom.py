"""What may not ring without end: lines about unreadable messages, and tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.commands.harness import Desk, Shown
from tests.commands.morning import open_desk

UNREADABLE = "is niet te lezen"
TEST = "🔵 TEST, geen echt alarm."


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A quiet Friday afternoon."""
    async with open_desk(tmp_path) as desk:
        yield desk


def seen(desk: Desk, key: str, fragment: str) -> list[Shown]:
    """Every message with these words."""
    return [each for each in desk[key].screen() if fragment in each.text]


async def unreadable(desk: Desk, key: str) -> None:
    """A message that we cannot decrypt."""
    await desk.update("unreadable", desk[key].direct, desk[key].address)


async def test_the_operator_hears_once_an_hour_of_one_persons_unreadable_messages(
    desk: Desk,
) -> None:
    for _ in range(5):
        await unreadable(desk, "om_ovj1")
        await desk.advance(10)
    assert len(seen(desk, "beheerder", UNREADABLE)) == 1
    await desk.advance(10)
    await unreadable(desk, "om_ovj1")
    assert len(seen(desk, "beheerder", UNREADABLE)) == 2


async def test_every_writer_of_an_unreadable_message_hears_it_each_time(desk: Desk) -> None:
    for key in ("om_ovj1", "om_ovj1", "vt_fo"):
        await unreadable(desk, key)
    assert len(seen(desk, "beheerder", UNREADABLE)) == 2, "one about each of the two"
    assert len(seen(desk, "om_ovj1", "Er is niets gedaan.")) == 2


async def test_three_tests_in_ten_minutes_ring_and_the_fourth_is_answered_calmly(
    desk: Desk,
) -> None:
    om = desk["om_ovj1"]
    for _ in range(4):
        await om.says("test")
        await desk.advance(1)
    rung = seen(desk, "om_ovj1", TEST)
    assert [each.loud for each in rung] == [True] * 3
    om.expects("Drie tests kort na elkaar is genoeg. Weer vanaf 15:50.", loud=False)
    await desk["vt_fo"].says("test")
    desk["vt_fo"].expects(TEST, loud=True)
    await desk.advance(6)  # 15:50
    await om.says("test")
    assert len(seen(desk, "om_ovj1", TEST)) == 4


async def test_the_button_that_tests_again_keeps_to_it_and_stays(desk: Desk) -> None:
    om = desk["om_ovj1"]
    for _ in range(3):
        await om.says("test")
        await desk.advance(1)
    asked = seen(desk, "om_ovj1", TEST)[-1]
    await om.taps("❌", asked)
    await om.taps(asked.buttons[0], asked)
    assert asked.text.startswith("Drie tests kort na elkaar is genoeg.")
    await desk.advance(10)
    await om.taps(asked.buttons[0], asked)
    assert len(seen(desk, "om_ovj1", TEST)) == 3, "two of the four became something else"
