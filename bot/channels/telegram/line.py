"""The line to the Bot API: python-telegram-bot's `Bot`, whose failures are told as `Trouble`.

There are no retries here: whoever calls knows whether to try again and when.
"""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
from telegram import Bot
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from bot.channels.telegram.trouble import Trouble, of_answer, of_line
from bot.channels.telegram.updates import KINDS

AT_ONCE = 64  # connections; what waits for one has not been sent
# They rest for the HTTP library's five seconds and are then closed. Kept for longer, a page after a
# quiet hour would save two round trips; but over a connection that the server is just closing its
# outcome is unknown: two seconds, and the page comes twice.
_NO_NEWS = b'{"ok":true,"result":[]}'


@dataclass(frozen=True)
class Patience:
    """How long to wait for the server before it counts as away."""

    call_s: float = 10.0
    connect_s: float = 5.0
    connection_s: float = 5.0  # for one of our own connections to come free
    upload_s: float = 60.0
    poll_s: int = 25  # what a poll asks the server to wait for news
    spare_s: float = 10.0  # more than that


@dataclass(frozen=True)
class TelegramAccount:
    """Which bot we are, and where its server is."""

    token: str = field(repr=False)
    server: str = "https://api.telegram.org"
    patience: Patience = Patience()


class Calls(HTTPXRequest):
    """One attempt a call. Every failure is a `Trouble`; the server's clock is noted."""

    def __init__(self, patience: Patience, connections: int) -> None:
        super().__init__(
            connection_pool_size=connections,
            read_timeout=patience.call_s,
            write_timeout=patience.call_s,
            connect_timeout=patience.connect_s,
            pool_timeout=patience.connection_s,
            media_write_timeout=patience.upload_s,
            httpx_kwargs={"event_hooks": {"response": [self._note_date]}},
        )
        self.date: int | None = None  # the last Date header, epoch ms (of whole seconds)

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        try:
            status, raw = await super().do_request(*args, **kwargs)
        except (TelegramError, httpx.InvalidURL, RuntimeError) as error:
            raise of_line(error) from error
        if trouble := of_answer(status, raw):
            raise trouble
        return status, raw

    async def _note_date(self, response: httpx.Response) -> None:
        try:
            told = parsedate_to_datetime(response.headers.get("Date", ""))
            self.date = int(told.timestamp() * 1000)
        except ValueError:
            self.date = None


class News(Calls):
    """The polls. The library parses all updates at once, so that one which it does not understand
    would stop the others for good; it gets an empty list, and we keep what the server said."""

    def __init__(self, patience: Patience) -> None:
        super().__init__(patience, connections=2)
        self.raw = _NO_NEWS

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        status, self.raw = await super().do_request(*args, **kwargs)
        return status, _NO_NEWS


class Line:
    """Our bot and its connections. Sends may begin before `open`."""

    def __init__(self, account: TelegramAccount) -> None:
        self.server = account.server.rstrip("/")
        self.patience = account.patience
        self.calls = Calls(self.patience, AT_ONCE)
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
