"""`make demo`, run as somebody runs it: to its end, through a killed bot, and stopped half-way."""

import asyncio
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import psutil

from tests.demo.day import KEPT_BACK
from tests.demo.process import ROOT
from tests.kit.phone import Phone

HANG_S = 240.0  # guards against hanging only
TABLE = [
    ["VT", "15:40", "15:40", "15:41", "15:42", "dienst", "16:30"],
    ["OM", "15:40", "15:40", "15:42", "15:44", "dienst", "16:30"],
    ["Politie", "15:40", "15:40 T", "15:43 T", "15:43 T", "dienst", "16:30"],
    ["RvdK", "15:40", "15:40, 15:42 T, 15:50", "15:43 T, 15:51", "15:53", "achterwacht", "16:30"],
]
# What somebody did or got, on which messenger it must be told.
ON_MATRIX = (
    "VT frontoffice typt: letsel past niet bij uitleg",
    "Strafbare kindermishandeling, Centrum.",
    "OM officier van justitie tikt ✅ Ik pak op",
    "Afspraak 1 · politie · vóór vr 18:00: sporen veiligstellen · klaar 17:2",
)
ON_TELEGRAM = (
    "Politie chef van dienst opent de link en drukt op Start",
    "RvdK dienst: 🔴 Alarm",
    "Pak je dit op vóór 15:50 (8 min)?",
    "RvdK dienst typt: ok",
    "Politie chef van dienst tikt [Ik pak op]",
    "Politie chef van dienst tikt [16:30]",
    "Politie chef van dienst typt: klaar 1",
)


class Demo:
    """A run of the demo and what it has printed so far."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.lines: list[str] = []

    async def line(self, wanted: str) -> str:
        """Read on until a line that has this in it."""
        assert self.process.stdout is not None
        async for raw in self.process.stdout:
            self.lines.append(raw.decode().rstrip("\n"))
            if wanted in self.lines[-1]:
                return self.lines[-1]
        raise AssertionError("\n".join([f"no line with {wanted!r}:", *self.lines]))

    async def end(self) -> int:
        """Read all that is left and return the exit code."""
        assert self.process.stdout is not None
        rest = await self.process.stdout.read()
        self.lines += rest.decode().splitlines()
        return await self.process.wait()

    def lanes(self) -> tuple[str, str]:
        """What the timeline tells of Matrix and of Telegram, without line breaks."""
        told = [line.partition("│") for line in self.lines if "│" in line]
        left, right = [row[0][15:] for row in told], [row[2] for row in told]
        return _words(left), _words(right)

    def table(self) -> list[list[str]]:
        """The rows of the table per partner, without real milliseconds."""
        start = next(n for n, line in enumerate(self.lines) if line.startswith("partner"))
        rows = [re.split(r"  +", line) for line in self.lines[start + 2 : start + 6]]
        return [[*row[:3], *row[4:]] for row in rows]


def _words(lines: list[str]) -> str:
    return " ".join(" ".join(lines).split())


@asynccontextmanager
async def demo(folder: Path, *arguments: str) -> AsyncIterator[Demo]:
    """Run it with its temporary files in `folder`; nothing may be left there, nor running."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.demo", *arguments),
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "TMPDIR": str(folder), "PYTHONUTF8": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(HANG_S):
            yield Demo(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert _left_in(folder) == []


def _left_in(folder: Path) -> list[str]:
    """Files, and processes that were started by a demo with this folder."""
    found = [str(path) for path in folder.iterdir()]
    for process in psutil.process_iter():
        try:
            if process.environ().get("TMPDIR", "").startswith(str(folder)):
                found.append(f"{process.pid} {process.cmdline()}")
        except (psutil.AccessDenied, psutil.NoSuchProcess, psutil.ZombieProcess):
            continue  # not ours, or gone meanwhile
    return found


def _phone(server: str, key: str, password: str) -> Phone:
    name = "lage-dijk.example"
    return Phone(server, f"@{key}:{name}", password, bot=f"@kortelijn:{name}")


async def _telegram(page: str) -> str:
    """What a browser shows of the phones there."""
    async with aiohttp.ClientSession() as session, session.get(page) as answer:
        return await answer.text()


def _told_on_both(matrix: str, telegram: str) -> None:
    """Each lane has what belongs there, and Telegram's has nothing of the case itself."""
    assert [told for told in ON_MATRIX if told not in matrix] == []
    assert [told for told in ON_TELEGRAM if told not in telegram] == []
    assert [word for word in KEPT_BACK if word not in matrix.casefold()] == []
    assert [word for word in KEPT_BACK if word in telegram.casefold()] == []


async def test_the_day_ends_in_its_table_and_goes_on_by_hand(tmp_path: Path) -> None:
    async with demo(tmp_path, "--stay") as run:
        server = (await run.line("Server")).split()[1]
        password = (await run.line("Wachtwoord")).split()[1]
        chats = (await run.line("Telegram  ")).split()[1]
        await run.line("Ctrl-C")
        assert run.table() == TABLE
        _told_on_both(*run.lanes())
        assert "Pak je dit op" not in await _telegram(chats)
        async with (
            _phone(server, "vt_gw2", password) as vt,
            _phone(server, "om_ovj1", password) as om,
        ):
            await vt.expects("Welkom")
            await vt.says(vt.direct_room, "alarm skm spoed Noord")
            draft = await vt.expects("Klopt dit?")
            await vt.offers(draft, "1️⃣", "2️⃣", "❌")
            await vt.taps(draft, "1️⃣")
            page = await om.expects("Pak je dit op", loud=True)
            await om.taps(page, "✅")
            await om.shows(page, "Jij pakt")
        on_telegram = await _telegram(chats)
        assert "Pak je dit op" in on_telegram
        assert "Noord" not in on_telegram
        run.process.send_signal(signal.SIGINT)
        assert await run.end() == 0
        assert run.lines[-1].startswith("Gewist")


async def test_a_bot_that_dies_at_a_kill_point_changes_nothing_of_the_day(tmp_path: Path) -> None:
    async with demo(tmp_path, "--kill", "outbox.sent:20") as run:
        await run.line("De bot is dood")
        await run.line("De bot is terug")
        assert await run.end() == 0
        assert run.table() == TABLE


async def test_ctrl_c_half_way_stops_everything(tmp_path: Path) -> None:
    async with demo(tmp_path) as run:
        await run.line("starten")
        run.process.send_signal(signal.SIGINT)
        assert await run.end() == 130
