"""Every 90 days the contact point says of each colleague: still with us.

No clock locks anybody out (docs/decisions/0036): whoever is not confirmed is still paged, and may
still raise an alarm. They only no longer count for rosters that are made from then on.
"""

from collections.abc import Sequence

from sqlmodel import col, select

from commands.ask import Ask
from commands.declare import command
from commands.messages import Action, Day, Message, Partners, Word, message
from commands.people import row_id, with_role
from commands.reading.emoji import MOST
from commands.rules.moments import DAY
from commands.staff.colleagues import colleagues
from commands.staff.contact_points import others_there
from commands.staff.once import once
from commands.tell import How, take_away_person, tell_person
from commands.world import World
from storage import outbox
from storage.access_log import Actor, note
from storage.store import Unit
from storage.tables import Person

HOLDS_MS = 90 * DAY
ASK_AFTER_MS = 83 * DAY
AGAIN_AFTER_MS = 97 * DAY  # from then on it is asked every week
SLOT = "reconfirm"
_STAGES = (ASK_AFTER_MS, HOLDS_MS, AGAIN_AFTER_MS)


async def ask_to_confirm(unit: Unit, world: World) -> None:
    """Ask each contact point about everybody of theirs who is due, if that is new today; after 90
    days the person and the coordinator hear it too."""
    await _begin_to_count(unit)
    for partner in world.region.partners:
        people = await colleagues(unit, partner.key)
        due = [each for each in people if _age(each, unit.now) >= ASK_AFTER_MS]
        news = [each for each in due if await _is_news(unit, each)]
        if not news:
            continue
        for point in await with_role(unit, "contact_point", partner.key):
            await _ask(unit, point, due)
        await _tell_others(unit, partner.key, news, due)


async def _begin_to_count(unit: Unit) -> None:
    """Nobody wrote down when these came in: their 90 days begin now."""
    found = await unit.session.exec(
        select(Person).where(
            Person.region_id == unit.region_id,
            col(Person.active).is_(True),
            col(Person.confirmed_at).is_(None),
        )
    )
    for person in found.all():
        person.confirmed_at = unit.now


def _age(person: Person, now: int) -> int:
    return now - (person.confirmed_at if person.confirmed_at is not None else now)


async def _is_news(unit: Unit, person: Person) -> bool:
    """Whether this person came into a new stage; after the last one every week is new."""
    age = _age(person, unit.now)
    stage = sum(age >= each for each in _STAGES)
    weeks = max(0, age - AGAIN_AFTER_MS) // (7 * DAY)
    job = f"reconfirm:{row_id(person)}"
    return await once(unit, job, f"{person.confirmed_at}:{stage}:{weeks}")


async def _tell_others(
    unit: Unit, partner: str, news: Sequence[Person], due: Sequence[Person]
) -> None:
    late = [each for each in due if _age(each, unit.now) >= HOLDS_MS]
    newly = [each for each in news if each in late]
    for person in newly:
        if await once(unit, f"reconfirm_told:{row_id(person)}", str(person.confirmed_at)):
            text = message("staff.still_you")
            await tell_person(unit, row_id(person), text, how=How(lane=outbox.REST))
    if not newly:
        return
    for person in await with_role(unit, "coordinator"):
        text = message("staff.still_count", partner=Partners((partner,)), n=len(late))
        await tell_person(unit, row_id(person), text, how=How(lane=outbox.REST))


async def _ask(unit: Unit, point: Person, due: Sequence[Person]) -> None:
    """At the bottom of the chat, in place of an earlier one."""
    mine = await _theirs_to_say(unit, point, due)
    if not mine:
        return
    await take_away_person(unit, row_id(point), SLOT, None)
    text, actions = _question(mine, unit.now)
    how = How(lane=outbox.REST)
    await tell_person(unit, row_id(point), text, actions=actions, slot=SLOT, how=how)


async def _theirs_to_say(unit: Unit, point: Person, due: Sequence[Person]) -> list[Person]:
    """Nobody confirms themselves where somebody else can."""
    alone = not await others_there(unit, point)
    return [each for each in due if alone or each.id != point.id]


def _question(due: Sequence[Person], now: int) -> tuple[Message, tuple[Action, ...]]:
    lines = [
        message(
            "staff.still_late" if _age(each, now) >= HOLDS_MS else "staff.still_one",
            function=each.label,
            date=Day((each.confirmed_at or now) + HOLDS_MS),
        )
        for each in due
    ]
    actions = [Action("confirm_person", each.label, str(row_id(each))) for each in due[: MOST - 1]]
    everybody = ",".join(str(row_id(each)) for each in due)
    actions.append(Action("confirm_people", Word("button.all_stay"), everybody))
    return message("staff.still", *lines), tuple(actions)


@command("confirm_person", right="contact_point", about="nothing")
async def confirm_person(ask: Ask) -> None:
    """This one is still with us; the others are still asked about."""
    await _confirm(ask, {ask.argument})


@command("confirm_people", right="contact_point", about="nothing")
async def confirm_people(ask: Ask) -> None:
    """All who stood in the question, and nobody who came due since."""
    await _confirm(ask, set(ask.argument.split(",")))


async def _confirm(ask: Ask, meant: set[str]) -> None:
    unit = ask.unit
    people = await colleagues(unit, ask.who.person.partner)
    actor = Actor.of(ask.who.person, "contact_point", ask.channel)
    for person in await _theirs_to_say(unit, ask.who.person, people):
        if str(row_id(person)) in meant:
            person.confirmed_at = unit.now
            unit.session.add(person)
            right = "contact_point"
            await note(unit, actor, "change", "person", right=right, on_behalf=person.key)
    due = [each for each in people if _age(each, unit.now) >= ASK_AFTER_MS]
    left = await _theirs_to_say(unit, ask.who.person, due)
    if left:
        await ask.settle(*_question(left, unit.now))
    else:
        await ask.settle(message("staff.still_done", date=Day(unit.now + HOLDS_MS)))
