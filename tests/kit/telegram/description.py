"""The Bot API as others describe it: aiogram's models, generated from Telegram's own pages.

Nobody here wrote them, so they find what we and our fake would both have wrong. Loading them
takes seconds, once; therefore it waits until the first use.
"""

import functools
import json
import types
import typing
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from tests.kit.telegram.refusal import Json

Upload = tuple[str, bytes]  # file name and content


@functools.cache
def _models() -> tuple[dict[str, type[BaseModel]], Any]:
    from aiogram import methods, types

    named = [getattr(methods, name) for name in methods.__all__]
    return {
        model.__api_method__: model
        for model in named
        if hasattr(model, "model_fields")
        and isinstance(getattr(model, "__api_method__", None), str)
    }, types


def load() -> None:
    """Import the models now, instead of during the first request."""
    _models()


@dataclass(frozen=True)
class Reading:
    """A request's parameters as the model reads them, and what is wrong with them."""

    parameters: Json
    errors: list[str] = field(default_factory=list)  # a real server would refuse it
    strangers: list[str] = field(default_factory=list)  # parameters that nobody knows


def request(method: str, raw: dict[str, Any]) -> Reading:
    """Read a request. `raw` has texts as they came in a form, anything else as it came in
    JSON, and `Upload`s.
    """
    model = _models()[0].get(method)
    if model is None:
        return Reading(raw, [f"{method}: no such method"])
    parameters = {name: _read(model, name, value) for name, value in raw.items()}
    try:
        read = model.model_validate({name: _file(value) for name, value in parameters.items()})
    except ValidationError as why:
        return Reading(parameters, [f"{method}: {_where(error)}" for error in why.errors()])
    strangers = [f"{method}: unknown {name}" for name in _strangers(read)]
    return Reading(parameters, strangers=strangers)


def result(method: str, value: object) -> list[str]:
    """What is wrong with an answer's `result`."""
    returning = _models()[0][method].__returning__  # type: ignore[attr-defined]
    return [f"{method} answers {wrong}" for wrong in _compare(_adapter(returning), value)]


def refusal(body: Json) -> list[str]:
    """What is wrong with an answer that says no."""
    from aiogram.methods import Response

    return [f"refusal: {wrong}" for wrong in _compare(_adapter(Response[Any]), body)]


def update(value: Json) -> list[str]:
    """What is wrong with an update."""
    return [f"update: {wrong}" for wrong in _compare(_adapter(_models()[1].Update), value)]


@functools.cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _compare(adapter: TypeAdapter[Any], value: object) -> list[str]:
    """The model must take the value, know every field of it and give back the very same."""
    try:
        read = adapter.validate_python(value)
    except ValidationError as why:
        return [_where(error) for error in why.errors()]
    wrong = [f"unknown {name}" for name in _strangers(read)]
    back = adapter.dump_python(read, mode="json", by_alias=True, exclude_unset=True)
    if not wrong and back != value:
        wrong.append(f"{value!r}, which means {back!r}")
    return wrong


def _where(error: Any) -> str:
    return f"{'.'.join(str(part) for part in error['loc'])}: {error['msg']}"


def _read(model: type[BaseModel], name: str, value: Any) -> Any:
    """A form has texts only: a parameter that is not a text is JSON in a text."""
    known = model.model_fields.get(name)
    if not isinstance(value, str) or known is None:
        return value
    kinds = _kinds(known.annotation)
    if str in kinds and int not in kinds:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _kinds(annotation: Any) -> tuple[Any, ...]:
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return typing.get_args(annotation)
    return (annotation,)


def _file(value: Any) -> Any:
    if not isinstance(value, tuple):
        return value
    name, content = value
    return _models()[1].BufferedInputFile(content, name)


def _strangers(value: Any, path: str = "") -> list[str]:
    """Paths of fields that the description does not know; the models let them in."""
    if isinstance(value, list):
        return [
            name for index, one in enumerate(value) for name in _strangers(one, f"{path}{index}.")
        ]
    if not isinstance(value, BaseModel):
        return []
    found = [f"{path}{name}" for name in value.model_extra or {}]
    for name in value.model_fields_set - set(value.model_extra or {}):
        found += _strangers(getattr(value, name), f"{path}{name}.")
    return found
