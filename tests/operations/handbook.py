"""The commands of docs/operations.md, carried out as they stand there.

Only places differ: `/srv`, `/etc` and `/var` become folders of the test, and what needs root or a
running systemd is noted down instead of done.
"""

import asyncio
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.program.program import HANG_S, ROOT

TEXT = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
# What is only done as root. Each says on stderr that it was asked, and does the rest.
INSTEAD = """
set -euo pipefail
systemctl() { echo "systemctl $*" >&2; }
runuser() { shift 3; "$@"; }
"""


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str

    @property
    def asked_of_systemd(self) -> list[str]:
        return [line for line in self.err.splitlines() if line.startswith("systemctl ")]


class Handbook:
    """A machine in a folder: `etc`, `var` and `backups` stand for what the lines name."""

    def __init__(self, config: Path, data: Path, backups: Path, **environment: str) -> None:
        self._places = {
            "/etc/kortelijn": str(config),
            "/var/lib/kortelijn": str(data),
            "/var/backups/kortelijn": str(backups),
            "/srv/kortelijn": str(ROOT),
            ".venv/bin/python": sys.executable,
            " -o kortelijn -g kortelijn": "",
        }
        self._environment = environment

    async def does(self, lines: str, **variables: str) -> Ended:
        """These lines after the definition of `kl`. Variables take the place of assignments."""
        for name, value in variables.items():
            lines = re.sub(rf"^{name}=.*$", f"{name}='{value}'", lines, flags=re.MULTILINE)
        script = block("# Running it", 1) + lines
        for there, here in self._places.items():
            script = script.replace(there, here)
        process = await asyncio.create_subprocess_exec(
            *("bash", "-c", INSTEAD + script),
            env={**os.environ, **self._environment},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        async with asyncio.timeout(HANG_S):
            out, err = await process.communicate()
        assert process.returncode is not None
        return Ended(process.returncode, out.decode(), err.decode())


def block(heading: str, number: int) -> str:
    """The lines of the so many-th block of commands under a heading, without their indent."""
    part = re.split(r"^(?=#+ )", TEXT, flags=re.MULTILINE)
    section = next(each for each in part if each.startswith(f"{heading}\n"))
    blocks = re.findall(r"(?:^ {4}.*\n(?:\n(?= {4}))?)+", section, flags=re.MULTILINE)
    return "".join(line[4:] + "\n" for line in blocks[number - 1].splitlines())
