"""From the configuration folder to a `Configuration`, or to every problem in it at once."""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from config.entry import Entry, Language
from config.explain import explain, written_keys
from config.fallback import Fallback, read_fallback
from config.people import PersonEntry
from config.problem import ConfigurationError, Problem, Report, Source
from config.protocol import Protocol
from config.region import Region
from config.roster import DutyEntry
from config.secrets import TELEGRAM_TOKEN, TELEGRAM_WEBHOOK, Secrets, read_secrets
from config.settings import Settings
from config.validate import validate

__all__ = ["Configuration", "ConfigurationError", "Folder", "Problem", "load", "read_settings"]

_Table = TypeVar("_Table", bound=Entry)
_ENVIRONMENT = "KORTELIJN_"


class PeopleFile(Entry):
    people: tuple[PersonEntry, ...] = ()


class RosterFile(Entry):
    duties: tuple[DutyEntry, ...] = ()


@dataclass(frozen=True)
class Folder:
    """What the TOML files say. People and roster are the seed of the database."""

    region: Region
    protocols: Mapping[str, Protocol]
    people: Mapping[str, PersonEntry]
    roster: tuple[DutyEntry, ...]


@dataclass(frozen=True)
class Configuration(Folder):
    """A whole, valid configuration."""

    secrets: Secrets
    fallback: Fallback | None = None


def read_settings(**given: Any) -> Settings:
    """Settings from the environment; `given` (from the command line) goes first.

    Raises `ConfigurationError`, also for a KORTELIJN_ variable that does not exist.
    """
    report = Report()
    known = [_variable(name) for name in written_keys(Settings)]
    for name in sorted(os.environ):
        if name.startswith(_ENVIRONMENT) and name not in known:
            report.add(name, (), "unknown_key", given=name, choices=known)
    try:
        settings = Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        explain(report, _ENVIRONMENT, Settings, error)
        problems = [
            replace(problem, file=_variable(problem.key), key="") if problem.key else problem
            for problem in report.problems
        ]
        raise ConfigurationError(problems) from None
    if report.problems:
        raise ConfigurationError(report.problems)
    return settings


def _variable(name: str) -> str:
    return f"{_ENVIRONMENT}{name}".upper()


def load(settings: Settings) -> Configuration:
    """Everything that the bot needs to start. Raises `ConfigurationError`."""
    report = Report()
    folder = _read_folder(settings, report)
    secrets = fallback = None
    if settings.config_dir.is_dir():
        shown = settings.secrets_dir.name
        user = folder.region.matrix.user if folder else "Matrix"
        also = _secrets_of_telegram(report)
        secrets = read_secrets(settings.secrets_dir, shown, user, report, also)
        people = folder.people if folder else None
        fallback = read_fallback(settings.secrets_dir, shown, people, report)
    if report.problems or folder is None or secrets is None:
        raise ConfigurationError(report.problems)
    return Configuration(
        folder.region, folder.protocols, folder.people, folder.roster, secrets, fallback
    )


def _secrets_of_telegram(report: Report) -> list[str]:
    """As region.toml stands there, also when something else in the folder is wrong."""
    source = report.sources.get("region.toml")
    table = source.data.get("telegram") if source else None
    if not isinstance(table, dict):
        return []
    return [TELEGRAM_TOKEN, TELEGRAM_WEBHOOK] if "webhook" in table else [TELEGRAM_TOKEN]


def load_folder(settings: Settings) -> Folder:
    """Without the secrets: the call list must be printable when everything else is lost.

    Raises `ConfigurationError`.
    """
    report = Report()
    folder = _read_folder(settings, report)
    if report.problems or folder is None:
        raise ConfigurationError(report.problems)
    return folder


def _read_folder(settings: Settings, report: Report) -> Folder | None:
    root = settings.config_dir
    if not root.is_dir():
        report.add(str(root), (), "no_folder")
        return None
    report.language = language_of(root)
    region = _read(root, "region.toml", Region, report)
    people = _read(root, "people.toml", PeopleFile, report)
    roster = _read(root, "roster.toml", RosterFile, report)
    names = sorted(f"protocols/{path.name}" for path in root.glob("protocols/*.toml"))
    if not names:
        report.add("protocols/", (), "no_protocol")
    protocols = {name: _read(root, name, Protocol, report) for name in names}
    read = {name: protocol for name, protocol in protocols.items() if protocol is not None}
    if region is not None:
        validate(
            report,
            settings,
            region,
            people.people if people else None,
            read if len(read) == len(protocols) else None,
            roster.duties if roster else None,
        )
    if region is None or people is None or roster is None or report.problems:
        return None
    return Folder(
        region=region,
        protocols={each.key: each for each in sorted(read.values(), key=_standing)},
        people={person.key: person for person in people.people},
        roster=roster.duties,
    )


def _standing(protocol: Protocol) -> tuple[int, str]:
    return protocol.order, protocol.key


def language_of(root: Path) -> Language:
    """The language in which to complain, even when region.toml itself is broken."""
    try:
        text = (root / "region.toml").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return "nl"
    found = re.search(r'^\s*language\s*=\s*"(\w+)"', text, re.M)
    return "en" if found and found.group(1) == "en" else "nl"


def _read(root: Path, name: str, model: type[_Table], report: Report) -> _Table | None:
    try:
        text = (root / name).read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except FileNotFoundError:
        report.add(name, (), "no_file")
        return None
    except UnicodeDecodeError:
        report.add(name, (), "not_utf8")
        return None
    except OSError as error:
        report.add(name, (), "unreadable", reason=error.strerror or type(error).__name__)
        return None
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        line = int(at.group(1)) if at else text.count("\n") + 1
        report.add(name, (), "syntax", reason=str(error).split(" (at ")[0], line=line)
        return None
    report.sources[name] = Source(text, data)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        explain(report, name, model, error)
        return None
