"""What is wrong in the configuration folder, said so that somebody can mend it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from config.catalogue import Texts
from config.entry import Language
from config.locate import line_of


@dataclass(frozen=True)
class Problem:
    """`file` and `key` say where; `what` and `mend` are sentences in the region's language."""

    file: str
    key: str
    what: str
    mend: str
    line: int | None = None

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        where = " · ".join(part for part in (where, self.key) if part)
        return f"{where}\n  {self.what} {self.mend}"


class ConfigurationError(Exception):
    """The program does not start; every problem that could be found is told at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = list(problems)


@dataclass
class Source:
    """A file as it was read: its text for line numbers, its data for the names of entries."""

    text: str
    data: dict[str, Any]


@dataclass
class Report:
    """Collects problems; the words come from the catalogue, `problem.<code>`."""

    language: Language = "nl"
    problems: list[Problem] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)

    def add(
        self,
        file: str,
        path: Sequence[str | int],
        code: str,
        /,
        *,
        choices: Iterable[str] = (),
        line: int | None = None,
        **params: object,
    ) -> None:
        texts = Texts(self.language)
        given = {"choices": ", ".join(choices), "key": path[-1] if path else "", **params}
        source = self.sources.get(file)
        if line is None and source is not None and path:
            line = line_of(source.text, path)
        problem = Problem(
            file=file,
            key=_written(path, source.data if source else {}),
            what=texts.get(f"problem.{code}", **given),
            mend=texts.get(f"problem.{code}.mend", **given),
            line=line,
        )
        if problem not in self.problems:
            self.problems.append(problem)

    def unique(self, file: str, values: Iterable[tuple[str, tuple[str | int, ...]]], /) -> None:
        """A problem for each value, given with its path, that was there before."""
        seen: dict[str, tuple[str | int, ...]] = {}
        for value, path in values:
            if value in seen:
                # Entries with the same key can only be told apart by their place.
                first = _written(seen[value], None)
                self.add(file, path, "duplicate", given=value, first=first)
            seen.setdefault(value, path)


def _written(path: Sequence[str | int], data: object) -> str:
    """("people", 3, "functions") as people[ovj1].functions, or people[4].functions without a key.

    A place in a list counts from 1, as people count.
    """
    written = ""
    for part in path:
        if isinstance(part, int):
            data = data[part] if isinstance(data, list) and part < len(data) else None
            name = data.get("key", part + 1) if isinstance(data, dict) else part + 1
            written += f"[{name}]"
        else:
            data = data.get(part) if isinstance(data, dict) else None
            written += f".{part}" if written else part
    return written
