"""From what pydantic found to a problem that somebody can mend."""

import difflib
from collections.abc import Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from config.entry import EXAMPLES
from config.problem import Report

_CODES = {
    "missing": "missing",
    "literal_error": "choice",
    "int_type": "whole_number",
    "int_parsing": "whole_number",
    "int_from_float": "whole_number",
    "string_type": "text",
    "tuple_type": "list",
    "list_type": "list",
    "set_type": "list",
    "frozen_set_type": "list",
    "model_type": "table",
    "model_attributes_type": "table",
    "bool_type": "bool",
    "bool_parsing": "bool",
    "greater_than_equal": "too_low",
    "less_than_equal": "too_high",
    "too_short": "too_few",
    "too_long": "too_many",
    "string_too_short": "empty",
    "string_too_long": "too_long",
    "string_pattern_mismatch": "pattern",
    "wall_time": "wall_time",
    "day_word": "day_word",
    "dates_reversed": "dates_reversed",
    "same_backup": "same_backup",
    "turns_and_pair": "turns_and_pair",
    "no_first_turn": "no_first_turn",
    "meeting_secret": "meeting_secret",
    "thread_without_dpia": "thread_without_dpia",
}
_PRIVATE = ("database_url",)  # an address that can hold a password
_COUNTED = ("too_short", "too_long")
_LIMITS = ("ge", "le", "min_length", "max_length")


def explain(report: Report, file: str, model: type[BaseModel], error: ValidationError) -> None:
    """Add every mistake of one file to the report."""
    found = error.errors(include_url=False)
    told: set[tuple[str | int, ...]] = set()
    for details in found:
        path, around = _follow(model, details["loc"])
        inner = details["type"] in _COUNTED and _has_inner(found, details["loc"])
        if not inner and path not in told:  # every alternative of a union complains by itself
            _explain_one(report, file, path, around, details)
        told.add(path)


def _has_inner(found: Sequence[ErrorDetails], location: tuple[str | int, ...]) -> bool:
    """A list whose entries are wrong is also counted as too short: only the entries are told."""
    depth = len(location)
    return any(len(e["loc"]) > depth and e["loc"][:depth] == location for e in found)


def _explain_one(
    report: Report,
    file: str,
    path: tuple[str | int, ...],
    around: type[BaseModel],
    found: ErrorDetails,
) -> None:
    context: dict[str, Any] = found.get("ctx") or {}
    given = _shown(context.get("given", found["input"])) if path != _PRIVATE else "…"
    if found["type"] == "extra_forbidden":
        _unknown_key(report, file, path, around)
        return
    code = _CODES.get(found["type"], "date" if found["type"].startswith("date") else "invalid")
    if code == "pattern" and not given.strip():
        code = "blank"
    limit = next((context[name] for name in _LIMITS if name in context), "")
    report.add(
        file,
        path,
        code,
        given=given,
        limit=limit,
        reason=found["msg"],
        example=EXAMPLES.get(context.get("pattern", ""), ""),
        choices=context.get("expected", "").replace("'", "").replace(" or ", ", ").split(", "),
    )


def _unknown_key(
    report: Report, file: str, path: tuple[str | int, ...], around: type[BaseModel]
) -> None:
    known = written_keys(around)
    close = difflib.get_close_matches(str(path[-1]), known, n=1)
    if close:
        report.add(file, path, "unknown_key_close", given=path[-1], close=close[0])
    else:
        report.add(file, path, "unknown_key", given=path[-1], choices=known)


def written_keys(model: type[BaseModel]) -> list[str]:
    """The keys of a table as a file writes them."""
    return [field.alias or name for name, field in model.model_fields.items()]


def _follow(
    model: type[BaseModel], location: Sequence[str | int]
) -> tuple[tuple[str | int, ...], type[BaseModel]]:
    """The path without pydantic's own marks, and the table in which its last key stands.

    In a union pydantic adds the name of the alternative that failed: no file has that.
    """
    path: list[str | int] = []
    here: type[BaseModel] | None = model
    around = model
    for position, part in enumerate(location):
        if isinstance(part, int):
            path.append(part)
            continue
        if here is None:
            break
        around = here
        fields = {field.alias or name: field for name, field in here.model_fields.items()}
        if part in fields:
            here = _table_in(fields[part].annotation)
        elif position < len(location) - 1:
            break
        path.append(part)
    return tuple(path), around


def _table_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in get_args(annotation):
        table = _table_in(inner)
        if table is not None:
            return table
    return None


def _shown(given: object) -> str:
    if isinstance(given, bool):
        return str(given).lower()
    if isinstance(given, dict):
        return "{…}"
    if isinstance(given, list | tuple):
        return "[…]"
    text = str(given)
    return text if len(text) <= 60 else text[:59] + "…"
