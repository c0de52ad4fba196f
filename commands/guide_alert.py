"""From the word `alarm` to the last screen: three taps, or one line."""

from commands.answers import guard_message, guarded, take_line_away
from commands.ask import Ask
from commands.choices import begin_of
from commands.declare import command
from commands.draft import complete, draft_of, drop, new_draft, show, show_below
from commands.messages import Action, At, Word, message
from commands.open_cases import raised_within
from commands.people import row_id
from commands.reading.alarm_line import AlarmLine, PlaceWords, ProtocolWords, read_alarm
from commands.reading.words import too_long
from commands.rules.moments import MINUTE
from commands.tell import How, tell_person
from commands.waiting_words import keep_a_day
from commands.world import World
from config.protocol import Protocol
from storage.access_log import BOT, note
from storage.store import Unit
from storage.tables import Case, Person


def may_raise(world: World, person: Person) -> tuple[Protocol, ...]:
    """The kinds of alarm that this person may raise."""
    if not person.has_role("melder"):
        return ()
    return tuple(
        protocol for protocol in world.protocols.values() if person.partner in protocol.raised_by
    )


@command(
    "alarm",
    right="melder",
    nl=("alarm",),
    en=("alert",),
    where=("direct", "group"),
    about="nothing",
    takes_words=True,
)
async def begin_alarm(ask: Ask) -> None:
    """Start a draft with whatever the line already says."""
    if ask.words:
        take_line_away(ask)
    if ask.where == "group":
        await ask.answer(message("alarm.in_direct"))
    recent = await raised_within(ask.unit, ask.who.id, MINUTE)
    if recent is not None and recent.reference:
        await _ask_whether_same(ask, recent)
        return
    await start_draft(ask, ask.words)


async def _ask_whether_same(ask: Ask, recent: Case) -> None:
    sealed = ask.unit.vault.seal(ask.words)
    slot = f"same:{row_id(recent)}"
    keep_a_day(ask, slot)
    await tell_person(
        ask.unit,
        ask.who.id,
        message("alarm.same", ref=recent.reference or "", time=At(recent.opened_at or 0)),
        actions=(
            Action("same_alarm", Word("button.same"), str(row_id(recent))),
            Action("new_alarm", Word("button.new"), sealed, stop=True),
        ),
        slot=slot,
        how=How(case=recent),
    )


@command("same_alarm", right="melder", about="nothing")
async def same_alarm(ask: Ask) -> None:
    """It was the same alarm: nothing new."""
    case = await ask.unit.session.get(Case, int(ask.argument))
    if case is not None and case.initiator_id == ask.who.id:
        await ask.settle(message("alarm.same_yes", ref=case.reference or ""))


@command("new_alarm", right="melder", about="nothing")
async def new_alarm(ask: Ask) -> None:
    """It is another alarm: go on with what was typed."""
    await ask.settle(message("alarm.what"))
    await start_draft(ask, ask.unit.vault.unseal(ask.argument))


async def start_draft(ask: Ask, line: str) -> None:
    """Read the line, refuse what may not be in it, and show the first open question."""
    allowed = may_raise(ask.world, ask.who.person)
    if not allowed:
        await ask.answer(message("wrong.right", role=Word("role.melder")))
        return
    if too_long(line):
        await ask.answer(message("wrong.unreadable"))
        return
    read = read_alarm(
        line,
        [ProtocolWords(each.key, each.words, each.asks_children) for each in allowed],
        [PlaceWords(place.name, place.words) for place in ask.world.region.places],
    )
    case = await new_draft(ask)
    case.protocol = read.protocol
    case.place = read.place
    case.has_children = read.children
    if read.unknown_protocol and not read.protocol:
        await ask.answer(message("wrong.kind"))
    elif read.unknown_place:
        await ask.answer(message("wrong.place"))
    if read.reason and read.protocol:
        await _take_reason(ask, case, read)
    await show(ask.unit, ask.world, case, allowed)


async def _take_reason(ask: Ask, case: Case, read: AlarmLine) -> None:
    hits = guarded(ask, read.reason)
    if hits:
        await ask.answer(guard_message("guard.alarm", read.reason, hits))
        return
    case.reason = ask.unit.vault.seal(read.reason, case.wrapped_key)


@command("pick_kind", right="melder", about="nothing")
async def pick_kind(ask: Ask) -> None:
    """The first tap: what is the matter."""
    case, value = await _picked(ask)
    allowed = may_raise(ask.world, ask.who.person)
    if case and value in {protocol.key for protocol in allowed}:
        case.protocol = value
        case.has_children = None
        await _show_changed(ask, case, allowed)


@command("pick_place", right="melder", about="nothing")
async def pick_place(ask: Ask) -> None:
    """The second tap: where, no closer than district or municipality."""
    case, value = await _picked(ask)
    names = {place.name for place in ask.world.region.places} | {""}
    if case and value in names:
        case.place = value
        await _show_changed(ask, case, may_raise(ask.world, ask.who.person))


