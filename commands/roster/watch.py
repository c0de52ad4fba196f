"""Look fourteen days ahead: whoever keeps a roster hears of its gaps while there is time."""

from collections.abc import Sequence

from sqlalchemy import bindparam
from sqlmodel import col, select

from commands.messages import Action, At, Message, Partners, Word, message
from commands.people import row_id, with_role
from commands.roster.reach import reaching_roster
from commands.roster.seats import paged_seats, seat_name
from commands.rules.moments import local
from commands.rules.roster.gaps import Gap, gaps
from commands.rules.roster.rule import DutyRole, Seat
from commands.rules.roster.warning import (
    LOOK_AHEAD,
    Known,
    Told,
    compare,
    look_again_at,
    next_morning,
)
from commands.tell import How, show_person, take_away_person, tell_person
from commands.world import World
from storage import outbox
from storage.store import Unit
from storage.tables import GapWarning
from storage.timers import cancel_timers, is_live, set_timer

WATCH, SUBJECT = "roster_watch", "roster:0"
ROLES: tuple[DutyRole, ...] = ("primary", "backup")
MOST_APART = 3  # more new gaps of one partner are told together
NIGHT_BEGINS, NIGHT_ENDS = 20, 8  # then only pages ring (conversation.md section 4)

_TOLD = (
    select(GapWarning)
    .where(GapWarning.region_id == bindparam("region"), col(GapWarning.mended_at).is_(None))
    .order_by(col(GapWarning.id))
)


def look_soon(unit: Unit) -> None:
    """The roster was changed: look after this transaction."""
    set_timer(unit, WATCH, SUBJECT, unit.now)


async def keep_watching(unit: Unit) -> None:
    """At the start and every day: there is always a next look. The first is in the morning."""
    if not await is_live(unit, SUBJECT, WATCH):
        set_timer(unit, WATCH, SUBJECT, next_morning(unit.now))


async def watch(unit: Unit, world: World) -> None:
    """Tell what is new, nearer or mended, and set the clock for the next look."""
    roster = await reaching_roster(unit, world, LOOK_AHEAD)
    seats = paged_seats(roster, world)
    found = _worth_telling(gaps(roster, seats, unit.now, unit.now + LOOK_AHEAD, ROLES))
    rows = {row_id(row): row for row in await unit.session.exec(_TOLD, params=_of(unit))}
    told = compare([_known(row) for row in rows.values()], found, unit.now)
    await _tell_mended(unit, world, told, rows)
    for before, gap in told.same:
        rows[before.number].start_at, rows[before.number].end_at = gap.start, gap.end
    for before, gap, near in told.nearer:
        row = rows[before.number]
        row.start_at, row.end_at, row.stage, row.told_at = gap.start, gap.end, near, unit.now
        if row.slot.startswith("gap:"):  # one message for a gap, never two with buttons
            for person in await with_role(unit, "contact_point", row.partner):
                await take_away_person(unit, row_id(person), row.slot, None)
        row.slot = f"gap:{before.number}:{near}"
        await _tell_one(unit, world, row, gap)
    for partner in dict.fromkeys(gap.seat.partner for gap, _ in told.new):
        await _tell_new(
            unit, world, partner, [each for each in told.new if each[0].seat.partner == partner]
        )
    for row in rows.values():
        if row.end_at <= unit.now:
            row.mended_at = unit.now  # over: nobody is told of the past
    await cancel_timers(unit, SUBJECT, WATCH)
    set_timer(unit, WATCH, SUBJECT, look_again_at(found, unit.now))


def _worth_telling(found: Sequence[Gap]) -> tuple[Gap, ...]:
    """Where nobody stands at all, the missing backup is not told apart."""
    empty = {(gap.seat, gap.start, gap.end) for gap in found if gap.role == "primary"}
    return tuple(
        gap for gap in found if gap.role == "primary" or (gap.seat, gap.start, gap.end) not in empty
    )


