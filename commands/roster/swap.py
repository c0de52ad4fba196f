"""`ruil`: ask colleagues to take a shift, take one, give it back. The contact point may ask for
an absent colleague. Until somebody takes it, who has the shift keeps it."""

from dataclasses import replace

from sqlalchemy import bindparam
from sqlmodel import col, select

from commands.ask import Ask
from commands.choices import begin_of, page_of
from commands.declare import command
from commands.messages import Action, Message, Word, message
from commands.people import by_key, row_id
from commands.roster.change import stand_in_for, undo, who_stands
from commands.roster.colleagues import (
    can_be_there,
    can_stand,
    may_act_for,
    who_can_stand,
    whose_shifts,
)
from commands.roster.load import roster_of
from commands.roster.next_duty import OwnShift, own_shifts
from commands.roster.spoken_shift import from_argument, shift_text, span, to_argument
from commands.rules.moments import DAY
from commands.rules.roster.rule import Seat
from commands.tell import How, show_person, tell_person
from storage import outbox
from storage.access_log import Actor
from storage.tables import Person, RosterChange, Swap

AHEAD_MS = 28 * DAY
_OPEN_OF = select(Swap).where(
    Swap.region_id == bindparam("region"),
    Swap.person == bindparam("person"),
    col(Swap.state).in_(("open", "taken")),
)


@command(
    "swap",
    right="rostered",
    nl=("ruil",),
    en=("swap",),
    where=("direct",),
    about="nothing",
    takes_words=True,
)
async def swap(ask: Ask) -> None:
    """`ruil`: which of your shifts? `ruil officier 2` (contact point): which of theirs?"""
    whose = await whose_shifts(ask)
    if whose is None:
        await ask.answer(message("swap.whose"))
        return
    buttons = await _shifts_to_choose(ask, whose, 0)
    if not buttons:
        await ask.answer(message("swap.no_shift"))
        return
    await ask.answer(message("swap.which"), actions=buttons, slot="swap")


@command("swap_more", right="rostered", about="nothing")
async def more_shifts(ask: Ask) -> None:
    """The next shifts."""
    begin, key = begin_of(ask.argument)
    whose = await by_key(ask.unit, key)
    allowed = whose is not None and may_act_for(ask, whose)
    buttons = await _shifts_to_choose(ask, whose, begin) if whose and allowed else ()
    await ask.settle(message("swap.which" if buttons else "swap.gone"), buttons)


async def _shifts_to_choose(ask: Ask, whose: Person, begin: int) -> tuple[Action, ...]:
    shifts = [
        Action("swap_ask", span(shift.start, shift.end), f"{whose.key} {to_argument(shift)}")
        for shift in await _coming(ask, whose)
    ]
    return page_of(shifts, begin, "swap_more", whose.key)


@command("swap_ask", right="rostered", about="nothing")
async def ask_colleagues(ask: Ask) -> None:
    """This shift: everybody who could take it is asked, silently."""
    key, _, argument = ask.argument.partition(" ")
    whose = await by_key(ask.unit, key)
    shift: OwnShift | None = from_argument(argument)
    shift = await _as_it_is(ask, whose, shift) if whose and may_act_for(ask, whose) else None
    if whose is None or shift is None:
        await ask.settle(message("swap.gone"))
        return
    if await _asked_before(ask, whose, shift.seat, shift.start):
        await ask.settle(message("swap.asked_before"))
        return
    colleagues = await who_can_stand(ask.unit, shift.seat, but=whose.key)
    if not colleagues:
        await ask.settle(message("swap.nobody"))
        return
    row = Swap(
        region_id=ask.unit.region_id,
        person=whose.key,
        partner=shift.seat.partner,
        function=shift.seat.function,
        place=shift.seat.place,
        start_at=shift.start,
        end_at=shift.end,
        state="open",
        asked_by=ask.who.person.key,
        made_at=ask.unit.now,
    )
    ask.unit.session.add(row)
    await ask.unit.session.flush()
    await ask.log("create", "swap", right=ask.role)
    for colleague in colleagues:
        await _offer(ask, row, colleague)
    stop = Action("swap_withdraw", Word("button.take_back"), str(row.id), stop=True)
    await ask.settle(message("swap.asked", n=len(colleagues)), (stop,))


@command("swap_take", right="rostered", about="nothing")
async def take_swap(ask: Ask) -> None:
    """A colleague takes it: the first one has it."""
    row = await _row(ask)
    if row is None:
        return
    me, seat = ask.who.person, _seat(row)
    if row.state != "open" or row.end_at <= ask.unit.now or not can_stand(me, seat):
        await ask.settle(message("swap.gone"))
        return
    begin = max(row.start_at, ask.unit.now)
    if not await can_be_there(ask.unit, ask.world, me, begin, row.end_at):
        await ask.settle(message("swap.you_are_away"))
        return
    # Who takes a shift beside oneself is one person for two: one is none.
    if me.key in await who_stands(ask.unit, seat, (begin, row.end_at)):
        await ask.settle(message("swap.you_stand_there"))
        return
    actor = Actor.of(me, ask.role, ask.channel)
    change = await stand_in_for(
        ask.unit,
        ask.world,
        actor,
        seat,
        (begin, row.end_at),
        leaves=row.person,
        enters=me.key,
        kind="swap",
        right="duty",
    )
    row.state, row.change_id, row.taken_by = "taken", row_id(change), me.key
    done = message("swap.done", shift=shift_text(ask.world, seat, begin, row.end_at))
    for colleague in await who_can_stand(ask.unit, seat, but=row.person):
        if colleague.key != me.key:
            await show_person(ask.unit, row_id(colleague), _slot(row), done)
    await ask.settle(done, (Action("swap_untake", Word("button.not_after_all"), str(row.id)),))
    await _tell_asker(ask, row, "swap.taken")


