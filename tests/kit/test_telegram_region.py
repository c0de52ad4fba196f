"""A region that has its bot on Telegram is a region that the program takes."""

from pathlib import Path

import pytest

from config.load import load
from config.scaffold import demo_region, scaffold
from config.settings import Settings
from tests.kit.device import PhoneFailed
from tests.kit.telegram.region import BOT, join_telegram, payload_in
from tests.kit.telegram.world import TOKEN


def test_the_bot_its_token_and_who_has_telegram_only(tmp_path: Path) -> None:
    secrets = tmp_path / "secrets"
    blueprint = demo_region("http://127.0.0.1:1", "lage-dijk.example")
    scaffold(tmp_path, secrets, blueprint, "een wachtwoord")
    join_telegram(tmp_path, secrets, TOKEN, ["politie_cvd1"])
    loaded = load(Settings(config_dir=tmp_path))
    assert loaded.region.telegram is not None
    assert loaded.region.telegram.bot == BOT
    assert loaded.secrets.telegram_token == TOKEN
    assert [key for key, person in loaded.people.items() if person.matrix is None] == [
        "politie_cvd1"
    ]


def test_what_a_link_carries() -> None:
    token = "a-_4567890123456789012"
    assert payload_in(f"Geef deze link zelf: https://t.me/{BOT}?start={token}") == token
    with pytest.raises(PhoneFailed, match="no link"):
        payload_in(f"https://t.me/iemand_anders_bot?start={token}")
