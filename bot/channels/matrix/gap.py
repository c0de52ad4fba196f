"""What was said while we were away and did not fit into one sync."""

import structlog

from bot.channels.matrix.homeserver import Homeserver, part
from bot.channels.matrix.news import Event, RoomNews, objects

log = structlog.get_logger(__name__)

PAGE = 100
MOST_PAGES = 100


async def missed(homeserver: Homeserver, room: str, news: RoomNews, since: str) -> list[Event]:
    """The events of this room between `since` and its timeline, oldest first.

    Raises `Trouble`.
    """
    if not news.limited or any(e.get("type") == "m.room.create" for e in news.timeline):
        return []
    known = {event.get("event_id") for event in news.timeline}
    found: list[Event] = []
    token = news.before
    path = f"client/v3/rooms/{part(room)}/messages"
    for _ in range(MOST_PAGES):
        if token is None:
            break
        query = {"dir": "b", "from": token, "to": since, "limit": str(PAGE)}
        answer = await homeserver.call("GET", path, query=query)
        page = objects(answer.get("chunk"))
        found += [event for event in page if event.get("event_id") not in known]
        end = answer.get("end")
        token = end if page and isinstance(end, str) else None
    if token is not None:
        log.error("gap too long, the oldest messages are left out", room=room)
    return found[::-1]
