"""What it means when a call to the Bot API gives no result."""

import json
from typing import Any, Literal

import aiohttp
from telegram.error import TelegramError

LIMITED_FOR_MS = 5_000  # a 429 that does not say how long
LIMITED_AT_MOST_MS = 300_000  # asking again costs one call, sleeping too long costs an alarm
DOWN_FOR_MS = 2_000
REVOKED_FOR_MS = 60_000
LONGEST_REASON = 120

Kind = Literal["limited", "down", "revoked", "conflict", "blocked", "moved", "refused"]

# These fail before a single byte of the request has left.
_NOT_WRITTEN = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
    RuntimeError,  # closed meanwhile
)


class Trouble(TelegramError):
    """A call that gave no result.

    `refused`, `blocked` and `moved` are the server's own considered answers; `down` is everything
    that a proxy, a broken line or a sick server does to us; `unknown` means that it may have been
    done. It is an error of the library's own family, so that it comes through the library as it is.
    """

    def __init__(
        self,
        kind: Kind,
        reason: str,
        *,
        after_ms: int = DOWN_FOR_MS,
        unknown: bool = False,
        moved_to: str = "",
    ) -> None:
        super().__init__(reason)
        self.kind: Kind = kind
        self.reason = reason[:LONGEST_REASON]
        self.after_ms = after_ms
        self.unknown = unknown
        self.moved_to = moved_to


def of_line(error: Exception) -> Trouble:
    """What the HTTP library could not do. Its words may hold the address with the token in it,
    so only its type is told."""
    written = not isinstance(error, _NOT_WRITTEN)
    return Trouble("down", f"no answer: {type(error).__name__}", unknown=written)


def of_answer(status: int, raw: bytes) -> Trouble | None:
    """What the server's answer means, or none if it is a result."""
    try:
        answer = json.loads(raw)
    except ValueError:
        answer = None
    if not isinstance(answer, dict) or not isinstance(answer.get("ok"), bool):
        # HTML or nothing: a proxy spoke, whatever the number; what it says is not final
        if status == 429:
            return Trouble("limited", "HTTP 429 without JSON", after_ms=LIMITED_FOR_MS)
        return Trouble("down", f"HTTP {status} without JSON", unknown=True)
    if answer["ok"] and 200 <= status < 300:
        if "result" in answer:
            return None
        return Trouble("down", "an answer without a result", unknown=True)
    return _refusal(status, answer)


def of_file(status: int) -> Trouble:
    """What another answer than a file means, of the address that gives files."""
    if status == 429 or status >= 500 or status == 408:
        return Trouble("down", f"HTTP {status} in place of a file")
    return Trouble("refused", f"HTTP {status} in place of a file")


def _refusal(status: int, answer: dict[str, Any]) -> Trouble:
    reason = f"HTTP {status} {answer.get('description', '')}"
    told = answer.get("parameters")
    parameters: dict[str, Any] = told if isinstance(told, dict) else {}
    if status == 429:
        return Trouble("limited", reason, after_ms=_wait(parameters.get("retry_after")))
    if isinstance(moved_to := parameters.get("migrate_to_chat_id"), int):
        return Trouble("moved", reason, moved_to=str(moved_to))
    match status:
        case 401 | 404:  # a token of the right form and a malformed one
            return Trouble("revoked", reason, after_ms=REVOKED_FOR_MS)
        case 403:
            return Trouble("blocked", reason)
        case 409:
            return Trouble("conflict", reason)
        case 408:
            return Trouble("down", reason, unknown=True)
    if 400 <= status < 500:
        return Trouble("refused", reason)
    return Trouble("down", reason, unknown=True)


def _wait(seconds: object) -> int:
    if not isinstance(seconds, int | float):
        return LIMITED_FOR_MS
    return min(max(int(seconds * 1000), 100), LIMITED_AT_MOST_MS)
