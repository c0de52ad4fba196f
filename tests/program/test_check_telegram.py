"""`main.py check` of a region that is on Telegram as well."""

from pathlib import Path

from tests.kit.telegram.region import BOT
from tests.kit.telegram.server import FakeTelegram
from tests.program.conftest import MakeRegion, Region


def _add_telegram(region: Region, table: str, token: str) -> Path:
    with (region.folder / "region.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[telegram]\nbot = "lagedijk_kortelijn_bot"\n{table}')
    path = region.folder / "secrets" / "telegram.token"
    path.touch(0o600)
    path.write_text(f"{token}\n")
    return path


async def test_it_tells_of_both_messengers(make_region: MakeRegion) -> None:
    async with FakeTelegram() as telegram:
        telegram.bot["username"] = BOT
        region = await make_region(KORTELIJN_TELEGRAM_API=telegram.url)
        assert "Telegram" not in (await region.call("check")).out
        _add_telegram(region, "", telegram.token)
        said = await region.call("check")
        assert (said.code, said.err) == (1, ""), "its homeserver is away"
        assert "❌ Matrix: http://127.0.0.1:" in said.out
        assert f"✅ Telegram: @{BOT}" in said.out
        assert "⚠️ Menu op Telegram: staat er nog niet. De volgende start zet het" in said.out
        assert "✅ Inhoud op Telegram: alleen oproepen, tijden en stand." in said.out
        assert "⚠️ Casusruimte" not in said.out
        assert telegram.token not in said.out

        telegram.bot["username"] = "een_andere_bot"
        region.edit("people.toml", 'matrix = "@politie_cvd1', '# matrix = "@politie_cvd1')
        said = await region.call("check")
        assert (
            f"❌ Telegram: het token is van @een_andere_bot, maar in region.toml staat @{BOT}"
            in (said.out)
        )
        assert "1 opgeroepene kan de casusruimte niet lezen, want heeft geen Element" in said.out


async def test_it_says_what_a_conversation_on_telegram_means(make_region: MakeRegion) -> None:
    region = await make_region(KORTELIJN_TELEGRAM_API="http://127.0.0.1:9")
    thread = 'mode = "thread"\ndpia_reference = "DPIA 2026-01"\ngroup = "-1000000000001"\n'
    token = _add_telegram(region, thread, "123456789:AAverzonnen-token-van-niemand-00000")
    said = await region.call("check")
    assert said.code == 1
    line = next(line for line in said.lines() if "Inhoud op Telegram" in line)
    assert line.startswith("⚠️ ")
    assert "Telegram versleutelt dat niet en kan het lezen" in line
    assert "de hele groep leest elke casus" in line
    assert "❌ Groep op Telegram: niet te zien" in said.out
    assert "DPIA 2026-01" in line
    assert "❌ Telegram: http://127.0.0.1:9 is niet bereikbaar" in said.out

    token.unlink()
    said = await region.call("check")
    assert (said.code, said.out) == (2, "")
    assert "secrets/telegram.token" in said.err
    assert f"chmod 600 {token}" in said.err
    region.edit("region.toml", 'dpia_reference = "DPIA 2026-01"\n', "")
    said = await region.call("check")
    assert said.code == 2
    assert "telegram.dpia_reference" in said.err
