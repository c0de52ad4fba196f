"""`main.py check` on a real homeserver: one line each, and no second session of the bot."""

import contextlib
import sqlite3
from pathlib import Path
from typing import Any

from bot.channels.matrix.homeserver import Homeserver
from tests.kit.phone import Phone
from tests.kit.synapse import Synapse
from tests.program.conftest import PASSWORD, MakeRegion, Region


async def test_before_beside_and_after_a_bot_it_is_one_device(
    synapse: Synapse, make_region: MakeRegion
) -> None:
    region = await make_region(synapse)
    assert (await region.call("check")).code == 0
    before = await _devices(region, synapse)
    assert len(before) == 1
    running = await (await region.run()).ready()

    said = await region.call("check")
    assert (said.code, said.err) == (0, "")
    lines = dict(line.split(": ", 1) for line in said.lines() if ": " in line)
    assert lines["✅ Matrix"].startswith("de bot draait en is klaar")
    assert lines["✅ Versleuteling"] == "in gebruik door de bot die draait"
    assert "✅ Klok" in lines
    assert (await running.health())[0] == 200
    assert await running.stop() == 0

    said = await region.call("check")
    assert said.code == 0
    assert f"✅ Versleuteling: werkt, apparaat {next(iter(before))} is ondertekend" in said.lines()
    assert await _devices(region, synapse) == before


async def test_it_names_who_is_not_in_yet_and_who_has_no_test(
    synapse: Synapse, make_region: MakeRegion
) -> None:
    region = await make_region(synapse)
    bot = synapse.user_id(region.user("kortelijn"))
    user = await synapse.register(region.user("om_ovj1"), PASSWORD)
    async with Phone(synapse.base_url, user, PASSWORD, bot=bot) as phone:
        running = await (await region.run()).ready()
        await running.quiet()
        await phone.settle()
        await running.until(lambda: _has_joined(region.database), "the bot to know who is in")
        line = await _people(region)
        assert line.startswith("⚠️ Mensen: 14 van 15 nog niet in hun gesprek")
        assert "officier van justitie 1" in line.partition(";")[2], "in, but never tested"
        await phone.says(phone.direct_room, "test")
        page = await phone.expects("TEST, geen echt alarm", loud=True)
        await phone.taps(page, "✅")
        await phone.shows(page, "Je bent bereikbaar")
        assert "officier van justitie 1" not in await _people(region)
    assert await running.stop() == 0


async def test_a_wrong_password_and_a_server_that_is_away(
    synapse: Synapse, make_region: MakeRegion
) -> None:
    wrong = await make_region(synapse)
    (wrong.folder / "secrets" / "matrix.password").write_text("verkeerd")
    said = await wrong.call("check")
    assert said.code == 1
    assert f"weigert {synapse.user_id(wrong.user('kortelijn'))}" in said.out
    assert "✅ Klok" in said.out, "the clock needs no login"
    assert "verkeerd" not in said.out + said.err
    assert said.lines()[-1] == "Nog niet klaar."

    away = await make_region()
    said = await away.call("check")
    assert said.code == 1
    assert "❌ Matrix: http://127.0.0.1:" in said.out
    assert "is niet bereikbaar" in said.out
    assert "✅ Database" in said.out


async def test_a_gap_and_an_open_folder_are_warnings(make_region: MakeRegion) -> None:
    region = await make_region()
    night = 'to = "08:00"                      # niemand in dienst: meteen de achterwacht\n'
    region.edit("roster.toml", night, f'{night}primary = "rvdk_contact1"\n')
    assert "✅ Rooster: geen gaten in 14 dagen" in (await region.call("check")).out
    region.edit("roster.toml", 'primary = "om_ovj1"', "")
    region.settings.data_dir.chmod(0o755)
    said = (await region.call("check")).out
    assert "⚠️ Rooster: 1 keer niemand in dienst in 14 dagen (OM)" in said
    assert "⚠️ Database: werkt, maar anderen op deze machine kunnen erbij." in said
    assert f"chmod 700 {region.settings.data_dir}" in said


def _has_joined(database: Path) -> bool:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        found = connection.execute("SELECT 1 FROM identity WHERE joined_at IS NOT NULL")
        return found.fetchone() is not None


async def _people(region: Region) -> str:
    said = await region.call("check")
    assert said.code == 0
    return next(line for line in said.lines() if "Mensen" in line)


async def _devices(region: Region, synapse: Synapse) -> set[str]:
    """The devices of the bot, as the homeserver has them."""
    user = synapse.user_id(region.user("kortelijn"))
    homeserver = Homeserver(synapse.base_url)
    login = {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": user},
        "password": PASSWORD,
    }
    try:
        answer = await homeserver.call("POST", "client/v3/login", login)
        homeserver.token = answer["access_token"]
        body: dict[str, Any] = {"device_keys": {user: []}}
        keys = await homeserver.call("POST", "client/v3/keys/query", body)
        await homeserver.call("POST", "client/v3/logout", {})
    finally:
        await homeserver.close()
    return set(keys["device_keys"][user])