@command("swap_untake", right="rostered", about="nothing")
async def untake_swap(ask: Ask) -> None:
    """The taker gives it back before it begins: it is the first one's again, and open again."""
    row = await _row(ask)
    if row is None:
        return
    if row.state != "taken" or row.taken_by != ask.who.person.key:
        await ask.settle(message("swap.gone"))
        return
    if row.start_at <= ask.unit.now:
        await ask.settle(message("swap.begun"))
        return
    change = await ask.unit.session.get(RosterChange, row.change_id)
    if change is not None:
        actor = Actor.of(ask.who.person, ask.role, ask.channel)
        await undo(ask.unit, ask.world, actor, change, right="duty")
    row.state, row.change_id, row.taken_by = "open", None, None
    for colleague in await who_can_stand(ask.unit, _seat(row), but=row.person):
        if colleague.key != ask.who.person.key:
            await _offer(ask, row, colleague)
    text, actions = _question(ask, row)
    await ask.settle(text, actions)
    await _tell_asker(ask, row, "swap.untaken", loud=row.start_at - ask.unit.now < DAY)


@command("swap_withdraw", right="rostered", about="nothing")
async def withdraw_swap(ask: Ask) -> None:
    """Whoever asked does not need it any more."""
    row = await _row(ask)
    if row is None:
        return
    mine = ask.who.person.key in (row.person, row.asked_by)
    if row.state != "open" or not mine:
        await ask.settle(message("swap.gone"))
        return
    row.state = "withdrawn"
    await ask.log("delete", "swap", right=ask.role)
    text = message("swap.withdrawn", shift=_shift(ask, row))
    for colleague in await who_can_stand(ask.unit, _seat(row), but=row.person):
        await show_person(ask.unit, row_id(colleague), _slot(row), text)
    await ask.settle(text)


async def _as_it_is(ask: Ask, person: Person, asked: OwnShift | None) -> OwnShift | None:
    """The shift of a button as it is now: one that runs has become shorter meanwhile."""
    for each in await _coming(ask, person):
        together = asked is not None and each.start < asked.end and asked.start < each.end
        if asked is not None and together and (each.seat, each.role) == (asked.seat, asked.role):
            return replace(each, end=min(each.end, max(asked.end, each.start + 1)))
    return None


async def _coming(ask: Ask, person: Person) -> list[OwnShift]:
    """Also of somebody who is away: theirs are the shifts that need a colleague."""
    roster = await roster_of(ask.unit, [person.partner], span_ms=AHEAD_MS)
    others = tuple(each for each in roster.absences if each.person != person.key)
    roster = replace(roster, absences=others)
    return own_shifts(roster, person, ask.unit.now, ask.unit.now + AHEAD_MS)


async def _asked_before(ask: Ask, whose: Person, seat: Seat, start: int) -> bool:
    asked = {"region": ask.unit.region_id, "person": whose.key}
    rows = await ask.unit.session.exec(_OPEN_OF, params=asked)
    return any(_seat(row) == seat and row.start_at <= start < row.end_at for row in rows)


async def _offer(ask: Ask, row: Swap, colleague: Person) -> None:
    text, actions = _question(ask, row)
    await show_person(ask.unit, row_id(colleague), _slot(row), text, actions=actions)


def _question(ask: Ask, row: Swap) -> tuple[Message, tuple[Action, ...]]:
    take = Action("swap_take", Word("button.take_shift"), str(row.id))
    return message("swap.question", shift=_shift(ask, row)), (take,)


async def _tell_asker(ask: Ask, row: Swap, key: str, *, loud: bool = False) -> None:
    """Both who stands there and who asked for them."""
    for whose in dict.fromkeys((row.person, row.asked_by)):
        person = await by_key(ask.unit, whose)
        if person is not None:
            how = How(loud=loud, lane=outbox.REST)
            await tell_person(
                ask.unit, row_id(person), message(key, shift=_shift(ask, row)), how=how
            )


async def _row(ask: Ask) -> Swap | None:
    row = await ask.unit.session.get(Swap, int(ask.argument))
    if row is None or row.partner != ask.who.person.partner:
        await ask.settle(message("swap.gone"))
        return None
    return row


def _shift(ask: Ask, row: Swap) -> Message:
    return shift_text(ask.world, _seat(row), row.start_at, row.end_at)


def _seat(row: Swap) -> Seat:
    return Seat(row.partner, row.function, row.place)


def _slot(row: Swap) -> str:
    return f"swap:{row.id}"
