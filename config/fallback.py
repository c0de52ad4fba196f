"""The third way out: by which gateways, and to which number or address of whom.

Secret file fallback.toml, which a region may have. A gateway is a URL as `apprise` writes it, with
{to} where the number or address comes; its name begins with what it is, for people read that.
"""

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from config.problem import Report, Source
from config.secrets import read_secret
from config.understood import understood

FALLBACK = "fallback.toml"
KINDS = ("sms", "mail", "voice")
_NAME = re.compile(rf"({'|'.join(KINDS)})(-[a-z0-9]+)*")
_TO = "{to}"
_NUMBER = re.compile(r"\+[0-9][0-9 ()-]{5,24}")  # without its country it can be anybody's
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")
_SAMPLES = {"sms": "+31000000000", "mail": "dienst@lagedijk.example", "voice": "+31000000000"}


@dataclass(frozen=True)
class Fallback:
    """Never printed. `gateways`: name → URL; `people`: key → gateway → number or address."""

    gateways: Mapping[str, str] = field(repr=False)
    people: Mapping[str, Mapping[str, str]] = field(repr=False)

    def ways(self) -> dict[str, tuple[str, ...]]:
        """By person the names of their gateways: all that a command may know."""
        return {person: tuple(numbers) for person, numbers in self.people.items()}

    def url(self, gateway: str, person: str) -> str | None:
        """Where to send it, or None if this person has no such way."""
        to = self.people.get(person, {}).get(gateway)
        return None if to is None else _filled(self.gateways[gateway], to)


def kind_of_gateway(name: str) -> str:
    """`sms`, `mail` or `voice`."""
    return name.partition("-")[0]


def read_fallback(
    folder: Path, shown: str, people: Collection[str] | None, report: Report
) -> Fallback | None:
    """None without the file, or when the report has a reason why not.

    `shown` is the folder's name in problems, `people` who there is (None: not known now).
    """
    path = folder / FALLBACK
    if not path.exists():
        return None
    before = len(report.problems)
    text = read_secret(path, shown, report)
    data = _parsed(f"{shown}/{FALLBACK}", text, report) if text is not None else None
    if data is None:
        return None
    reading = _Reading(f"{shown}/{FALLBACK}", data, report)
    reading.check_tables()
    reading.check_gateways()
    reading.check_people(people)
    if len(report.problems) == before:
        reading.check_with_apprise()
    if len(report.problems) > before:
        return None
    return Fallback(reading.gateways, reading.people)


def _parsed(file: str, text: str, report: Report) -> dict[str, Any] | None:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        line = int(at.group(1)) if at else text.count("\n") + 1
        report.add(file, (), "fallback_syntax", line=line)  # its own words may quote a secret
        return None
    report.sources[file] = Source(text, data)
    return data


class _Reading:
    """Everything in it is secret: unlike in other files, no problem tells what stands there."""

    def __init__(self, file: str, data: dict[str, Any], report: Report) -> None:
        self._file = file
        self._data = data
        self._report = report
        self.gateways: dict[str, str] = _table(data.get("gateways"))
        self.people: dict[str, dict[str, str]] = {
            person: _table(numbers) for person, numbers in _table(data.get("people")).items()
        }

    def check_tables(self) -> None:
        known = ("gateways", "people")
        for name in self._data:
            if name not in known:
                self._add((name,), "unknown_key", given=name, choices=known)
            elif not isinstance(self._data[name], dict):
                self._add((name,), "fallback_table")
        for person, numbers in _table(self._data.get("people")).items():
            if not isinstance(numbers, dict):
                self._add(("people", person), "fallback_table")

    def check_gateways(self) -> None:
        for name, url in self.gateways.items():
            at = ("gateways", name)
            if not _NAME.fullmatch(name):
                self._add(at, "gateway_name", given=name, choices=KINDS)
            elif not isinstance(url, str) or url.count(_TO) != 1:
                self._add(at, "gateway_without_to")

    def check_people(self, known: Collection[str] | None) -> None:
        for person, numbers in self.people.items():
            if known is not None and person not in known:
                self._add(("people", person), "unknown_person", given=person, choices=known)
            for gateway, to in numbers.items():
                at = ("people", person, gateway)
                if gateway not in self.gateways:
                    names = tuple(self.gateways)
                    self._add(at, "unknown_gateway", given=gateway, choices=names)
                elif not isinstance(to, str) or not _form_of(gateway).fullmatch(to.strip()):
                    self._add(at, f"bad_{_form_name(gateway)}")

    def check_with_apprise(self) -> None:
        """A gateway that nobody's number fits is wrong itself; else that one number is."""
        asked: list[tuple[str, str | None, str]] = [
            (name, person, numbers[name])
            for name in self.gateways
            for person, numbers in self.people.items()
            if name in numbers
        ]
        asked += [(name, None, _SAMPLES[kind_of_gateway(name)]) for name in self.gateways]
        answers = understood([_filled(self.gateways[name], to) for name, _, to in asked])
        if answers is None:
            self._add((), "no_apprise")
            return
        fits = {name for (name, _, _), good in zip(asked, answers, strict=True) if good}
        for name in self.gateways:
            if name not in fits:
                self._add(("gateways", name), "gateway_not_understood")
        for (name, person, _), good in zip(asked, answers, strict=True):
            if person is not None and name in fits and not good:
                self._add(("people", person, name), f"bad_{_form_name(name)}")

    def _add(self, at: tuple[str, ...], code: str, **more: Any) -> None:
        self._report.add(self._file, at, code, **more)


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _form_name(gateway: str) -> str:
    return "address" if kind_of_gateway(gateway) == "mail" else "number"


def _form_of(gateway: str) -> re.Pattern[str]:
    return _ADDRESS if _form_name(gateway) == "address" else _NUMBER


def _filled(url: str, to: str) -> str:
    return url.replace(_TO, quote(to.strip(), safe=""))
