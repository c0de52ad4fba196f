"""A configuration folder of the fictional region that a test may break in one place."""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from config.load import Configuration, ConfigurationError, Problem, load
from config.scaffold import demo_region, scaffold
from config.settings import Settings


@dataclass
class Broken:
    """The folder, and what loading it says."""

    settings: Settings

    @property
    def path(self) -> Path:
        return self.settings.config_dir

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.path / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) >= 1, f"{old!r} is not in {file}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def append(self, file: str, text: str) -> None:
        with (self.path / file).open("a", encoding="utf-8") as end:
            end.write(text)

    def load(self) -> Configuration:
        return load(self.settings)

    def problems(self, settings: Settings | None = None) -> list[Problem]:
        with pytest.raises(ConfigurationError) as raised:
            load(settings or self.settings)
        assert raised.value.problems, "an error without a problem helps nobody"
        return raised.value.problems

    def problem(self, settings: Settings | None = None) -> Problem:
        """The only problem: one mistake must not be told as several."""
        problems = self.problems(settings)
        assert len(problems) == 1, [str(problem) for problem in problems]
        return problems[0]


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("KORTELIJN_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def folder(tmp_path: Path) -> Broken:
    settings = Settings(config_dir=tmp_path / "lage-dijk")
    demo = demo_region("http://127.0.0.1:8008", "lagedijk.example")
    scaffold(settings.config_dir, settings.secrets_dir, demo, "wachtwoord")
    return Broken(settings)
