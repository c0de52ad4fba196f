"""The README and docs/ name things that exist: files, commands, functions on the way of a page."""

import importlib
import inspect
import re
from pathlib import Path

import click
import pytest

import main
from tests.program.program import ROOT

DOCUMENTS = ["README.md", *sorted(str(p.relative_to(ROOT)) for p in ROOT.glob("docs/**/*.md"))]
FOLDERS = r"(?:bot|commands|storage|config|tests|docs|requirements)"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_path_exists(name: str) -> None:
    """In `code` and in links; a module may be written without its ending."""
    text = (ROOT / name).read_text(encoding="utf-8")
    quoted = set(re.findall(rf"`({FOLDERS}/[\w./-]*)`", text))
    linked = set(re.findall(r"\]\((?!https?:)([\w./-]+)\)", text))
    missing = [path for path in quoted if not _exists(ROOT / path)]
    missing += [path for path in linked if not (ROOT / name).parent.joinpath(path).exists()]
    assert missing == []


def _exists(path: Path) -> bool:
    return path.exists() or path.with_name(f"{path.name}.py").exists()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_exists(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    made = set(re.findall(r"[`\n ]make ([a-z-]+)", text)) - {"it", "words", "sure", "both"}
    assert made <= targets
    for called in re.findall(r"main\.py(?: --config \w+)? ([a-z]+)", text):
        assert called in main.main.commands
    for option in re.findall(r"main\.py (?:[a-z]+ )+(--[a-z-]+)", text):
        commands = [
            each
            for command in main.main.commands.values()
            for each in (command, *getattr(command, "commands", {}).values())
        ]
        assert any(option in p.opts for c in commands for p in c.params), option


def test_the_way_of_one_page_is_eight_modules_that_have_these_functions() -> None:
    text = (ROOT / "docs" / "way-of-one-page.md").read_text(encoding="utf-8")
    steps = _steps(text.split("```")[1].splitlines())
    assert len(steps) == 8
    for module, functions in steps.items():
        found = importlib.import_module(module.replace("/", "."))
        kind: object = found
        for function in functions:
            owner, _, name = function.rpartition(".")
            kind = getattr(found, owner) if owner else kind
            assert inspect.isfunction(inspect.getattr_static(kind, name)), f"{module} {function}"


def _steps(picture: list[str]) -> dict[str, list[str]]:
    """The functions of each numbered module; they stand in one column, on one line or more."""
    steps: dict[str, list[str]] = {}
    module, column = "", 0
    for line in picture:
        numbered = re.match(r" (\d)  (\S+) +", line)
        if numbered:
            module, column = numbered[2], numbered.end()
            assert int(numbered[1]) == len(steps) + 1
        listed = line[column:].split("  ")[0]
        if module and listed.strip() and line[column - 1] == " " and line.isascii():
            steps.setdefault(module, []).extend(re.findall(r"[\w.]+", listed))
    return steps


def test_decisions_are_numbered_in_order_and_say_when_to_undo_them() -> None:
    records = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(path.name[:4]) for path in records] == list(range(1, len(records) + 1))
    for path in records:
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {int(path.name[:4])}. "), path.name
        for part in ("**What.**", "**Why.**", "**Undo when**"):
            assert part in text, f"{path.name} {part}"


def test_help_is_a_page_for_every_command() -> None:
    assert all(isinstance(each, click.Command) for each in main.main.commands.values())
    for command in main.main.commands.values():
        with click.Context(main.main, info_name="main.py") as context:
            inner = click.Context(command, parent=context, info_name=command.name)
            assert f"main.py [--config MAP] {command.name}" in command.get_help(inner)
