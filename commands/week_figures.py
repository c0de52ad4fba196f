"""The figures of a week as a message; what is shown of small numbers the rule decides."""

from collections.abc import Sequence

from sqlmodel import col, select

from commands.messages import At, Message, Named, Partners, Word, message
from commands.roster.seats import callable_roster, paged_seats, seat_name
from commands.rules import digest
from commands.rules.moments import DAY, MINUTE, week_bounds, week_of
from commands.rules.roster.gaps import gaps
from commands.world import World, kind_of
from config.wording import week as dates_of
from storage.store import Unit
from storage.tables import Measure

Week = tuple[int, int]  # ISO year and week

GAP_DAYS = 14
MOST_GAPS = 6
# What is counted. Drills and tests have kinds of their own and so never get in.
_KINDS: dict[str, digest.Kind] = {
    "alarm": "alarm",
    "time_to_ack": "time_to_ack",
    "missed": "missed",
    "nobody_on_duty": "nobody_on_duty",
    "backup_used": "backup_used",
    "consultation_in_time": "consult_in_time",
    "consultation_late": "consult_late",
}


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
    few = Word("digest.few")
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
    span = GAP_DAYS * DAY
    roster = await callable_roster(unit, world, span)
    found = gaps(roster, paged_seats(roster, world), unit.now, unit.now + span)
    if not found:
        return [message("digest.no_gaps", days=GAP_DAYS)]
    partners = Partners(tuple(dict.fromkeys(gap.seat.partner for gap in found)))
    return [
        message("digest.gaps", days=GAP_DAYS, count=len(found), partners=partners),
        *(
            message(
                "digest.gap",
                partner=seat_name(world, gap.seat),
                since=At(gap.start),
                until=At(gap.end),
            )
            for gap in found[:MOST_GAPS]
        ),
    ]
