"""The log: JSON lines on stderr for the operator. Never message text, not even by accident.

Free text of a case may only be in the case room and, sealed, in the database. So a value under a
name that carries text is left out, an error is told by its type and place instead of its message
(a database error quotes the row), and a library only says where in its code it complained.
"""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

_WITHHELD = frozenset(
    {
        "text", "texts", "body", "formatted_body", "content", "message", "message_text",
        "reason_text", "free_text", "what", "plain", "params", "payload",
        "password", "token", "access_token", "secret", "authorization",
    }
)  # fmt: skip
_WITHHELD_ENDINGS = ("_text", "_body", "_content", "_password", "_token", "_secret")
_FRAMES = 12
_CAUSES = 6

Event = MutableMapping[str, Any]


def set_up_log(level: str, stream: TextIO | None = None) -> None:
    """Route our own log and that of every library through the same filter. Call once, at start."""
    threshold = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            tell_error_by_place,
            withhold_text,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=_type_only),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.PrintLoggerFactory(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    for handler in list(root.handlers):
        if isinstance(handler, _LibraryLog):
            root.removeHandler(handler)
    root.addHandler(_LibraryLog())
    root.setLevel(logging.WARNING)


def withhold_text(_logger: object, _method: str, event: Event) -> Event:
    """Leave out what may carry message text or a secret, at any depth, and say that it was."""
    withheld: set[str] = set()
    for name in [name for name in event if _carries_text(name)]:
        withheld.add(name)
        del event[name]
    for name, value in event.items():
        event[name] = _cleaned(value, withheld)
    if withheld:
        event["withheld"] = sorted(withheld)
    return event


def tell_error_by_place(_logger: object, _method: str, event: Event) -> Event:
    """`exc_info` becomes the type of the error, of its causes, and where it happened."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["error"] = " < ".join(_types(error))
        event["at"] = [
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(_innermost(error).__traceback__)[-_FRAMES:]
        ]
    return event


class _LibraryLog(logging.Handler):
    """What a library logs: its name and the place in its code, without its words.

    Libraries put message contents and addresses into their log lines; the place tells a
    developer what was meant.
    """

    def emit(self, record: logging.LogRecord) -> None:
        try:
            structlog.get_logger().log(
                record.levelno,
                "library",
                library=record.name,
                place=f"{record.pathname}:{record.lineno} {record.funcName}",
                exc_info=record.exc_info,
            )
        except (OSError, ValueError):  # a closed stderr must not take the bot down
            self.handleError(record)


def _carries_text(name: str) -> bool:
    return name in _WITHHELD or name.endswith(_WITHHELD_ENDINGS)


def _cleaned(value: Any, withheld: set[str]) -> Any:
    if isinstance(value, dict):
        withheld.update(str(name) for name in value if _carries_text(str(name)))
        return {
            str(name): _cleaned(inner, withheld)
            for name, inner in value.items()
            if not _carries_text(str(name))
        }
    if isinstance(value, list | tuple):
        return [_cleaned(inner, withheld) for inner in value]
    if isinstance(value, BaseException):
        return " < ".join(_types(value))
    return value


def _innermost(error: BaseException) -> BaseException:
    """A group of errors tells nothing by itself: its first one is followed."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _types(error: BaseException) -> list[str]:
    names: list[str] = []
    here: BaseException | None = error
    while here is not None and len(names) < _CAUSES:
        names.append(type(here).__qualname__)
        if isinstance(here, BaseExceptionGroup):
            here = here.exceptions[0]
        else:
            here = here.__cause__ or here.__context__
    return names


def _type_only(value: object) -> str:
    """What JSON does not know: its type, for its representation can hold anything."""
    return f"<{type(value).__qualname__}>"
