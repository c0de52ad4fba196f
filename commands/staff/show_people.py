"""`mensen`: who belongs to the own organisation, what they do, and whether they can be called."""

from collections.abc import Mapping

from commands.ask import Ask
from commands.declare import command
from commands.messages import Action, Day, Listed, Message, Named, Param, Partners, Word, message
from commands.people import row_id
from commands.reading.emoji import MOST
from commands.staff.colleagues import colleagues, labelled, own_colleague
from commands.staff.reachable import Reach, reachable_people
from commands.world import World
from storage.tables import Person

SLOT = "people"
_ROLES = ("melder", "duty", "contact_point", "coordinator", "operator")


@command(
    "people",
    right="contact_point",
    nl=("mensen",),
    en=("people",),
    where=("direct",),
    about="nothing",
    takes_words=True,
)
async def people(ask: Ask) -> None:
    """Bare: everybody, a line each. With a label: that one, and what can be changed."""
    everybody = await colleagues(ask.unit, ask.who.person.partner)
    await ask.log("read", "people", right="contact_point")
    person = labelled(everybody, ask.words)
    if person is not None:
        await show_person_card(ask, person)
        return
    text, actions = await _everybody(ask, everybody)
    if ask.words.strip():
        title = Message(text.key, text.params)
        text = Message("staff.unknown", lines=(title, *text.lines))
    await ask.answer(text, actions=actions, slot=SLOT if actions else None)


@command("people_back", right="contact_point", about="nothing")
async def people_back(ask: Ask) -> None:
    """[Terug] to everybody."""
    everybody = await colleagues(ask.unit, ask.who.person.partner)
    await ask.settle(*await _everybody(ask, everybody))


async def _everybody(ask: Ask, everybody: list[Person]) -> tuple[Message, tuple[Action, ...]]:
    reach = await reachable_people(ask.unit, ask.world)
    lines = [line_of(ask.world, each, reach) for each in everybody]
    partner, count = Partners((ask.who.person.partner,)), len(everybody)
    if len(everybody) > MOST:
        label = everybody[0].label
        text = message("staff.write", *lines, partner=partner, count=count, function=label)
        return text, ()
    text = message("staff.title", *lines, partner=partner, count=count)
    return text, tuple(Action("people_chosen", each.label, str(row_id(each))) for each in everybody)


@command("people_chosen", right="contact_point", about="nothing")
async def people_chosen(ask: Ask) -> None:
    """A label was pressed, or [Terug] on one of its screens."""
    person = await own_colleague(ask, ask.argument)
    if person is None:
        await ask.settle(message("staff.unknown"))
    else:
        await show_person_card(ask, person)


async def show_person_card(ask: Ask, person: Person) -> None:
    """One person, and what their contact point can do."""
    number = str(row_id(person))
    actions = (
        Action("people_duties", Word("button.duties"), number),
        Action("people_roles", Word("button.roles"), number),
        Action("leave_chosen", Word("button.leave"), number),
        Action("people_back", Word("button.back"), stop=True),
    )
    reach = await reachable_people(ask.unit, ask.world)
    text = message("staff.card", line_of(ask.world, person, reach), function=person.label)
    await put(ask, text, actions)


async def put(ask: Ask, text: Message, actions: tuple[Action, ...]) -> None:
    """The next screen: in the message that was pressed, else in a new one."""
    if ask.pressed and ask.post is not None:
        await ask.settle(text, actions)
    else:
        await ask.answer(text, actions=actions, slot=SLOT)


def line_of(world: World, person: Person, reach: Mapping[str, Reach]) -> Message:
    """Function, roles, and whether they can be called."""
    return message(
        "staff.line",
        function=person.label,
        which=roles_and_duties(world, person),
        state=reach_text(reach[person.key]),
    )


def roles_and_duties(world: World, person: Person) -> Listed:
    """In words, roles first."""
    found: list[Param] = [Word(f"role.{role}") for role in _ROLES if person.has_role(role)]
    if person.partner:
        for key in person.functions.split():
            words = world.region.partner(person.partner).function(key)
            if words is not None:
                found.append(Named(words.nl, words.en))
    return Listed(tuple(found) or (Word("staff.no_role"),))


def reach_text(reach: Reach) -> Message:
    """Reachable or not, and why."""
    if reach.why in ("tested", "test_old"):
        return message(f"staff.reach.{reach.why}", date=Day(reach.until or 0))
    return message(f"staff.reach.{reach.why}")
