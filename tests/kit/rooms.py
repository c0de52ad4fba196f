"""Rooms that people make themselves, for tests of the kit and of clients without the bot."""

from typing import Any

import nio  # type: ignore[import-untyped]

from tests.kit.device import Device, accepted

ENCRYPTION: dict[str, Any] = {
    "type": "m.room.encryption",
    "state_key": "",
    "content": {"algorithm": "m.megolm.v1.aes-sha2"},
}

FROM_JOINING_ON: dict[str, Any] = {
    "type": "m.room.history_visibility",
    "state_key": "",
    "content": {"history_visibility": "joined"},
}


async def encrypted_room(
    owner: Device, *invited: str, direct: bool = True, name: str | None = None
) -> str:
    """Make an encrypted room as the bot does, invite these users and return its id."""
    answer = await owner.client.room_create(
        name=name, is_direct=direct, invite=invited, initial_state=[ENCRYPTION, FROM_JOINING_ON]
    )
    room: str = accepted(answer, nio.RoomCreateResponse, "making a room").room_id
    await owner.settle()
    return room
