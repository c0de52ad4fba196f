"""Holds a phone that runs matrix-js-sdk under Node, by the JSON lines of phone.mjs."""

import asyncio
import itertools
import json
import shutil
import subprocess
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self

HERE = Path(__file__).parent
NODE_AT_LEAST = 20
HANG_S = 30.0  # real seconds; guards against hanging only


class NodePhoneFailed(AssertionError):
    """The client under Node could not do what it was told; the message says why."""


@dataclass(frozen=True)
class Shown:
    """A message as matrix-js-sdk shows it now."""

    room: str
    event: str
    sender: str
    kind: str  # Matrix msgtype
    text: str
    edited: bool
    encrypted: bool
    failure: str | None  # why it could not be decrypted
    shield: str  # NONE is what people want to see; GREY and RED are warnings
    rings: bool  # by this user's push rules
    taps: list[dict[str, str]]  # event, sender, key

    @property
    def clean(self) -> bool:
        """Decrypted, from a device signed by its owner, no warning of any kind."""
        return self.encrypted and self.failure is None and self.shield == "NONE"

    def emoji(self, sender: str) -> set[str]:
        return {tap["key"] for tap in self.taps if tap["sender"] == sender}


def missing() -> str | None:
    """Why these tests cannot run on this machine; None if they can."""
    node = shutil.which("node")
    if node is None:
        return f"Node is not installed; tests with matrix-js-sdk need {NODE_AT_LEAST} or newer"
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)
    if int(version.stdout.strip().lstrip("v").partition(".")[0]) < NODE_AT_LEAST:
        return f"Node {version.stdout.strip()} is too old; matrix-js-sdk needs {NODE_AT_LEAST}"
    if not (HERE / "node_modules" / "matrix-js-sdk").is_dir():
        return "matrix-js-sdk is not installed; run `npm ci` in tests/clients"
    return None


class NodePhone:
    """One fresh, signed device that refuses devices which are not signed."""

    def __init__(self, base_url: str, user_id: str, password: str, *, bot: str) -> None:
        self.user_id = user_id
        self.bot = bot
        self._base_url = base_url
        self._password = password
        self._numbers = itertools.count(1)
        self._process: asyncio.subprocess.Process | None = None
        self._one_at_a_time = asyncio.Lock()
        self._errors: list[str] = []
        self._listening: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Log in, sync, and sign the device. Raises `NodePhoneFailed`."""
        self._process = await asyncio.create_subprocess_exec(
            "node",
            str(HERE / "phone.mjs"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=16 * 1024 * 1024,  # a room's messages are one line
        )
        self._listening = asyncio.create_task(self._keep_errors())
        try:
            await self._ask(
                "login",
                homeserver=self._base_url,
                user=self.user_id,
                password=self._password,
                bot=self.bot,
            )
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """End the process, in good order if it still listens."""
        process = self._process
        if process is None:
            return
        assert process.stdin is not None
        assert self._listening is not None
        self._process = None
        process.stdin.close()  # the end of its input ends it
        try:
            await asyncio.wait_for(process.wait(), 5)
        except TimeoutError:
            process.kill()
            await process.wait()
        await self._listening

    async def join(self, room: str) -> None:
        await self._ask("join", room=room)

    async def knows(self, user: str) -> None:
        """Wait until it knows the devices of somebody whom it shares a room with."""
        await self._ask("wait_known", user=user, timeout_s=HANG_S)

    async def sees(self, fragment: str, *, room: str | None = None) -> Shown:
        """Wait for a message with this text. Raises `NodePhoneFailed` with what is shown."""
        answer = await self._ask("wait_text", fragment=fragment, room=room, timeout_s=HANG_S)
        return _shown(answer["message"])

    async def refuses(self, reason: str, *, room: str | None = None) -> Shown:
        """Wait for a message that it does not decrypt for this reason of the SDK."""
        answer = await self._ask("wait_failure", reason=reason, room=room, timeout_s=HANG_S)
        return _shown(answer["message"])

    async def messages(self, room: str) -> list[Shown]:
        """All messages of a room that it could page to, as they are shown now."""
        return [_shown(message) for message in (await self._ask("messages", room=room))["messages"]]

    async def rooms(self) -> list[dict[str, Any]]:
        """The joined rooms: `room`, `name`, `members`."""
        rooms: list[dict[str, Any]] = (await self._ask("rooms"))["rooms"]
        return rooms

    async def says(self, room: str, text: str) -> str:
        return str((await self._ask("say", room=room, text=text))["event"])

    async def taps(self, message: Shown, emoji: str) -> str:
        return str((await self._ask("react", **_at(message), key=emoji))["event"])

    async def untaps(self, message: Shown, emoji: str) -> None:
        await self._ask("unreact", **_at(message), key=emoji)

    async def reads(self, message: Shown) -> None:
        await self._ask("read", **_at(message))

    async def _ask(self, cmd: str, **given: Any) -> dict[str, Any]:
        if self._process is None:
            raise NodePhoneFailed(f"{cmd}: the client under Node does not run")
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        async with self._one_at_a_time:
            number = next(self._numbers)
            request = {"id": number, "cmd": cmd, **given}
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            await self._process.stdin.drain()
            line = await asyncio.wait_for(self._process.stdout.readline(), 2 * HANG_S)
        if not line:
            raise NodePhoneFailed(f"{cmd}: it ended\n" + "\n".join(self._errors[-20:]))
        answer: dict[str, Any] = json.loads(line)
        assert answer["id"] == number, "an answer to something else"
        if not answer["ok"]:
            raise NodePhoneFailed(f"{cmd}: {answer['error']}")
        return answer

    async def _keep_errors(self) -> None:
        assert self._process is not None
        assert self._process.stderr is not None
        async for line in self._process.stderr:
            self._errors.append(line.decode(errors="replace").rstrip())


def _at(message: Shown) -> dict[str, str]:
    return {"room": message.room, "event": message.event}


def _shown(message: dict[str, Any]) -> Shown:
    return Shown(**{field.name: message[field.name] for field in fields(Shown)})
