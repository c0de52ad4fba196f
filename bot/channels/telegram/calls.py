"""One HTTP call to the Bot API, made by aiohttp for python-telegram-bot's `Bot`.

The library's own way, by httpx, took 4.5 of the 20 ms of a page (measured in a burst of 600), three
times as long as aiohttp, which the program has with it anyway.
"""

from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram.request import BaseRequest, RequestData

from bot.channels.telegram.trouble import Trouble, of_answer, of_file, of_line
from commands.update import TOO_LARGE

_PIECE = 64 * 1024  # bytes
REST_S = 5.0
# A connection rests so long and is then closed. Kept for longer, a page after a quiet hour would
# save two round trips; but over a connection that the server is just closing its outcome is
# unknown: two seconds, and the page comes twice.


@dataclass(frozen=True)
class Patience:
    """How long to wait for the server before it counts as away."""

    call_s: float = 10.0  # for each part of an answer
    connect_s: float = 5.0
    connection_s: float = 5.0  # for one of our own connections to come free
    upload_s: float = 60.0
    poll_s: int = 25  # what a poll asks the server to wait for news
    spare_s: float = 10.0  # more than that


class Calls(BaseRequest):
    """One attempt a call, nothing is tried again. Every failure is a `Trouble`; the server's clock
    is noted. It needs no `initialize`: the first call opens it."""

    def __init__(self, connections: int, patience: Patience) -> None:
        self._connections = connections
        self._patience = patience
        self._session: aiohttp.ClientSession | None = None
        self._closed = False
        self.date: int | None = None  # the last Date header, epoch ms (of whole seconds)

    @property
    def read_timeout(self) -> float:
        return self._patience.call_s

    async def initialize(self) -> None:
        self._closed = False

    async def shutdown(self) -> None:
        self._closed = True
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        *_timeouts: Any,
        **_more_timeouts: Any,
    ) -> tuple[int, bytes]:
        files = request_data.multipart_data if request_data else {}
        patience = self._patience
        part_s = patience.upload_s if files else patience.call_s
        if isinstance(read_timeout, int | float):
            part_s = float(read_timeout)
        timeout = aiohttp.ClientTimeout(
            total=None,
            connect=patience.connection_s + patience.connect_s,
            sock_connect=patience.connect_s,
            sock_read=part_s,
        )
        try:
            async with self._opened(url).request(
                method,
                url,
                data=_form(request_data, files),
                timeout=timeout,
                headers={"User-Agent": self.USER_AGENT},
                allow_redirects=False,  # the address holds the token
            ) as response:
                self.date = _epoch_ms(response.headers.get("Date", ""))
                status, raw = response.status, await response.read()
        except (aiohttp.ClientError, OSError, RuntimeError, ValueError) as error:
            raise of_line(error) from error
        if trouble := of_answer(status, raw):
            raise trouble
        return status, raw

    async def download(self, url: str, most_bytes: int) -> bytes:
        """A file that somebody sent; the address holds the token. Raises `Trouble`, also if it is
        more than so many bytes."""
        patience = self._patience
        timeout = aiohttp.ClientTimeout(
            total=patience.upload_s, sock_connect=patience.connect_s, sock_read=patience.call_s
        )
        content = bytearray()
        try:
            async with self._opened(url).get(
                url, timeout=timeout, allow_redirects=False
            ) as response:
                if response.status != 200:
                    raise of_file(response.status)
                async for piece in response.content.iter_chunked(_PIECE):
                    content += piece
                    if len(content) > most_bytes:
                        raise Trouble("refused", TOO_LARGE)
        except (aiohttp.ClientError, OSError, RuntimeError, ValueError) as error:
            raise of_line(error) from error
        return bytes(content)

    def _opened(self, url: str) -> aiohttp.ClientSession:
        if self._closed:
            raise Trouble("down", "closed")
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=REST_S),
                cookie_jar=aiohttp.DummyCookieJar(),
                proxy=_proxy(url),
            )
        return self._session


def _form(request_data: RequestData | None, files: Any) -> aiohttp.FormData | None:
    if request_data is None:
        return None
    form = aiohttp.FormData()
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in files.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form


def _proxy(url: str) -> str | None:
    """The operator's, from the environment. aiohttp would ask for it at every call, and read a
    password file too."""
    address = urlsplit(url)
    return None if proxy_bypass(address.hostname or "") else getproxies().get(address.scheme)


def _epoch_ms(date: str) -> int | None:
    try:
        return int(parsedate_to_datetime(date).timestamp() * 1000)
    except ValueError:
        return None
