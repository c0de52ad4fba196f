"""What people may look up of the roster: another day, one partner, the own shifts, the gaps."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.commands.harness import Desk
from tests.commands.morning import open_desk
from tests.commands.roster.scene import everybody_tested


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path, after=everybody_tested) as desk:
        yield desk
        desk.nothing_unexpected()


async def answer(desk: Desk, key: str, words: str) -> str:
    await desk[key].says(words)
    said = desk[key].screen()[-1]
    said.expected = True
    return said.text


@pytest.mark.parametrize("words", ["dienst morgen", "dienst za", "Dienst 11-7", "duty tomorrow"])
async def test_another_day(desk: Desk, words: str) -> None:
    assert await answer(desk, "rvdk_contact1", words) == (
        "Dienst op za 11 juli\n"
        "VT: hele dag, achterwacht ja\n"
        "OM: hele dag, achterwacht ja\n"
        "Politie: hele dag, achterwacht ja\n"
        "RvdK: niemand van za 00:00 – za 08:00, za 22:00 – zo 00:00, achterwacht ja\n"
        "Jij: za 08:00 – za 22:00"
    )


async def test_one_partner(desk: Desk) -> None:
    assert (
        await answer(desk, "vt_fo", "dienst OM")
        == "Nu (vr 15:40)\nOM: de hele week, achterwacht ja"
    )
    assert "RvdK" not in await answer(desk, "vt_fo", "dienst politie morgen")


async def test_ones_own_shifts(desk: Desk) -> None:
    lines = (await answer(desk, "rvdk_contact1", "rooster")).splitlines()
    assert lines[0] == "Jouw diensten, komende 14 dagen:"
    assert lines[1:3] == [
        "15:40 – 22:00: voorwacht, RvdK",
        "za 08:00 – za 22:00: voorwacht, RvdK",
    ]
    assert await answer(desk, "rvdk_contact2", "rooster") == (
        "Jouw diensten, komende 14 dagen:\n15:40 – vr 24 juli 15:40: achterwacht, RvdK"
    )


async def test_gaps_of_the_own_organisation_with_a_score(desk: Desk) -> None:
    text = await answer(desk, "rvdk_ap", "rooster gaten")
    lines = text.splitlines()
    assert lines[:2] == [
        "14 gaten in de komende 14 dagen:",
        "RvdK: geen voorwacht, 22:00 – za 08:00",
    ]
    assert "Cijfer van dit rooster:" in text
    assert await answer(desk, "rvdk_ap", "rooster") == text, "who has no shifts means the gaps"
    assert (await answer(desk, "om_ap", "rooster gaten")).startswith("Geen gaten")


async def test_a_coordinator_sees_the_gaps_of_all(desk: Desk) -> None:
    assert "RvdK: geen voorwacht" in await answer(desk, "coordinator", "rooster gaten")


async def test_words_that_mean_nothing_get_the_way_on(desk: Desk) -> None:
    assert await answer(desk, "om_ovj1", "rooster zomaar") == "Schrijf: rooster, of: rooster gaten."
