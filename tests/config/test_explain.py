"""Whatever stands in a file, the answer is a table or problems: never a crash."""

import copy
import tomllib
from pathlib import Path
from string import Template
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

import config.scaffold
from config.entry import Entry
from config.explain import explain
from config.load import PeopleFile, RosterFile
from config.problem import Problem, Report, Source
from config.protocol import Protocol

_TEMPLATE = Path(config.scaffold.__file__).parent / "template"
_FILES: dict[str, type[Entry]] = {
    "people.toml": PeopleFile,
    "roster.toml": RosterFile,
    "protocols/skm.toml": Protocol,
}
_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.dates() | st.times() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def _text(name: str) -> str:
    text = (_TEMPLATE / name).read_text(encoding="utf-8")
    return Template(text).substitute(server="lagedijk.example")


def _problems(model: type[Entry], name: str, text: str, data: dict[str, Any]) -> list[Problem]:
    report = Report()
    report.sources[name] = Source(text, data)
    try:
        model.model_validate(data)
    except ValidationError as error:
        explain(report, name, model, error)
        assert report.problems, "refused without saying why"
    return report.problems


@pytest.mark.parametrize("name", _FILES)
@given(data=st.data())
def test_any_value_anywhere_is_taken_or_explained(name: str, data: st.DataObject) -> None:
    text = _text(name)
    content = copy.deepcopy(tomllib.loads(text))
    here: Any = content
    while True:
        keys = list(here) if isinstance(here, dict) else list(range(len(here)))
        key = data.draw(st.sampled_from(keys))
        deeper = isinstance(here[key], dict | list) and here[key]
        if not deeper or data.draw(st.booleans()):
            here[key] = data.draw(_values)
            break
        here = here[key]
    for problem in _problems(_FILES[name], name, text, content):
        assert problem.what
        assert problem.mend
        assert str(problem).startswith(name)


@pytest.mark.parametrize("name", _FILES)
@given(key=st.text(min_size=1))
def test_any_unknown_key_is_told(name: str, key: str) -> None:
    text = _text(name)
    content = tomllib.loads(text)
    if key in content:
        return
    (problem,) = _problems(_FILES[name], name, text, {**content, key: 1})
    assert problem.key == key


def test_a_long_value_is_not_repeated_in_full() -> None:
    text = _text("roster.toml")
    content = tomllib.loads(text)
    content["duties"][0]["to"] = "x" * 60_000
    (problem,) = _problems(RosterFile, "roster.toml", text, content)
    assert len(str(problem)) < 400