async def _tell_new(unit: Unit, world: World, partner: str, new: Sequence[tuple[Gap, int]]) -> None:
    added = []
    for gap, near in new:
        row = GapWarning(
            region_id=unit.region_id,
            partner=partner,
            function=gap.seat.function,
            place=gap.seat.place,
            role=gap.role,
            start_at=gap.start,
            end_at=gap.end,
            stage=near,
            told_at=unit.now,
            slot="",
        )
        unit.session.add(row)
        added.append((row, gap))
    await unit.session.flush()
    if len(added) <= MOST_APART:
        for row, gap in added:
            row.slot = f"gap:{row.id}:{row.stage}"
            await _tell_one(unit, world, row, gap)
        return
    slot = f"gaps:{partner}:{unit.now}"
    for row, _ in added:
        row.slot = slot
    loud = any(row.stage > 0 for row, _ in added)
    await _tell_contact_points(
        unit, partner, slot, _several(partner, [gap for _, gap in added]), (), loud=loud
    )


def _several(partner: str, found: Sequence[Gap]) -> Message:
    first = found[0]
    return message(
        "gap.several",
        count=len(found),
        partner=Partners((partner,)),
        since=At(first.start),
        until=At(first.end),
    )


async def _tell_one(unit: Unit, world: World, row: GapWarning, gap: Gap) -> None:
    name = seat_name(world, gap.seat)
    lines: tuple[Message, ...] = ()
    if gap.why is not None and gap.why.because == "unreachable":
        lines = (message("gap.unreachable"),)
    text = message(f"gap.{gap.role}", *lines, partner=name, since=At(gap.start), until=At(gap.end))
    number = str(row_id(row))
    actions = (
        Action("gap_name", Word("button.name_stand_in"), number),
        Action("gap_take", Word("button.take_shift"), number),
    )
    await _tell_contact_points(unit, gap.seat.partner, row.slot, text, actions, loud=row.stage > 0)


async def _tell_mended(unit: Unit, world: World, told: Told, rows: dict[int, GapWarning]) -> None:
    """A message that told of several is taken back when all of them are mended."""
    for known in told.mended:
        rows[known.number].mended_at = unit.now
    for slot in dict.fromkeys(rows[known.number].slot for known in told.mended):
        of_slot = [row for row in rows.values() if row.slot == slot]
        partner = of_slot[0].partner
        open_ones = [row for row in of_slot if row.mended_at is None and row.end_at > unit.now]
        if slot.startswith("gaps:"):
            text = message("gap.all_mended", partner=Partners((partner,)))
            if open_ones:
                text = _several(partner, [_gap(row) for row in open_ones])
        else:
            gap = _gap(of_slot[0])
            name = seat_name(world, gap.seat)
            text = message("gap.mended", partner=name, since=At(gap.start), until=At(gap.end))
        for person in await with_role(unit, "contact_point", partner):
            await show_person(unit, row_id(person), slot, text)


async def _tell_contact_points(
    unit: Unit,
    partner: str,
    slot: str,
    text: Message,
    actions: tuple[Action, ...],
    *,
    loud: bool,
) -> None:
    how = How(loud=loud and not _is_night(unit.now), lane=outbox.REST)
    for person in await with_role(unit, "contact_point", partner):
        await tell_person(unit, row_id(person), text, actions=actions, slot=slot, how=how)


def _is_night(now: int) -> bool:
    return not NIGHT_ENDS <= local(now).hour < NIGHT_BEGINS


def _known(row: GapWarning) -> Known:
    return Known(row_id(row), _gap(row), row.stage)


def _gap(row: GapWarning) -> Gap:
    role: DutyRole = "backup" if row.role == "backup" else "primary"
    seat = Seat(row.partner, row.function, row.place)
    return Gap(seat, row.start_at, row.end_at, role)


def _of(unit: Unit) -> dict[str, str]:
    return {"region": unit.region_id}
