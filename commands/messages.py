"""Every message is a meaning: a key, typed parameters and further lines. Never a text.

Channels make words of it through the catalogue and through the list of what that channel
may show; so a room's words cannot leak to another messenger by accident.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias


@dataclass(frozen=True)
class At:
    """An instant (UTC epoch milliseconds), shown as wall-clock time."""

    at: int


@dataclass(frozen=True)
class Word:
    """A text of the catalogue, by its key."""

    word: str


@dataclass(frozen=True)
class Named:
    """A name from the region's own configuration, in both languages."""

    nl: str
    en: str


@dataclass(frozen=True)
class Partners:
    """Organisations, shown by their short names."""

    keys: tuple[str, ...]


@dataclass(frozen=True)
class Own:
    """Words that somebody typed for this case: only where case content may be shown."""

    own: str


@dataclass(frozen=True)
class Number:
    """A number to call from the region's configuration: not a person's, so it may be shown."""

    number: str


@dataclass(frozen=True)
class Day:
    """The date of an instant (UTC epoch milliseconds)."""

    at: int


@dataclass(frozen=True)
class Span:
    """A length of time in milliseconds, shown as "10 min"."""

    ms: int


@dataclass(frozen=True)
class Listed:
    """Several of the others, shown with commas between them."""

    items: tuple["Param", ...]


Param: TypeAlias = (
    "At | Day | Span | Word | Named | Partners | Own | Number | Listed | Message | str | int"
)
_KINDS: dict[str, type[Any]] = {
    kind.__name__: kind for kind in (At, Day, Span, Word, Named, Partners, Own, Number)
}


@dataclass(frozen=True)
class Message:
    """What is meant. `lines` follow below it, each a message with its own permission to show.

    As a parameter it is a part of a sentence, and shown wherever that sentence is.
    """

    key: str
    params: Mapping[str, Param] = field(default_factory=dict)
    lines: tuple["Message", ...] = ()


@dataclass(frozen=True)
class Action:
    """A button: what happens when it is pressed. Authority is checked at the press."""

    verb: str  # a declared command
    label: Param
    argument: str = ""
    stop: bool = False  # "no" or "stop": always the last, always the cross


def message(key: str, *lines: Message, **params: Param) -> Message:
    """Short for `Message`: lines after the key, parameters by name."""
    return Message(key, params, lines)


def to_json(value: Message | Action) -> dict[str, Any]:
    """For the outbox row."""
    if isinstance(value, Action):
        return {
            "verb": value.verb,
            "label": _param_to_json(value.label),
            "argument": value.argument,
            "stop": value.stop,
        }
    return {
        "key": value.key,
        "params": {name: _param_to_json(param) for name, param in value.params.items()},
        "lines": [to_json(line) for line in value.lines],
    }


def message_from(data: Mapping[str, Any]) -> Message:
    """From the outbox row."""
    return Message(
        data["key"],
        {name: _param_from(param) for name, param in data["params"].items()},
        tuple(message_from(line) for line in data["lines"]),
    )


def action_from(data: Mapping[str, Any]) -> Action:
    """From the outbox row or the standing message."""
    return Action(data["verb"], _param_from(data["label"]), data["argument"], data["stop"])


def actions_to_text(actions: tuple[Action, ...]) -> str:
    """For the column of a standing message."""
    return json.dumps([to_json(action) for action in actions])


def actions_from_text(text: str) -> tuple[Action, ...]:
    """From the column of a standing message."""
    return tuple(action_from(item) for item in json.loads(text))


def _param_to_json(param: Param) -> Any:
    if isinstance(param, str | int):
        return param
    if isinstance(param, Listed):
        return [_param_to_json(item) for item in param.items]
    if isinstance(param, Message):
        return {"kind": "Message", **to_json(param)}
    return {"kind": type(param).__name__, **param.__dict__}


def _param_from(data: Any) -> Param:
    if isinstance(data, str | int):
        return data
    if isinstance(data, list):
        return Listed(tuple(_param_from(item) for item in data))
    if data["kind"] == "Message":
        return message_from(data)
    values = {name: value for name, value in data.items() if name != "kind"}
    if data["kind"] == "Partners":
        values["keys"] = tuple(values["keys"])
    param: Param = _KINDS[data["kind"]](**values)
    return param
