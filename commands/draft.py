"""An alarm that was not sent yet: one message, a question at a time, until it can be sent."""

from sqlmodel import col, select

from commands.ask import Ask
from commands.choices import page_of
from commands.messages import Action, At, Message, Named, Own, Partners, Word, message
from commands.people import row_id
from commands.tell import How, show_person, take_away_person, tell_person
from commands.world import World, kind_of
from config.protocol import Protocol
from storage import outbox
from storage.store import Unit
from storage.tables import Case
from storage.timers import cancel_case_timers, set_timer

REMIND_MS = 5 * 60_000
ERASE_MS = 30 * 60_000


def slot_of(case: Case) -> str:
    """The message in the initiator's chat that is first the draft and then the headline."""
    return f"alarm:{row_id(case)}"


async def draft_of(unit: Unit, person_id: int) -> Case | None:
    """The draft that this person is filling in, if any."""
    found = await unit.session.exec(
        select(Case)
        .where(Case.initiator_id == person_id, Case.state == "draft")
        .order_by(col(Case.id).desc())
    )
    return found.first()


async def new_draft(ask: Ask) -> Case:
    """A fresh draft; an older one is dropped, because there is one thumb."""
    older = await draft_of(ask.unit, ask.who.id)
    if older is not None:
        await ask.log("delete", "draft", right="melder")
        await drop(ask.unit, older, "alarm.erased")
    case = Case(
        region_id=ask.unit.region_id,
        state="draft",
        wrapped_key=ask.unit.vault.new_case_key(),
        initiator_id=ask.who.id,
        # of the case room; the draft itself stands wherever it was begun
        channel=ask.world.region.rooms_on,
    )
    ask.unit.session.add(case)
    await ask.unit.session.flush()
    await ask.log("create", "draft", right="melder")
    _set_clocks(ask.unit, case)
    return case


def _set_clocks(unit: Unit, case: Case) -> None:
    for kind, length in (("draft_reminder", REMIND_MS), ("draft_erase", ERASE_MS)):
        set_timer(unit, kind, slot_of(case), unit.now + length, case_id=row_id(case))


async def ask_again(unit: Unit, world: World, case: Case, answered_at: int) -> None:
    """A confirmation came in long after it was given (`answered_at`, UTC epoch milliseconds):
    the last screen comes back as a message that rings, for its writer thinks that it is sent.
    A message of its own, because Matrix takes the same reaction under the old one only once."""
    await cancel_case_timers(unit, row_id(case))
    _set_clocks(unit, case)
    await take_away_person(unit, case.initiator_id, slot_of(case), case)
    screen, actions = _last_screen(unit, world, case)
    late = message("alarm.again", Message(screen.key, screen.params), time=At(answered_at))
    await tell_person(
        unit,
        case.initiator_id,
        Message(late.key, late.params, (*late.lines, *screen.lines)),
        actions=actions,
        slot=slot_of(case),
        how=How(loud=True, lane=outbox.ANSWERS, case=case),
    )


async def drop(unit: Unit, case: Case, key: str) -> None:
    """Forget a draft: nothing was sent, nothing stays. Who asked for it writes the log line."""
    case.state = "dropped"
    case.reason = None
    await cancel_case_timers(unit, row_id(case))
    await show_person(unit, case.initiator_id, slot_of(case), message(key), how=_how(case))


async def show(
    unit: Unit, world: World, case: Case, allowed: tuple[Protocol, ...], begin: int = 0
) -> None:
    """Put the next question, or the last screen, before the eyes of the initiator. `begin`: with
    which of its choices, where there are more than fit."""
    text, actions = _question(world, case, allowed, begin) or _last_screen(unit, world, case)
    await show_person(unit, case.initiator_id, slot_of(case), text, actions=actions, how=_how(case))


async def show_below(unit: Unit, world: World, case: Case, allowed: tuple[Protocol, ...]) -> None:
    """The same question as a new message: what was typed is no answer, and what there is to choose
    from has to stand below the line that says so."""
    await take_away_person(unit, case.initiator_id, slot_of(case), case)
    text, actions = _question(world, case, allowed) or _last_screen(unit, world, case)
    slot, how = slot_of(case), _how(case)
    await tell_person(unit, case.initiator_id, text, actions=actions, slot=slot, how=how)


def complete(world: World, case: Case) -> bool:
    """True if only the send button is left."""
    protocol = world.protocols.get(case.protocol or "")
    if protocol is None or case.place is None:
        return False
    return case.has_children is not None or not protocol.asks_children


def _question(
    world: World, case: Case, allowed: tuple[Protocol, ...], begin: int = 0
) -> tuple[Message, tuple[Action, ...]] | None:
    number = str(row_id(case))
    if case.protocol is None:
        kinds = [
            Action("pick_kind", Named(each.button.nl, each.button.en), f"{number}:{each.key}")
            for each in allowed
        ]
        page = page_of(kinds, begin, "pick_more", number, beside=1)
        return message("alarm.what"), (*page, _stop(case))
    protocol = world.protocols[case.protocol]
    if case.place is None:
        places = [
            Action("pick_place", place.name, f"{number}:{place.name}")
            for place in world.region.places
        ]
        elsewhere = Action("pick_place", Word("button.elsewhere"), f"{number}:")
        beside = (elsewhere,) if world.region.elsewhere else ()
        page = page_of(places, begin, "pick_more", number, beside=len(beside))
        return message("alarm.where"), (*page, *beside)
    if protocol.asks_children and case.has_children is None:
        return message("alarm.children"), (
            Action("pick_children", Word("button.children"), f"{number}:yes"),
            Action("pick_children", Word("button.no_children"), f"{number}:no", stop=True),
        )
    return None


def _last_screen(unit: Unit, world: World, case: Case) -> tuple[Message, tuple[Action, ...]]:
    protocol = world.protocols[case.protocol or ""]
    partners = dict.fromkeys(page.partner for page in protocol.called(bool(case.has_children)))
    params = {
        "kind": kind_of(protocol),
        "place": case.place or Word("place.elsewhere"),
        "partners": Partners(tuple(partners)),
    }
    case.shown_at = unit.now
    if case.reason is None:
        text = message("alarm.confirm", **params)
    else:
        reason = Own(unit.vault.unseal(case.reason, case.wrapped_key))
        text = message("alarm.confirm.reason", reason=reason, **params)
    silence = message("alarm.confirm.silence", help_number=world.region.help_number)
    return Message(text.key, text.params, (silence,)), last_actions(case)


def last_actions(case: Case) -> tuple[Action, ...]:
    """The buttons of the last screen."""
    number = str(row_id(case))
    return (
        Action("send_urgent", Word("button.send_urgent"), number),
        Action("send_calm", Word("button.send_calm"), number),
        _stop(case),
    )


def _stop(case: Case) -> Action:
    return Action("stop_draft", Word("button.stop"), str(row_id(case)), stop=True)


def _how(case: Case) -> How:
    return How(lane=outbox.ANSWERS, case=case)
