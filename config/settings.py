"""What differs per machine: environment variables that begin with KORTELIJN_."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from config.entry import form

TELEGRAM_API = "https://api.telegram.org"


def _bare(address: str) -> str:
    return address.removesuffix("/")


DatabaseUrl = Annotated[
    str,
    form(r"^(sqlite\+aiosqlite|postgresql\+psycopg)://.+$", "postgresql+psycopg://host/kortelijn"),
]
# Whoever can ask it learns when the bot is down, so it stays on this machine.
Loopback = Annotated[str, form(r"^(127(\.[0-9]{1,3}){3}|::1|localhost)$", "127.0.0.1")]
TelegramApi = Annotated[
    str, form(r"^https?://[^\s/@?#]+/?$", "http://127.0.0.1:8081"), AfterValidator(_bare)
]
KillPoint = Annotated[str, form(r"^[a-z0-9_.-]+(:[1-9][0-9]*)?$", "outbox.sent:2")]


class Settings(BaseSettings):
    """Raises pydantic's `ValidationError`; `config.load.read_settings` turns that into problems.

    PostgreSQL is this one setting: KORTELIJN_DATABASE_URL=postgresql+psycopg://…
    """

    model_config = SettingsConfigDict(
        env_prefix="KORTELIJN_", env_ignore_empty=True, frozen=True, extra="forbid"
    )

    config_dir: Path = Path("kortelijn")
    data_dir: Path = Field(default_factory=lambda given: given["config_dir"] / "data")
    secrets_dir: Path = Field(default_factory=lambda given: given["config_dir"] / "secrets")
    database_url: DatabaseUrl = Field(default_factory=lambda given: _sqlite_in(given))
    health_host: Loopback = "127.0.0.1"
    health_port: int = Field(default=8470, ge=0, le=65535)  # 0: a free port
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    # Changed only in a fictional region: `config.load.load` refuses all three in a real one.
    story_clock: Path | None = None
    kill_at: KillPoint | None = None
    telegram_api: TelegramApi = TELEGRAM_API

    @property
    def kill_point(self) -> tuple[str, int] | None:
        """Name of the kill point and how many times it is passed before it kills (1: at once)."""
        if self.kill_at is None:
            return None
        name, _, count = self.kill_at.partition(":")
        return name, int(count or 1)


def _sqlite_in(given: dict[str, Any]) -> str:
    return f"sqlite+aiosqlite:///{given['data_dir'] / 'kortelijn.sqlite3'}"
