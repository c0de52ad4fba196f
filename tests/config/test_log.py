"""Whatever is logged, nobody finds a word of a case in it."""

import ast
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

import config.log
from config.log import set_up_log

_ROOT = Path(config.log.__file__).parents[1]
_CASE_WORDS = "letsel past niet bij uitleg"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    written = io.StringIO()
    set_up_log("info", written)
    yield written
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


def _lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_json_with_time_and_level(stream: io.StringIO) -> None:
    structlog.get_logger().info("page_taken", ref="K7Q4", partner="om")
    (line,) = _lines(stream)
    assert line["event"] == "page_taken"
    assert (line["level"], line["ref"]) == ("info", "K7Q4")
    assert line["timestamp"].endswith("Z")


@pytest.mark.parametrize(
    "name",
    ["text", "body", "message_text", "reason_text", "formatted_body", "password", "access_token"],
)
def test_text_and_secrets_are_left_out_and_that_is_said(stream: io.StringIO, name: str) -> None:
    structlog.get_logger().info("received", **{name: _CASE_WORDS}, kind="text")
    (line,) = _lines(stream)
    assert _CASE_WORDS not in stream.getvalue()
    assert line["withheld"] == [name]
    assert line["kind"] == "text"


def test_text_deep_inside_is_left_out_too(stream: io.StringIO) -> None:
    event = {"type": "m.room.message", "content": {"body": _CASE_WORDS}}
    structlog.get_logger().info("received", events=[event, ({"x": {"body": _CASE_WORDS}},)])
    assert _CASE_WORDS not in stream.getvalue()
    assert _lines(stream)[0]["withheld"] == ["body", "content"]


def test_an_error_is_told_by_type_and_place(stream: io.StringIO) -> None:
    log = structlog.get_logger()
    try:
        try:
            raise KeyError(_CASE_WORDS)
        except KeyError as error:
            raise ValueError(f"row {_CASE_WORDS}") from error
    except ValueError:
        log.exception("unit_failed", row=7)
    (line,) = _lines(stream)
    assert _CASE_WORDS not in stream.getvalue()
    assert line["error"] == "ValueError < KeyError"
    assert "test_log.py" in line["at"][-1]


def test_a_group_of_errors_shows_the_first(stream: io.StringIO) -> None:
    log = structlog.get_logger()
    try:
        raise ExceptionGroup(_CASE_WORDS, [OSError(_CASE_WORDS)])
    except ExceptionGroup as group:
        log.error("task_died", exc_info=group)
    assert _CASE_WORDS not in stream.getvalue()
    assert _lines(stream)[0]["error"] == "ExceptionGroup < OSError"


def test_an_object_is_told_by_type(stream: io.StringIO) -> None:
    class Carrier:
        def __repr__(self) -> str:
            return _CASE_WORDS

    structlog.get_logger().info("odd", thing=Carrier(), error=ValueError(_CASE_WORDS))
    assert _CASE_WORDS not in stream.getvalue()


def test_a_library_tells_where_but_not_what(stream: io.StringIO) -> None:
    try:
        raise RuntimeError(_CASE_WORDS)
    except RuntimeError:
        logging.getLogger("some.library").warning("event %s", _CASE_WORDS, exc_info=True)
    logging.getLogger("some.library").info("event %s", _CASE_WORDS)
    (line,) = _lines(stream)
    assert _CASE_WORDS not in stream.getvalue()
    assert (line["library"], line["error"]) == ("some.library", "RuntimeError")
    assert "test_log.py" in line["place"]


def test_below_the_level_nothing_is_written(stream: io.StringIO) -> None:
    structlog.get_logger().debug("swept")
    assert stream.getvalue() == ""


def test_setting_up_twice_does_not_tell_twice(stream: io.StringIO) -> None:
    set_up_log("warning", stream)
    logging.getLogger("some.library").warning("x")
    assert len(_lines(stream)) == 1


def _is_loose(node: ast.AST) -> bool:
    """A log call whose event is not a plain string in the code."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    named = isinstance(node.func.value, ast.Name) and node.func.value.id in {"log", "_log"}
    levels = {"debug", "info", "warning", "error", "exception", "critical"}
    if not named or node.func.attr not in levels:
        return False
    event = node.args[0] if len(node.args) == 1 else None
    return not (isinstance(event, ast.Constant) and isinstance(event.value, str))


def test_what_a_log_line_says_is_written_in_the_code() -> None:
    """An event that is put together at run time could carry anything."""
    layers = ("bot", "commands", "storage", "config")
    files = [path for layer in layers for path in (_ROOT / layer).rglob("*.py")]
    assert len(files) > 10
    loose = [
        f"{path.relative_to(_ROOT)}:{node.lineno}"
        for path in files
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.expr) and _is_loose(node)
    ]
    assert loose == []
    assert _is_loose(ast.parse('log.info(f"x {y}")').body[0].value)  # type: ignore[attr-defined]
