"""The week in figures, for the coordinators only."""

import re
from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from commands.ask import Ask
from commands.declare import command
from commands.messages import At, Message, Named, Param, Partners, Word, message
from commands.people import identity_of, row_id, with_role
from commands.reading.words import phrase
from commands.rules import digest
from commands.rules.moments import DAY, MINUTE, week_bounds, week_of
from commands.rules.roster import Gap, gaps
from commands.show_duty import duty_name, paged_functions, reachable_rules
from commands.tell import How, tell_person
from commands.world import World, kind_of
from config.wording import week as dates_of
from storage import outbox
from storage.access_log import BOT, note
from storage.store import Unit
from storage.tables import DoneJob, Measure

Week = tuple[int, int]  # ISO year and week

GAP_DAYS = 14
MOST_GAPS = 6
# What is counted. Drills and tests have kinds of their own and so never get in.
_KINDS: dict[str, digest.Kind] = {
    "alarm": "alarm",
    "time_to_ack": "acked",
    "missed": "missed",
    "nobody_on_duty": "nobody_on_duty",
    "backup_used": "backup_called",
    "consultation_in_time": "consult_in_time",
    "consultation_late": "consult_late",
}
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


async def digest_message(unit: Unit, world: World, week: Week) -> Message:
    """A week's figures, and the gaps in the roster from now on.

    Raises `ValueError` for a week that this year does not have.
    """
    begin, end = week_bounds(*week)
    kinds = await _protocols(unit, world)
    figures = digest.weekly(
        await _measures(unit, begin, end),
        *week,
        tuple(kinds),
        [partner.key for partner in world.region.partners],
    )
    dates = Named(dates_of(begin, end - 1, "nl"), dates_of(begin, end - 1, "en"))
    this_year = week[0] == week_of(unit.now)[0]
    return message(
        "digest.title",
        *_alarms(figures.alarms, kinds),
        *_times(figures.ack_ms),
        message("digest.missed", count=figures.missed),
        message("digest.nobody", count=figures.nobody_on_duty),
        message("digest.backups", count=figures.backups),
        *_consultations(figures),
        *await _gaps(unit, world),
        message("digest.few_note"),
        week=week[1] if this_year else f"{week[0]}-{week[1]:02}",
        dates=dates,
    )


async def _protocols(unit: Unit, world: World) -> dict[str, Named]:
    """The kinds of alarm, also those that the region had before: a total leaves none out.

    A former kind keeps its row in every week, so that the row itself tells nothing.
    """
    found = await unit.session.exec(
        select(Measure.protocol)
        .where(Measure.region_id == unit.region_id, Measure.kind == "alarm")
        .distinct()
        .order_by(Measure.protocol)
    )
    former = {key: Named(key, key) for key in found}
    present = {key: kind_of(protocol) for key, protocol in world.protocols.items()}
    return present | {key: name for key, name in former.items() if key not in present}


async def _measures(unit: Unit, begin: int, end: int) -> list[digest.Measure]:
    found = await unit.session.exec(
        select(Measure).where(
            Measure.region_id == unit.region_id,
            col(Measure.kind).in_(_KINDS),
            Measure.at >= begin,
            Measure.at < end,
        )
    )
    return [
        digest.Measure(_KINDS[it.kind], it.protocol, it.partner, it.at, it.value, it.token)
        for it in found
    ]


def _alarms(alarms: digest.Row, kinds: dict[str, Named]) -> list[Message]:
    """No line for a total that would give a small count away."""
    total = [] if alarms.total is None else [message("digest.alarms", count=alarms.total)]
    if all(count == digest.HIDDEN for _, count in alarms.cells):
        return [*total, message("digest.by_kind_few", few=Word("digest.few"))]
    return [
        *total,
        *(message("digest.kind", kind=kinds[key], count=count) for key, count in alarms.cells),
    ]


def _times(ack_ms: Sequence[tuple[str, int | None]]) -> list[Message]:
    few: Param = Word("digest.few")
    if all(median is None for _, median in ack_ms):
        return [message("digest.take_all_few", few=few)]
    lines = [message("digest.take_title")]
    for key, median in ack_ms:
        partner = Partners((key,))
        if median is None:
            lines.append(message("digest.take_few", partner=partner, few=few))
        else:
            minutes = -(-median // MINUTE)  # "within" so many whole minutes
            lines.append(message("digest.take", partner=partner, minutes=minutes))
    return lines


def _consultations(figures: digest.Digest) -> list[Message]:
    if figures.consultations is None:
        return []
    lines = [message("digest.consults", count=figures.consultations)]
    if figures.in_time_percent is not None:
        share = f"{figures.in_time_percent}%"
        lines.append(message("digest.consult_in_time", count=share))
    return lines


async def _gaps(unit: Unit, world: World) -> list[Message]:
    """Rosters tell of no case, so their numbers are shown as they are."""
    rules = await reachable_rules(unit)
    until = unit.now + GAP_DAYS * DAY
    found: list[Gap] = []
    for partner, function in paged_functions(world):
        found += gaps(rules, partner, [function], unit.now, until)
    if not found:
        return [message("digest.no_gaps", days=GAP_DAYS)]
    partners = Partners(tuple(dict.fromkeys(gap.partner for gap in found)))
    return [
        message("digest.gaps", days=GAP_DAYS, count=len(found), partners=partners),
        *(
            message(
                "digest.gap",
                partner=duty_name(world, gap.partner, gap.function),
                since=At(gap.start),
                until=At(gap.end),
            )
            for gap in sorted(found, key=lambda gap: gap.start)[:MOST_GAPS]
        ),
    ]
