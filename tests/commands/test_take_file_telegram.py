"""Roster files on Telegram: nothing of a case is in them, so all of it may be shown there."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from commands.people import by_address
from commands.roster.take_file import read_file, take_file
from tests.commands.harness import Desk
from tests.commands.telegram_scene import enrolled, open_telegram_desk, types

TABLE = "functie;dagen;van;tot;voorwacht;achterwacht\novj;elke dag;0:00;24:00;{};om_ovj1\n"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_telegram_desk(tmp_path) as desk:
        yield desk


async def sends(desk: Desk, content: str) -> None:
    async with desk.store.unit() as unit:
        who = await by_address(unit, "telegram", "5003")
        assert who is not None
        understood = await read_file(unit, desk.world, who.person, "rooster.csv", content.encode())
        await take_file(unit, desk.world, who, understood)
    await desk.settle()


async def test_preview_problems_and_template_are_shown_in_full(desk: Desk) -> None:
    phone = await enrolled(desk, "om_ap", "5003")
    desk.expect_so_far()
    await sends(desk, TABLE.format("Jan Jansen"))
    said = phone.expects("Dit bestand klopt nog niet.")
    assert "Rij 2, kolom E (voorwacht): Deze persoon ken ik niet." in said.text
    assert "Jansen" not in said.text
    await sends(desk, TABLE.format("om_ovj2"))
    question = phone.expects("📋 Dit verandert er in het rooster van OM.")
    assert "OM officier van justitie, vaste regels: 1 erbij, 1 weg, 0 blijven." in question.text
    assert [label for label, _ in question.keyboard] == ["Voer door", "Stop"]
    await types(phone, "sjabloon")
    phone.expects("Vul dit bestand in en stuur het hier terug.")
    assert [file.name for file in desk.files] == ["rooster-om.xlsx"]
    desk.nothing_unexpected()
