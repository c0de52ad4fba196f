"""Who is on duty now: by partner and function, never by name."""

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, or_
from sqlmodel import col, select

from commands.ask import Ask
from commands.declare import command
from commands.messages import At, Message, Named, Partners, Word, message
from commands.places import group_place
from commands.roster.load import roster_of
from commands.roster.next_duty import own_shifts
from commands.rules.roster.course import LOOK_AHEAD, Stretch, stretches
from commands.rules.roster.rule import Roster, Seat
from commands.tell import payload
from commands.world import World
from config.wording import clock_with_day
from storage import outbox
from storage.store import Unit
from storage.tables import Identity, Person


@command(
    "duty",
    right="anyone",
    nl=("dienst", "wie heeft dienst"),
    en=("duty", "who is on duty"),
    where=("direct", "group"),
    about="nothing",
)
async def show_duty(ask: Ask) -> None:
    """A line per paged function; in the own chat also when it is your turn."""
    roster = await callable_roster(ask.unit, ask.world)
    lines = _lines(roster, ask.world, ask.unit.now)
    if ask.where == "group":
        _tell_group(ask, message("duty.title", *lines, now=_now(ask.unit)))
        return
    if ask.who.person.has_role("duty"):
        lines.append(_own_line(roster, ask.who.person, ask.unit.now))
    await ask.answer(message("duty.title", *lines, now=_now(ask.unit)))


_CALLABLE = (
    select(Person.key)
    .outerjoin(Identity)
    .where(
        Person.region_id == bindparam("region"),
        col(Person.active).is_(True),
        or_(
            col(Identity.id).is_not(None),
            col(Person.key).in_(bindparam("also", expanding=True)),
        ),
    )
)


async def callable_roster(
    unit: Unit,
    world: World,
    span_ms: int = LOOK_AHEAD,
    *,
    partners: Collection[str] | None = None,
    since: int | None = None,
) -> Roster:
    """The roster as it would be called: who left, or has no messenger and no fallback, stands
    nowhere. Partners and time as for `roster_of`."""
    asked = {"region": unit.region_id, "also": list(world.fallback)}
    callable_people = await unit.session.exec(_CALLABLE, params=asked)
    roster = await roster_of(unit, partners, since=since, span_ms=span_ms)
    return roster.reaching(callable_people)


def paged_functions(world: World) -> tuple[tuple[str, str], ...]:
    """Every (partner, function) that some kind of alarm pages, in the region's order."""
    paged = {
        (called.partner, called.function)
        for protocol in world.protocols.values()
        for called in protocol.pages
    }
    return tuple(
        (partner.key, function.key)
        for partner in world.region.partners
        for function in partner.functions
        if (partner.key, function.key) in paged
    )


def duty_name(world: World, partner: str, function: str) -> Partners | Named:
    """The partner; with its function where the partner has several that are paged."""
    if sum(key == partner for key, _ in paged_functions(world)) == 1:
        return Partners((partner,))
    meant = world.region.partner(partner)
    words = meant.function(function)
    if words is None:
        raise LookupError(f"{partner} has no function {function}")
    return Named(f"{meant.label.nl} {words.nl}", f"{meant.label.en} {words.en}")


def paged_seats(roster: Roster, world: World) -> tuple[Seat, ...]:
    """Every seat that some kind of alarm pages, in the region's order."""
    return tuple(
        seat
        for partner, function in paged_functions(world)
        for seat in roster.seats_of(partner, function)
    )


def seats_to_show(roster: Roster, world: World, partner: str) -> tuple[Seat, ...]:
    """The seats of one partner: those with a roster, and those that an alarm pages."""
    paged = paged_functions(world)
    return tuple(
        seat
        for function in world.region.partner(partner).functions
        for seat in roster.seats_of(partner, function.key)
        if roster.rules_for(seat) or roster.changes_for(seat) or (partner, function.key) in paged
    )


def seat_name(world: World, seat: Seat) -> Partners | Named:
    """As `duty_name`; with the district where there is one person for each."""
    name = duty_name(world, seat.partner, seat.function)
    if seat.place is None:
        return name
    if isinstance(name, Partners):
        label = world.region.partner(seat.partner).label
        name = Named(label.nl, label.en)
    return Named(f"{name.nl} {seat.place}", f"{name.en} {seat.place}")


def _lines(roster: Roster, world: World, now: int) -> list[Message]:
    return [
        _line(seat_name(world, seat), stretches(roster, seat, now, now + LOOK_AHEAD))
        for seat in paged_seats(roster, world)
    ]


def _line(partner: Partners | Named, course: Sequence[Stretch]) -> Message:
    now = course[0]
    backup = Word("word.yes" if now.backup else "word.no")
    after = next((each for each in course if each.primary != now.primary), None)
    if now.primary is None:
        if after is None:
            return message("duty.nobody", partner=partner, backup=backup)
        until = At(after.start)
        return message("duty.nobody_until", partner=partner, until=until, backup=backup)
    if after is None:
        return message("duty.steady", partner=partner, backup=backup)
    if after.primary is None:
        return message("duty.until_nobody", partner=partner, until=At(after.start))
    return message("duty.until", partner=partner, until=At(after.start), backup=backup)


def _own_line(roster: Roster, person: Person, now: int) -> Message:
    """The time that somebody stands there is one duty, whether primary or backup."""
    horizon = now + LOOK_AHEAD
    own = own_shifts(roster, person, now, horizon)
    if not own:
        return message("duty.you_none")
    start, end = own[0].start, own[0].end
    for shift in own[1:]:
        if shift.seat == own[0].seat and shift.start == end:
            end = shift.end
    if start > now:
        return message("duty.you", when=At(start))
    return message("duty.you_now", until=At(end)) if end < horizon else message("duty.you_steady")


def _now(unit: Unit) -> Named:
    """The weekday belongs to it, also today."""
    return Named(clock_with_day(unit.now, unit.now, "nl"), clock_with_day(unit.now, unit.now, "en"))


def _tell_group(ask: Ask, text: Message) -> None:
    outbox.queue(
        ask.unit,
        channel=ask.channel,
        destination=group_place(ask.channel),
        kind="say",
        payload=payload(text),
        lane=outbox.ANSWERS,
    )
