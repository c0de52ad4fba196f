"""The container file. No container engine is asked for here, so it is read: each step is one that
is known, its files exist, and what it copies is the whole program."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from config.settings import Settings
from tests.operations.service_unit import directives
from tests.program.conftest import MakeRegion, make_region, write_region  # noqa: F401 - a fixture
from tests.program.program import HANG_S, ROOT

FILE = ROOT / "docs" / "operations" / "Containerfile"
PYTHON = ".venv/bin/python"
# Where every module of the program comes from that it has once it is running.
WHERE = """
import sys, bot.running, bot.checking
own = ("main", "bot", "commands", "storage", "config")
print(*{m.__file__ for n, m in sys.modules.items() if n.split(".")[0] in own if m.__file__})
"""


class Step(NamedTuple):
    word: str
    rest: str


def steps() -> list[Step]:
    """Every instruction on one line, in order."""
    text = FILE.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [Step(*line.split(maxsplit=1)) for line in lines]


def copied() -> list[str]:
    found = [step.rest.split() for step in steps() if step.word == "COPY"]
    assert all(source == target for source, target in found), "it lies as it does here"
    return [source for source, _ in found]


def test_what_it_copies_is_there_and_nothing_secret() -> None:
    """By name and never `.`, in which a region's folder with its secrets can lie."""
    assert all((ROOT / path).exists() for path in copied())
    assert set(copied()) == {"requirements/run.txt", *_shipped()}


def _shipped() -> set[str]:
    """What `pyproject.toml` calls the program."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    modules = re.search(r"py-modules = \[(.*)\]", text)
    packages = re.search(r"include = \[(.*)\]", text)
    assert modules is not None
    assert packages is not None
    names = [name.strip('" ') for name in modules[1].split(",")]
    folders = [name.strip('"* ') for name in packages[1].split(",")]
    return {*(f"{name}.py" for name in names), *folders}


def test_every_library_is_the_one_whose_hash_is_known() -> None:
    installs = [step.rest for step in steps() if "pip" in step.rest]
    assert len(installs) == 1
    assert "--require-hashes --requirement requirements/run.txt" in installs[0]


def test_it_runs_as_nobody_in_particular_and_where_the_unit_has_it() -> None:
    found = {step.word: step.rest for step in steps()}
    user = found["USER"].split(":")[0]
    assert user.isdecimal()  # an engine cannot know that a name is not root
    assert int(user) > 0
    after = [step.word for step in steps()][[step.word for step in steps()].index("USER") :]
    assert "RUN" not in after, "the program's own files are not the program's to change"
    assert found["ENV"] == directives()["Environment"][0]
    assert found["WORKDIR"] == directives()["WorkingDirectory"][0]
    assert found["VOLUME"] == directives()["ReadWritePaths"][0]
    command = [*json.loads(found["ENTRYPOINT"]), *json.loads(found["CMD"])]
    assert (
        " ".join([f"{found['WORKDIR']}/{command[0]}", *command[1:]])
        == (directives()["ExecStart"][0])
    )
    assert found["STOPSIGNAL"] == "SIGTERM"


def test_the_copy_is_the_whole_program(tmp_path: Path) -> None:
    """From its own folder, with the libraries of this environment and without those of tests."""
    for path in copied():
        source, target = ROOT / path, tmp_path / path
        target.parent.mkdir(exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    write_region(tmp_path / "kortelijn", "http://127.0.0.1:9", "lage-dijk.example")
    said = _in(tmp_path, "main.py", "audit", "verify")  # with texts, and steps to today's tables
    assert said.returncode == 0, said.stderr
    said = _in(tmp_path, "-c", WHERE)
    assert said.stdout.split(), said.stderr
    assert all(Path(file).is_relative_to(tmp_path) for file in said.stdout.split()), said.stdout


def _in(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={"PATH": "", "KORTELIJN_DATA_DIR": str(folder / "data")},
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=False,
    )


async def test_its_health_check_asks_the_program(make_region: MakeRegion) -> None:
    """On the port of a region that changed nothing; here it is another."""
    check = next(step.rest for step in steps() if step.word == "HEALTHCHECK")
    python, *arguments = json.loads(check.partition("CMD ")[2])
    assert python == PYTHON
    usual = Settings.model_fields["health_port"].default
    code = arguments[-1]
    assert f"127.0.0.1:{usual}/health" in code
    region = await make_region()
    running = await region.run()
    await running.until_logged("start_waits")
    here = code.replace(f":{usual}/", f":{region.port}/")
    asked = subprocess.run([sys.executable, "-c", here], capture_output=True, check=False)  # noqa: ASYNC221
    assert asked.returncode != 0
    assert b"503" in asked.stderr, "not ready is told as such"
    assert await running.stop() == 0
