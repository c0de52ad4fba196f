"""Plain HTTP to a homeserver: one call, and one exception that says what its failure means.

There are no retries here: whoever calls knows whether to try again and when.
"""

import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Literal
from urllib.parse import quote, urlencode

import aiohttp
from yarl import URL

from commands.update import TOO_LARGE

_PIECE = 64 * 1024  # bytes
LIMITED_FOR_MS = 5_000  # a 429 that does not say how long
LIMITED_AT_MOST_MS = 120_000
DOWN_FOR_MS = 2_000
REVOKED_FOR_MS = 60_000
REVOKED_CODES = {"M_UNKNOWN_TOKEN", "M_MISSING_TOKEN", "M_USER_DEACTIVATED"}


@dataclass(frozen=True)
class Patience:
    """How long to wait for a server before it counts as away."""

    call_s: float = 15.0
    connect_s: float = 5.0
    create_s: float = 45.0  # a room: the server works through the invitations one by one
    upload_s: float = 60.0
    whole_s: float = 60.0  # the first sync, with the state of all rooms
    poll_ms: int = 25_000  # what a sync asks the server to wait for news
    spare_s: float = 10.0  # more than that


Kind = Literal["limited", "down", "revoked", "refused"]


class Trouble(Exception):
    """A call that gave no result.

    `refused` is the server's own considered answer; `down` is everything that a proxy, a
    broken line or a sick server does to us; `unknown` means that it may have been done.
    """

    def __init__(
        self,
        kind: Kind,
        reason: str,
        *,
        code: str = "",
        after_ms: int = DOWN_FOR_MS,
        unknown: bool = False,
        answer: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(reason)
        self.kind: Kind = kind
        self.reason = reason
        self.code = code
        self.after_ms = after_ms
        self.unknown = unknown
        self.answer = answer or {}


class Homeserver:
    """The client-server API of one homeserver, with or without an access token."""

    def __init__(self, base_url: str, token: str = "", patience: Patience | None = None) -> None:
        self.patience = patience or Patience()
        self.base = base_url.rstrip("/")
        self.token = token
        self.date: int | None = None  # the last Date header, epoch ms (of whole seconds)
        self._session: aiohttp.ClientSession | None = None

    async def call(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | bytes | None = None,
        *,
        query: dict[str, str] | None = None,
        within_s: float | None = None,
    ) -> dict[str, Any]:
        """Ask and return the JSON object of a 2xx answer. `path` is already percent-encoded.

        On a connection that broke before an answer, aiohttp asks once more by itself, unless
        it is a POST; that is safe, as each PUT bears a transaction id. Raises `Trouble`.
        """
        headers: dict[str, str] = {}
        data: bytes | None = None
        if isinstance(body, bytes):
            data, headers["Content-Type"] = body, "application/octet-stream"
        elif body is not None:
            data, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        if query:
            path += "?" + urlencode(query)
        within_s = within_s or self.patience.call_s
        async with self._answer(method, path, data, headers, within_s) as answer:
            return _judge(answer.status, await answer.read(), answer.headers.get("Retry-After"))

    async def download(self, path: str, most_bytes: int) -> bytes:
        """What is kept there. Raises `Trouble`, also if it is more than so many bytes."""
        async with self._answer("GET", path, None, {}, self.patience.upload_s) as answer:
            if answer.status != 200:
                _judge(answer.status, await answer.read(), answer.headers.get("Retry-After"))
                raise Trouble("down", f"HTTP {answer.status} in place of a file")
            content = bytearray()
            async for piece in answer.content.iter_chunked(_PIECE):
                content += piece
                if len(content) > most_bytes:
                    raise Trouble("refused", TOO_LARGE)
            return bytes(content)

    @asynccontextmanager
    async def _answer(
        self,
        method: str,
        path: str,
        data: bytes | None,
        headers: dict[str, str],
        within_s: float,
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """One request, to be read inside. Raises `Trouble` for all that a line does to us."""
        if self.token:
            headers = {**headers, "Authorization": f"Bearer {self.token}"}
        try:
            async with self._open().request(
                method,
                URL(f"{self.base}/_matrix/{path}", encoded=True),
                data=data,
                headers=headers,
                timeout=aiohttp.ClientTimeout(total=within_s, sock_connect=self.patience.connect_s),
                allow_redirects=False,
            ) as answer:
                self._note_date(answer.headers.get("Date"))
                yield answer
        except (aiohttp.ConnectionTimeoutError, aiohttp.ClientConnectorError) as error:
            raise Trouble("down", f"no connection: {type(error).__name__}") from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Trouble("down", type(error).__name__, unknown=True) from error

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=64))
        return self._session

    def _note_date(self, header: str | None) -> None:
        if header:
            try:
                self.date = int(parsedate_to_datetime(header).timestamp() * 1000)
            except ValueError:
                self.date = None


def part(text: str) -> str:
    """A room id, user id or event id as one part of a path."""
    return quote(text, safe="")


def fresh_transaction() -> str:
    """A transaction id for calls that need not be recognised when repeated."""
    return uuid.uuid4().hex


def _judge(status: int, raw: bytes, retry_after: str | None) -> dict[str, Any]:
    try:
        answer = json.loads(raw)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        # HTML or nothing: a proxy spoke, whatever the number; what it says is not final
        limited = status == 429
        after = _wait(None, retry_after) if limited else DOWN_FOR_MS
        kind: Kind = "limited" if limited else "down"
        raise Trouble(kind, f"HTTP {status} without JSON", after_ms=after, unknown=not limited)
    if 200 <= status < 300:
        return answer
    code = str(answer.get("errcode", ""))
    reason = f"HTTP {status} {code}"
    if status == 429 or code == "M_LIMIT_EXCEEDED":
        after = _wait(answer.get("retry_after_ms"), retry_after)
        raise Trouble("limited", reason, code=code, after_ms=after)
    if code in REVOKED_CODES:
        raise Trouble("revoked", reason, code=code, after_ms=REVOKED_FOR_MS, answer=answer)
    # a 401 without a code is the server asking for a password (user-interactive authentication)
    final = 400 <= status < 500 and status != 408 and (code or status == 401)
    if final and code != "M_RESOURCE_LIMIT_EXCEEDED":
        raise Trouble("refused", reason, code=code, answer=answer)
    raise Trouble("down", reason, code=code, unknown=True)


def _wait(milliseconds: object, seconds: str | None) -> int:
    wait = LIMITED_FOR_MS
    if isinstance(milliseconds, int):
        wait = milliseconds
    elif seconds is not None and seconds.isdigit():
        wait = int(seconds) * 1000
    return min(max(wait, 100), LIMITED_AT_MOST_MS)
