"""Where something is said: a place is one conversation on one messenger.

`person:12:matrix` is a direct chat, `person:12:fallback:sms` a number at a gateway, `case:5` the
room of a case, `group:matrix` the group room, `room:<address>` a room that is none of ours. The
outbox, standing messages and their order know places only by these names.
"""

from storage.tables import Case, Identity

CHANNELS = ("matrix", "telegram")
FALLBACK = "fallback"  # SMS, e-mail and voice: nobody can answer there


def person_place(person_id: int, channel: str) -> str:
    """Somebody's direct chat on a messenger."""
    return f"person:{person_id}:{channel}"


def fallback_place(person_id: int, gateway: str) -> str:
    """Somebody's number or address at a gateway."""
    return f"{person_place(person_id, FALLBACK)}:{gateway}"


def gateway_in(place: str) -> str:
    """The gateway of such a place."""
    return place.rpartition(":")[2]


def place_of(identity: Identity) -> str:
    """The direct chat that this identity has."""
    return person_place(identity.person_id, identity.channel)


def case_place(case: Case) -> str:
    """The room of a case."""
    return f"case:{case.id}"


def is_topic(case: Case) -> bool:
    """Whether the room of this case is a topic in the region's group on Telegram. Nobody is
    invited there or taken out of it: who is in the group reads every topic."""
    return case.channel == "telegram"


def group_place(channel: str) -> str:
    """The region's group room on a messenger."""
    return f"group:{channel}"


def room_place(address: str) -> str:
    """Any other room, by the messenger's own address."""
    return f"room:{address}"


def sort_of_place(place: str) -> str:
    """`person`, `case`, `group` or `room`."""
    return place.partition(":")[0]


def person_in(place: str) -> int | None:
    """Whose direct chat this is (row id), or None for any other place."""
    kind, _, rest = place.partition(":")
    return int(rest.partition(":")[0]) if kind == "person" else None


def channel_of(place: str) -> str:
    """The messenger of a direct chat or group room."""
    return place.rpartition(":")[2]


def direct_chats(person_id: int) -> tuple[str, ...]:
    """The places of one person, on whichever messenger."""
    return tuple(person_place(person_id, channel) for channel in CHANNELS)