@command("pick_more", right="melder", about="nothing")
async def pick_more(ask: Ask) -> None:
    """The next kinds or places, where a region has many."""
    begin, number = begin_of(ask.argument)
    case, _ = await _picked(ask, number)
    if case:
        await show(ask.unit, ask.world, case, may_raise(ask.world, ask.who.person), begin)


@command("pick_children", right="melder", about="nothing")
async def pick_children(ask: Ask) -> None:
    """For protocols that ask: whether children live there."""
    case, value = await _picked(ask)
    if case:
        case.has_children = value == "yes"
        await _show_changed(ask, case, may_raise(ask.world, ask.who.person))


async def _show_changed(ask: Ask, case: Case, allowed: tuple[Protocol, ...]) -> None:
    """Something was filled in: a line in the log, and the next question."""
    await ask.log("change", "draft", right="melder")
    await show(ask.unit, ask.world, case, allowed)


@command("stop_draft", right="melder", about="nothing")
async def stop_draft(ask: Ask) -> None:
    """Nothing is sent."""
    case, _ = await _picked(ask)
    if case:
        await ask.log("delete", "draft", right="melder")
        await drop(ask.unit, case, "alarm.stopped")


@command("draft_state", right="anyone", about="nothing")
async def draft_state(ask: Ask) -> None:
    """A tap on the last screen of an alarm that was forgotten meanwhile."""
    case = await ask.unit.session.get(Case, int(ask.argument))
    if case is not None and case.state == "dropped" and case.initiator_id == ask.who.id:
        await ask.answer(message("alarm.gone"), loud=True)


async def _picked(ask: Ask, argument: str | None = None) -> tuple[Case | None, str]:
    number, _, value = (argument or ask.argument).partition(":")
    case = await ask.unit.session.get(Case, int(number))
    if case is None or case.state != "draft" or case.initiator_id != ask.who.id:
        await ask.answer(message("wrong.stale", state=Word("state.case.draft")))
        return None, value
    return case, value


async def take_typed_answer(ask: Ask, *, a_command: bool = False) -> bool:
    """While a draft is open, a sentence is the reason, and a word can be kind or place.

    `a_command`: it begins with the word of a command. Only a reason can begin like that.
    """
    case = await draft_of(ask.unit, ask.who.id)
    if case is None or (a_command and not complete(ask.world, case)):
        return False
    take_line_away(ask)
    allowed = may_raise(ask.world, ask.who.person)
    if too_long(ask.words):
        await ask.answer(message("wrong.unreadable"))
        return True
    read = read_alarm(
        ask.words,
        [ProtocolWords(each.key, each.words, each.asks_children) for each in allowed],
        [PlaceWords(place.name, place.words) for place in ask.world.region.places],
    )
    if not complete(ask.world, case):
        return await _fill_in(ask, case, read, allowed)
    hits = guarded(ask, ask.words)
    if hits:
        await ask.answer(guard_message("guard.alarm", ask.words, hits))
        return True
    case.reason = ask.unit.vault.seal(ask.words.strip(), case.wrapped_key)
    await _show_changed(ask, case, allowed)
    return True


async def _fill_in(ask: Ask, case: Case, read: AlarmLine, allowed: tuple[Protocol, ...]) -> bool:
    if case.protocol is None and read.protocol is None:
        return await _choose_again(ask, case, allowed, "wrong.kind")
    case.protocol = case.protocol or read.protocol
    if case.place is None and read.place is None and read.protocol is None:
        return await _choose_again(ask, case, allowed, "wrong.place")
    case.place = case.place if case.place is not None else read.place
    if case.has_children is None:
        case.has_children = read.children
    await _show_changed(ask, case, allowed)
    return True


async def _choose_again(ask: Ask, case: Case, allowed: tuple[Protocol, ...], key: str) -> bool:
    await ask.answer(message(key))
    await show_below(ask.unit, ask.world, case, allowed)
    return True


async def draft_timer(unit: Unit, world: World, case_id: int, kind: str) -> None:
    """An alarm that was never sent: remind once, then forget it."""
    case = await unit.session.get(Case, case_id)
    if case is None or case.state != "draft":
        return
    if kind == "draft_erase":
        await note(unit, BOT, "delete", "draft", right="retention")
        await drop(unit, case, "alarm.erased")
        return
    number = str(row_id(case))
    actions: tuple[Action, ...] = (Action("stop_draft", Word("button.stop"), number, stop=True),)
    if complete(world, case):
        actions = (Action("send_urgent", Word("button.send_urgent"), number), *actions)
    await tell_person(
        unit,
        case.initiator_id,
        message("alarm.unsent_reminder"),
        actions=actions,
        slot=f"unsent:{number}",
        how=How(loud=True, case=case),
    )
