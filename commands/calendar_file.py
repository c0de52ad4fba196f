"""The overleg as a calendar file. It tells the reference, the time and the link, no more."""

from datetime import UTC, datetime

from icalendar import Calendar, Event

from commands.messages import message
from commands.rows_of_consultation import LENGTH_MS
from commands.spoken import Voice
from commands.world import World

MEDIA_TYPE = "text/calendar"


def file_name(reference: str) -> str:
    """The name under which it stands in the room."""
    return f"overleg-{reference}.ics"


def calendar_file(
    world: World, reference: str, begins: int, link: str, *, now: int, sequence: int
) -> bytes:
    """An iCalendar file (RFC 5545) of one event. `begins` and `now`: UTC epoch milliseconds.

    The overleg of a case keeps one UID: a calendar that took it in before moves the entry to
    the new time when the file has a higher `sequence`.
    """
    voice = Voice(world.region, world.region.language, now)
    event = Event()
    event.add("uid", f"{reference}@{world.region.id}.kortelijn")
    event.add("sequence", sequence)
    event.add("dtstamp", _utc(now))
    event.add("dtstart", _utc(begins))
    event.add("dtend", _utc(begins + LENGTH_MS))
    event.add("summary", voice.text(message("consult.calendar", ref=reference)))
    event.add("url", link)
    calendar = Calendar()
    calendar.add("prodid", "-//Kortelijn//Kortelijn//NL")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _utc(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC).replace(microsecond=0)
