"""The line to the Bot API: python-telegram-bot's `Bot`, whose failures are told as `Trouble`.

There are no retries here: whoever calls knows whether to try again and when.
"""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from telegram import Bot

from bot.channels.telegram.calls import Calls, Patience
from bot.channels.telegram.trouble import Trouble
from bot.channels.telegram.updates import KINDS
from commands.update import TOO_LARGE

TOO_BIG = "file is too big"  # for bots at all: 20 MB
AT_ONCE = 64  # connections; what waits for one has not been sent
_NO_NEWS = b'{"ok":true,"result":[]}'


@dataclass(frozen=True)
class TelegramAccount:
    """Which bot we are, and where its server is."""

    token: str = field(repr=False)
    server: str = "https://api.telegram.org"
    patience: Patience = field(default_factory=Patience)


class News(Calls):
    """The polls. The library parses all updates at once, so that one which it does not understand
    would stop the others for good; it gets an empty list, and we keep what the server said."""

    def __init__(self, patience: Patience) -> None:
        super().__init__(2, patience)
        self.raw = _NO_NEWS

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        status, self.raw = await super().do_request(*args, **kwargs)
        return status, _NO_NEWS


class Line:
    """Our bot and its connections. Sends may begin before `open`."""

    def __init__(self, account: TelegramAccount) -> None:
        self.server = account.server.rstrip("/")
        self.patience = account.patience
        self.calls = Calls(AT_ONCE, self.patience)
        self._news = News(self.patience)
        self.bot = Bot(
            account.token,
            base_url=f"{self.server}/bot",
            base_file_url=f"{self.server}/file/bot",
            request=self.calls,
            get_updates_request=self._news,
        )
        self.own_name = ""  # without the @; known when open

    async def open(self) -> None:
        """Find out who we are. Raises `Trouble`."""
        await self.bot.initialize()
        self.own_name = self.bot.username

    async def close(self) -> None:
        await self.bot.shutdown()
        for each in (self.calls, self._news):  # which it leaves open if it was never opened
            await each.shutdown()

    async def fetch(self, file_id: str, most_bytes: int) -> bytes:
        """The content of a document that somebody sent. Raises `Trouble`."""
        try:
            told = await self.bot.get_file(file_id)
        except Trouble as trouble:
            if TOO_BIG in trouble.reason:
                raise Trouble("refused", TOO_LARGE) from trouble
            raise
        url = told.file_path or ""
        if not url.startswith(f"{self.server}/file/bot"):  # a path on the server's own disk
            raise Trouble("refused", "the server does not give files")
        return await self.calls.download(url, most_bytes)

    async def poll(self, offset: int | None, *, wait: bool = True) -> list[Any]:
        """Raw updates from `offset` on; the server forgets those before it. Raises `Trouble`.

        `wait`: until there is news, or half a minute has gone.
        """
        await self.bot.get_updates(
            offset=offset,
            timeout=timedelta(seconds=self.patience.poll_s if wait else 0),
            allowed_updates=KINDS,
            read_timeout=self.patience.spare_s,
        )
        news = json.loads(self._news.raw)["result"]
        if not isinstance(news, list):
            raise Trouble("down", "news that is no list")
        return news
