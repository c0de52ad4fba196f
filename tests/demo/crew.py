"""The staff on Matrix: one process per person, started early because each must load first."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

from tests.demo import process
from tests.demo.day import CAST, SCRIPTS
from tests.demo.heard import Heard
from tests.demo.report import report_from
from tests.kit.warm_start import Process


class Crew:
    """All phones, from outside."""

    def __init__(self, folder: Path, heard: Heard) -> None:
        self._folder = folder
        self._heard = heard
        self._people: dict[str, Process] = {}
        self._listening: list[asyncio.Task[None]] = []
        self._stopping = False

    async def start(self) -> None:
        """Start everybody; they wait to be told where the server is."""
        for key in SCRIPTS:
            with (self._folder / f"{key}.log").open("wb") as errors:
                person = await process.start(
                    "tests.demo.staff", key, folder=self._folder, errors=errors.fileno()
                )
            self._people[key] = person
            listening = listen(person, self._heard, CAST[key].name, lambda: self._stopping)
            self._listening.append(asyncio.create_task(listening))

    def sign_in(self, server: str, users: dict[str, str], password: str, clock: Path) -> None:
        """Tell everybody where to sign in; `users` holds the user ids and that of the bot."""
        for key, person in self._people.items():
            given = {
                "server": server,
                "user": users[key],
                "password": password,
                "bot": users["bot"],
                "clock": str(clock),
            }
            assert person.stdin is not None
            person.stdin.write(f"{json.dumps(given)}\n".encode())

    async def stop(self) -> None:
        """Let everybody put the phone away."""
        self._stopping = True
        for person in self._people.values():
            assert person.stdin is not None
            person.stdin.close()
        await asyncio.gather(*(process.stop(person) for person in self._people.values()))
        await asyncio.gather(*self._listening, return_exceptions=True)
        self._people.clear()


async def listen(running: Process, heard: Heard, name: str, stopping: Callable[[], bool]) -> None:
    """Take in what a process reports, until it ends."""
    assert running.stdout is not None
    try:
        async for line in running.stdout:
            heard.add(report_from(line.decode()))
    except (ValueError, OSError) as error:  # no report, or nobody reads the timeline
        heard.give_up(f"Wat {name} meldde, is niet te tonen: {error}")
    if not stopping():
        heard.give_up(f"{name} stopte uit zichzelf.")
