"""The fictional region on a fresh homeserver: configuration folder, accounts, first Friday."""

import asyncio
import secrets
import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from commands.rules.moments import AMSTERDAM
from config.scaffold import demo_region, scaffold
from tests.demo.day import ONLY_TELEGRAM
from tests.kit.synapse import Synapse
from tests.kit.telegram.region import join_telegram

FRIDAY = 4


@dataclass(frozen=True)
class Account:
    """Somebody of the region who can sign in on Matrix."""

    key: str
    label: str
    user: str  # Matrix user id


@dataclass(frozen=True)
class Region:
    """What was set up. Everybody has the same password, made for this one run."""

    config: Path
    bot: str  # Matrix user id
    staff: tuple[Account, ...]
    password: str

    @property
    def users(self) -> dict[str, str]:
        """Matrix user ids by key, that of the bot under "bot"."""
        return {"bot": self.bot, **{account.key: account.user for account in self.staff}}


async def set_up(folder: Path, server: Synapse, telegram_token: str) -> Region:
    """Write the configuration folder and make all accounts."""
    config, password = folder / "kortelijn", f"dijk-{secrets.token_hex(4)}"
    blueprint = demo_region(server.base_url, server.server_name)
    scaffold(config, config / "secrets", blueprint, password)
    join_telegram(config, config / "secrets", telegram_token, ONLY_TELEGRAM)
    people = tomllib.loads((config / "people.toml").read_text(encoding="utf-8"))["people"]
    staff = tuple(
        Account(each["key"], each["label"], each["matrix"]) for each in people if "matrix" in each
    )
    users = (blueprint.bot_user, *(account.user for account in staff))
    names = [user.removeprefix("@").partition(":")[0] for user in users]
    await asyncio.gather(*(server.register(name, password) for name in names))
    return Region(config, blueprint.bot_user, staff, password)


def last_friday(now: datetime) -> datetime:
    """The Friday before today, early in the afternoon: time for everybody to come in."""
    day = now.astimezone(AMSTERDAM).replace(hour=15, minute=0, second=0, microsecond=0)
    return day - timedelta(days=(day.weekday() - FRIDAY - 1) % 7 + 1)
