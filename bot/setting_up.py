"""What `main.py init` does: write what is not there yet, and say what people must do next."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from config.catalogue import Texts
from config.entry import Entry, Key, Language, Line
from config.explain import explain
from config.load import ConfigurationError, load
from config.problem import Problem, Report
from config.region import HomeServer, MatrixId
from config.scaffold import Blueprint, scaffold
from config.settings import Settings

_NEXT = ("adapt", "account", "check", "run", "calllist")


class Wishes(Entry):
    """The options of `init`. What is left out stays a blank in the files."""

    region: Key = "mijn-regio"
    name: Line = "Mijn regio"
    language: Language = "nl"
    homeserver: HomeServer | None = None
    user: MatrixId | None = None


def wishes_from(given: Mapping[str, Any], language: Language) -> Wishes:
    """The options that were given. Raises `ConfigurationError`, before anything is written."""
    report = Report(language)
    try:
        return Wishes(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        explain(report, "init", Wishes, error)
    raise ConfigurationError(
        [replace(problem, file=f"--{problem.key}", key="") for problem in report.problems]
    )


def write_region(settings: Settings, wishes: Wishes, password: str) -> list[Path]:
    """Write the folder; returns what was written. Raises `OSError`."""
    blueprint = Blueprint(
        region_id=wishes.region,
        region_name=wishes.name,
        language=wishes.language,
        homeserver=wishes.homeserver or "",
        bot_user=wishes.user or "",
    )
    return scaffold(settings.config_dir, settings.secrets_dir, blueprint, password)


def kept(settings: Settings, written: Sequence[Path]) -> list[Path]:
    """The files that were there before and stay as they are."""
    files = (*settings.config_dir.rglob("*.toml"), *settings.secrets_dir.glob("*"))
    return sorted(path for path in set(files) if path.is_file() and path not in written)


def next_steps(settings: Settings, texts: Texts, command: str) -> list[str]:
    """One sentence for each; `command` is how this program is called on this folder."""
    steps = [
        texts.get("cli.next.fill", file=file, keys=", ".join(keys))
        if keys
        else texts.get("cli.next.fill_file", file=file)
        for file, keys in _still_blank(settings).items()
    ]
    return steps + [texts.get(f"cli.next.{step}", command=command) for step in _NEXT]


def _still_blank(settings: Settings) -> dict[str, list[str]]:
    """What must be filled in or mended: the keys by file, in the order of the files."""
    try:
        load(settings)
    except ConfigurationError as error:
        return _by_file(error.problems)
    return {}


def _by_file(problems: Sequence[Problem]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for problem in problems:
        found.setdefault(problem.file, []).extend([problem.key] if problem.key else [])
    return found
