"""The floor: a bare nio client in a process of its own, told what to do line by line.

    python -m tests.bench.bare BASE_URL USER_ID PASSWORD FOLDER

It does nothing but what is asked: no database, no order, no retry. Orders and answers are
JSON, a line each, on standard input and output.
"""

import asyncio
import sys
from time import perf_counter
from typing import Any
from uuid import uuid4

import nio  # type: ignore[import-untyped]

from tests.bench.orders import obey
from tests.kit.rooms import ENCRYPTION, FROM_JOINING_ON

FILTER: dict[str, Any] = {"presence": {"types": []}, "account_data": {"types": []}}
WAIT_MS = 25_000


class Bare:
    """One client. Every public method is an order."""

    def __init__(self, base_url: str, user: str, folder: str) -> None:
        config = nio.AsyncClientConfig(store_sync_tokens=False)
        self.client = nio.AsyncClient(base_url, user, store_path=folder, config=config)
        self._answer = ""
        self._sent: dict[str, str] = {}  # room -> event id of the last message
        self._background: set[asyncio.Task[None]] = set()

    async def login(self, password: str) -> None:
        _done(await self.client.login(password), nio.LoginResponse)
        _done(await self.client.keys_upload(), nio.KeysUploadResponse)
        await self.client.sync(timeout=0, sync_filter=FILTER, full_state=True)

    async def follow(self) -> None:
        """Keep receiving, as every client does that wants to hear anything."""
        task = asyncio.create_task(self._follow())
        self._background.add(task)

    async def _follow(self) -> None:
        await self.client.sync_forever(timeout=WAIT_MS, sync_filter=FILTER)

    async def open(self, users: list[str]) -> list[str]:
        """Make an encrypted direct room for each user, and return them in that order."""
        rooms = []
        for user in users:
            answer = await self.client.room_create(
                is_direct=True, invite=[user], initial_state=[ENCRYPTION, FROM_JOINING_ON]
            )
            rooms.append(_done(answer, nio.RoomCreateResponse).room_id)
        return rooms

    async def until_joined(self, rooms: list[str]) -> None:
        """Return when the other one is in each of these rooms, as far as we were told."""
        while not all(self._is_joined(room) for room in rooms):
            await self.client.synced.wait()

    def _is_joined(self, room: str) -> bool:
        known = self.client.rooms.get(room)
        return known is not None and known.encrypted and known.joined_count == 2

    async def send(self, texts: dict[str, str]) -> dict[str, float]:
        """One message into each room, all at once. Returns when the first was begun and when
        the last was accepted."""
        begun = perf_counter()
        await asyncio.gather(*(self._send(room, text) for room, text in texts.items()))
        return {"begun": begun, "done": perf_counter()}

    async def react(self, emoji: list[str]) -> dict[str, float]:
        """Reactions under the last message of each room: one after the other in a room."""
        begun = perf_counter()
        await asyncio.gather(*(self._react(room, emoji) for room in self._sent))
        return {"begun": begun, "done": perf_counter()}

    async def echo(self, text: str) -> None:
        """From now on every message is answered with this text."""
        if not self._answer:
            self.client.add_event_callback(self._on_message, nio.RoomMessageText)
        self._answer = text

    async def _on_message(self, room: Any, event: Any) -> None:
        if event.sender != self.client.user_id:
            await self._send(room.room_id, self._answer)

    async def _send(self, room: str, text: str) -> None:
        html = text.replace("\n", "<br>")
        content = {
            "msgtype": "m.text",
            "body": text,
            "format": "org.matrix.custom.html",
            "formatted_body": html,
            "m.mentions": {},
        }
        answer = await self.client.room_send(
            room, "m.room.message", content, tx_id=uuid4().hex, ignore_unverified_devices=True
        )
        self._sent[room] = _done(answer, nio.RoomSendResponse).event_id

    async def _react(self, room: str, emoji: list[str]) -> None:
        for sign in emoji:
            relation = {"rel_type": "m.annotation", "event_id": self._sent[room], "key": sign}
            answer = await self.client.room_send(
                room, "m.reaction", {"m.relates_to": relation}, tx_id=uuid4().hex
            )
            _done(answer, nio.RoomSendResponse)


def _done(answer: Any, kind: type) -> Any:
    if not isinstance(answer, kind):
        raise RuntimeError(f"the bare client was refused: {answer}")
    return answer


async def _obey(base_url: str, user: str, password: str, folder: str) -> None:
    bare = Bare(base_url, user, folder)
    await bare.login(password)
    await obey(bare)


if __name__ == "__main__":
    asyncio.run(_obey(*sys.argv[1:]))
