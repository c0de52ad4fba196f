"""`main.py check` of a region that is on Telegram as well."""

from pathlib import Path

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
        region = await make_region(KORTELIJN_TELEGRAM_API=telegram.url)
        assert "Telegram" not in (await region.call("check")).out
        _add_telegram(region, "", telegram.token)
        said = await region.call("check")
        assert (said.code, said.err) == (1, ""), "its homeserver is away"
        assert "❌ Matrix: http://127.0.0.1:" in said.out
        assert "✅ Telegram: @" in said.out
        assert "✅ Inhoud op Telegram: alleen oproepen, tijden en stand." in said.out
        assert telegram.token not in said.out


async def test_it_says_what_a_conversation_on_telegram_means(make_region: MakeRegion) -> None:
    region = await make_region(KORTELIJN_TELEGRAM_API="http://127.0.0.1:9")
    thread = 'mode = "thread"\ndpia_reference = "DPIA 2026-01"\ngroup = "-1000000000001"\n'
    token = _add_telegram(region, thread, "123456789:AAverzonnen-token-van-niemand-00000")
    said = await region.call("check")
    assert said.code == 1
    line = next(line for line in said.lines() if "Inhoud op Telegram" in line)
    assert line.startswith("⚠️ ")
    assert "Telegram versleutelt gesprekken met bots niet." in line
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
