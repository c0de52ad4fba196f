"""What is known of a room is what stands there now, also when news and answers cross."""

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Any, cast

import pytest

from bot.channels.matrix import rooms as module
from bot.channels.matrix.homeserver import Homeserver, Trouble
from bot.channels.matrix.rooms import FETCHES, Rooms

ROOM, BOT, ANNA, BEN = "!zaak:x", "@bot:x", "@anna:x", "@ben:x"


def member(user: str, membership: str) -> dict[str, Any]:
    return {"type": "m.room.member", "state_key": user, "content": {"membership": membership}}


CREATE = {"type": "m.room.create", "state_key": "", "sender": BOT, "content": {}}


class Server:
    """Tells the state of any room, and can be made to do something before it answers."""

    def __init__(self) -> None:
        self.members = {BOT: "join", ANNA: "join"}
        self.encrypted = True
        self.asked = 0
        self.meanwhile: Callable[[], None] = lambda: None

    async def call(self, _method: str, path: str, **_query: object) -> dict[str, Any]:
        if path.endswith("/members"):
            self.asked += 1
            chunk = [member(*each) for each in self.members.items()]
            self.meanwhile()
            return {"chunk": chunk}
        await asyncio.sleep(0)
        if path.endswith("m.room.encryption/") and not self.encrypted:
            raise Trouble("refused", "none", code="M_NOT_FOUND")
        return CREATE


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def rooms(server: Server) -> Rooms:
    return Rooms(cast("Homeserver", server))


async def test_a_room_is_asked_for_once_and_then_kept_by_what_the_sync_tells(
    rooms: Rooms, server: Server
) -> None:
    room = await rooms.ready(ROOM)
    assert (room.creator, room.encrypted, set(room.members)) == (BOT, True, {BOT, ANNA})
    rooms.apply(ROOM, [member(BEN, "join"), member(ANNA, "leave")], monotonic())
    assert set((await rooms.ready(ROOM)).members) == {BOT, BEN}
    assert server.asked == 1


async def test_who_left_while_the_server_answered_is_not_there(
    rooms: Rooms, server: Server
) -> None:
    def leaves() -> None:
        server.meanwhile = lambda: None
        server.members.pop(ANNA)
        rooms.apply(ROOM, [member(ANNA, "leave")], monotonic())

    server.meanwhile = leaves
    assert set((await rooms.ready(ROOM)).members) == {BOT}
    assert server.asked == 2


async def test_older_news_brings_nobody_back(rooms: Rooms, server: Server) -> None:
    asked_at = monotonic()
    server.members.pop(ANNA)
    await rooms.ready(ROOM)
    rooms.apply(ROOM, [member(ANNA, "join")], asked_at)
    assert set((await rooms.ready(ROOM)).members) == {BOT}
    assert server.asked == 2


async def test_older_news_brings_nobody_back_whom_we_removed(rooms: Rooms, server: Server) -> None:
    await rooms.ready(ROOM)
    asked_at = monotonic()
    server.members.pop(ANNA)
    rooms.went(ROOM, ANNA)
    rooms.apply(ROOM, [member(ANNA, "join")], asked_at)
    assert set((await rooms.ready(ROOM)).members) == {BOT}


async def test_a_room_that_changes_at_every_question_is_tried_later(
    rooms: Rooms, server: Server
) -> None:
    server.meanwhile = lambda: rooms.apply(ROOM, [member(BEN, "join")], monotonic())
    with pytest.raises(Trouble):
        await rooms.ready(ROOM)
    assert server.asked == FETCHES


async def test_a_room_that_we_came_into_needs_no_question(rooms: Rooms, server: Server) -> None:
    rooms.apply(ROOM, [CREATE, member(BOT, "join"), member(BEN, "invite")], monotonic())
    room = await rooms.ready(ROOM)
    assert (set(room.members), room.encrypted, server.asked) == ({BOT, BEN}, False, 0)


async def test_a_room_that_we_made_needs_no_question(rooms: Rooms, server: Server) -> None:
    rooms.made(ROOM, BOT, [ANNA], signed_only=True)
    room = await rooms.ready(ROOM)
    assert room.members == {ANNA: "invite", BOT: "join"}
    assert (room.encrypted, room.signed_only, server.asked) == (True, True, 0)


async def test_what_was_encrypted_once_stays_so_whatever_the_server_says(
    rooms: Rooms, server: Server
) -> None:
    await rooms.ready(ROOM)
    rooms.left(ROOM)
    server.encrypted = False
    assert (await rooms.ready(ROOM)).encrypted
    assert not (await rooms.ready("!ander:x")).encrypted


async def test_rooms_at_rest_are_forgotten_but_for_the_last(
    rooms: Rooms, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgotten: list[str] = []
    rooms.when_forgotten(forgotten.append)
    for number in range(module.ALWAYS_KNOWN + 2):
        await rooms.ready(str(number))
    await rooms.ready("0")
    assert not forgotten  # none of them rests
    monkeypatch.setattr(module, "REST_S", 0.0)
    await rooms.ready("0")
    assert forgotten == ["1", "2"]
    asked = server.asked
    await rooms.ready("0")
    assert server.asked == asked
    await rooms.ready("1")
    assert server.asked == asked + 1
