"""A sync answer, taken apart so that nothing in it can hurt: what is malformed is not there."""

from dataclasses import dataclass
from typing import Any

Event = dict[str, Any]


@dataclass(frozen=True)
class RoomNews:
    """What happened in one room that we are in."""

    state: list[Event]  # as it was just before the timeline
    timeline: list[Event]
    receipts: list[Event]
    limited: bool  # the server left out what was before the timeline ...
    before: str | None  # ... and this is where to ask for it


@dataclass(frozen=True)
class News:
    token: str  # where the next sync goes on
    to_device: list[Event]
    changed: set[str]  # users whose devices changed or are not told any more
    joined: dict[str, RoomNews]
    invited: dict[str, list[Event]]  # room -> what the invitation shows of it
    left: set[str]
    answer: Event
    asked_at: float  # monotonic


def take_apart(answer: Event, asked_at: float) -> News | None:
    """None: this is no answer to a sync."""
    token = answer.get("next_batch")
    if not isinstance(token, str):
        return None
    rooms = _object(answer, "rooms")
    lists = _object(answer, "device_lists")
    return News(
        token=token,
        to_device=events(answer, "to_device"),
        changed={str(user) for key in ("changed", "left") for user in _list(lists, key)},
        joined={room: _room(news) for room, news in _objects(rooms, "join").items()},
        invited={room: events(n, "invite_state") for room, n in _objects(rooms, "invite").items()},
        left=set(_objects(rooms, "leave")),
        answer=answer,
        asked_at=asked_at,
    )


def events(holder: Event, section: str) -> list[Event]:
    """The events of a section, each at least an object with an object as its content."""
    return objects(_list(_object(holder, section), "events"))


def objects(found: object) -> list[Event]:
    if not isinstance(found, list):
        return []
    return [e for e in found if isinstance(e, dict) and isinstance(e.get("content"), dict)]


def is_sealed(event: Event) -> bool:
    """Whether it is encrypted and was not taken away."""
    return event.get("type") == "m.room.encrypted" and bool(event["content"])


def _room(news: Event) -> RoomNews:
    timeline = _object(news, "timeline")
    before = timeline.get("prev_batch")
    return RoomNews(
        state=events(news, "state"),
        timeline=events(news, "timeline"),
        receipts=events(news, "ephemeral"),
        limited=timeline.get("limited") is True,
        before=before if isinstance(before, str) else None,
    )


def _object(holder: Event, key: str) -> Event:
    found = holder.get(key)
    return found if isinstance(found, dict) else {}


def _objects(holder: Event, key: str) -> dict[str, Event]:
    return {k: v for k, v in _object(holder, key).items() if isinstance(v, dict)}


def _list(holder: Event, key: str) -> list[Any]:
    found = holder.get(key)
    return found if isinstance(found, list) else []
