"""The week in figures, for the coordinators only."""

import re

from sqlalchemy.exc import IntegrityError

from commands.ask import Ask
from commands.declare import command
from commands.messages import Message, message
from commands.people import identity_of, row_id, with_role
from commands.reading.words import phrase
from commands.rules.moments import week_bounds, week_of
from commands.tell import How, tell_person
from commands.week_figures import Week, digest_message
from commands.world import World
from storage import outbox
from storage.access_log import BOT, note
from storage.store import Unit
from storage.tables import DoneJob

_WEEK = re.compile(r"(?:week )?(?:(20\d\d)[ -]?)?w?(\d{1,2})")


async def digest_job(unit: Unit, world: World, now: int) -> bool:
    """For the calendar: the last week that is over at `now` (UTC epoch milliseconds).

    False if that was done before, or if no coordinator can be reached.
    """
    return await send_digest(unit, world, week_before(week_of(now)))


async def send_digest(unit: Unit, world: World, week: Week) -> bool:
    """To every coordinator, once per region and week, however often it is asked."""
    coordinators = await with_role(unit, "coordinator")
    reached = [each for each in coordinators if await identity_of(unit, row_id(each))]
    if not reached or not await _first_time(unit, week):
        return False
    text = await digest_message(unit, world, week)
    for person in reached:
        await tell_person(unit, row_id(person), text, how=How(lane=outbox.REST))
        await note(unit, BOT, "share", "digest", right="coordinator", on_behalf=person.key)
    return True


async def _first_time(unit: Unit, week: Week) -> bool:
    """Marks the week as done, in the transaction that sends it."""
    job, period = f"digest:{unit.region_id}", f"{week[0]}-W{week[1]:02}"
    if await unit.session.get(DoneJob, (job, period)) is not None:
        return False
    try:
        async with unit.session.begin_nested():
            unit.session.add(DoneJob(job=job, period=period, done_at=unit.now))
    except IntegrityError:  # another process did it since we looked
        return False
    return True


@command(
    "weekly",
    right="coordinator",
    nl=("weekbericht",),
    en=("weekly",),
    where=("direct",),
    about="nothing",
    takes_words=True,
)
async def weekly(ask: Ask) -> None:
    """`weekbericht`: the last week that is over; `weekbericht 28` or `2026-28`: that week."""
    running = week_of(ask.unit.now)
    week = _week_meant(ask.words, running)
    if week is None:
        await ask.answer(message("digest.no_week"))
        return
    shown = week_before(running) if week == running else week
    text = await digest_message(ask.unit, ask.world, shown)
    await ask.log("read", "digest", right="coordinator")
    if week == running:
        title = Message(text.key, text.params)
        text = message("digest.running", title, *text.lines, week=running[1], previous=shown[1])
    await ask.answer(text)


def _week_meant(words: str, running: Week) -> Week | None:
    """Without a year the latest week of that number; None: no such week, or not begun."""
    if not words.strip():
        return week_before(running)
    found = _WEEK.fullmatch(phrase(words))
    if found is None:
        return None
    number = int(found[2])
    if found[1]:
        year = int(found[1])
    else:
        year = running[0] if (running[0], number) <= running else running[0] - 1
    try:
        week_bounds(year, number)
    except ValueError:
        return None
    return (year, number) if (year, number) <= running else None


def week_before(week: Week) -> Week:
    """The ISO week before this one."""
    begin, _ = week_bounds(*week)
    return week_of(begin - 1)
