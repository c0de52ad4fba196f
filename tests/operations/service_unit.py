"""What stands in the example unit, and which system calls that leaves."""

import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

from tests.program.program import ROOT

UNIT = ROOT / "docs" / "operations" / "kortelijn.service"
ANALYZE = shutil.which("systemd-analyze")


def directives(unit: Path = UNIT) -> dict[str, list[str]]:
    """Every directive of all sections with its values, in order."""
    found: dict[str, list[str]] = defaultdict(list)
    for line in unit.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(("#", "[")):
            name, equals, value = line.partition("=")
            assert equals, f"not a directive: {line!r}"
            found[name].append(value)
    return dict(found)


def allowed_calls(filters: list[str]) -> set[str]:
    """The system calls that `SystemCallFilter=` lines leave, as this machine's systemd reads
    its sets. What every program needs is always among them."""
    allowed = _calls_of("@default")
    for line in filters:
        named = {call for name in line.removeprefix("~").split() for call in _calls_of(name)}
        allowed = allowed - named if line.startswith("~") else allowed | named
    return allowed | _calls_of("@default")


def _calls_of(name: str) -> set[str]:
    if not name.startswith("@"):
        return {name}
    assert ANALYZE is not None
    listed = subprocess.run(
        [ANALYZE, "syscall-filter", "--no-pager", name], capture_output=True, text=True, check=True
    )
    members = (line.strip() for line in listed.stdout.splitlines()[1:])
    calls = [member for member in members if member and not member.startswith("#")]
    return {call for member in calls for call in _calls_of(member)}
