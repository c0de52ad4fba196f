"""What a contact point may change about a colleague: duty functions and three roles.

Coordinator and operator are no roles of an organisation: the region's configuration gives those.
"""

from commands.ask import Ask
from commands.choices import begin_of, page_of
from commands.declare import command
from commands.messages import Action, Message, Named, Word, message
from commands.people import row_id
from commands.rules.moments import DAY
from commands.staff.colleagues import own_colleague
from commands.staff.contact_points import is_last
from commands.staff.held_cases import coming_shifts
from commands.staff.reachable import reachable_people
from commands.staff.show_people import line_of, put, roles_and_duties
from commands.tell import tell_person
from storage.access_log import Actor, note
from storage.tables import Person

ROLES = ("melder", "duty", "contact_point")
WARN_WITHIN_MS = 14 * DAY
_NOT_THERE = ("no_chat", "left_chat")


@command("people_duties", right="contact_point", about="nothing")
async def people_duties(ask: Ask) -> None:
    """The functions of the organisation, each to give or to take."""
    person = await _colleague(ask)
    if person is not None:
        await _show_duties(ask, person)


@command("people_more_duties", right="contact_point", about="nothing")
async def more_duties(ask: Ask) -> None:
    """The next functions."""
    begin, number = begin_of(ask.argument)
    person = await own_colleague(ask, number)
    if person is None:
        await ask.settle(message("staff.unknown"))
    else:
        await _show_duties(ask, person, begin=begin)


@command("people_roles", right="contact_point", about="nothing")
async def people_roles(ask: Ask) -> None:
    """Three roles, each to give or to take."""
    person = await _colleague(ask)
    if person is not None:
        await _show_roles(ask, person)


@command("people_duty", right="contact_point", about="nothing")
async def people_duty(ask: Ask) -> None:
    """Give this function, or take it away."""
    person = await _colleague(ask)
    key = ask.argument.partition(":")[2]
    partner = ask.world.region.partner(ask.who.person.partner)
    if person is None or partner.function(key) is None:
        return
    has = person.functions.split()
    left = [each for each in has if each != key]
    if key in has and not left and person.has_role("duty"):
        await _show_duties(ask, person, message("staff.has_duty_role"))
        return
    person.functions = " ".join(sorted(left if key in has else [*has, key]))
    await _changed(ask, person)
    planned = await _still_planned(ask, person) if key in has else ()
    begin = [each.key for each in partner.functions].index(key)  # the page that was looked at
    await _show_duties(ask, person, *planned, begin=begin)


@command("people_role", right="contact_point", about="nothing")
async def people_role(ask: Ask) -> None:
    """Give this role, or take it away."""
    person = await _colleague(ask)
    role = ask.argument.partition(":")[2]
    if person is None or role not in ROLES:
        return
    takes = person.has_role(role)
    refused = await (
        _why_not_take(ask, person, role) if takes else _why_not_give(ask, person, role)
    )
    if refused is not None:
        await _show_roles(ask, person, refused)
        return
    has = person.roles.split()
    left = [each for each in has if each != role]
    person.roles = " ".join(sorted(left if takes else [*has, role]))
    await _changed(ask, person)
    if row_id(person) == ask.who.id and role == "contact_point":
        await ask.settle(line_of(ask.world, person, await reachable_people(ask.unit, ask.world)))
        return
    planned = await _still_planned(ask, person) if takes and role == "duty" else ()
    await _show_roles(ask, person, *planned)


async def _colleague(ask: Ask) -> Person | None:
    person = await own_colleague(ask, ask.argument.partition(":")[0])
    if person is None:
        await ask.settle(message("staff.unknown"))
    return person


async def _why_not_take(ask: Ask, person: Person, role: str) -> Message | None:
    if role == "contact_point" and await is_last(ask.unit, person):
        return message("leave.last_contact")
    if person.roles.split() == [role]:
        return message("staff.last_role")
    return None


async def _why_not_give(ask: Ask, person: Person, role: str) -> Message | None:
    """A contact point is called and manages others, so has to be there; a duty is a function."""
    if role == "duty" and not person.functions:
        return message("staff.needs_duty")
    if role == "contact_point":
        reach = await reachable_people(ask.unit, ask.world)
        if reach[person.key].why in _NOT_THERE:
            return message("staff.not_in", function=person.label)
    return None


async def _changed(ask: Ask, person: Person) -> None:
    """Written down, and told to whom it is about: nobody is put on duty unseen."""
    ask.unit.session.add(person)
    await ask.unit.session.flush()
    actor = Actor.of(ask.who.person, "contact_point", ask.channel)
    right = "contact_point"
    await note(ask.unit, actor, "change", "person", right=right, on_behalf=person.key)
    if row_id(person) != ask.who.id:
        text = message("staff.yours", which=roles_and_duties(ask.world, person))
        await tell_person(ask.unit, row_id(person), text)


async def _still_planned(ask: Ask, person: Person) -> tuple[Message, ...]:
    """A roster is not changed by this: whoever stands on it is called."""
    n = len(await coming_shifts(ask.unit, person, WARN_WITHIN_MS))
    return (message("staff.on_roster", n=n),) if n else ()


async def _show_duties(ask: Ask, person: Person, *lines: Message, begin: int = 0) -> None:
    has = person.functions.split()
    number = str(row_id(person))
    duties = [
        Action(
            "people_duty",
            Named(f"neem {each.nl}", f"take {each.en}")
            if each.key in has
            else Named(f"geef {each.nl}", f"give {each.en}"),
            f"{number}:{each.key}",
        )
        for each in ask.world.region.partner(person.partner).functions
    ]
    actions = page_of(duties, begin, "people_more_duties", number, beside=1)
    await _show(ask, person, message("staff.duties", *lines, function=person.label), actions)


async def _show_roles(ask: Ask, person: Person, *lines: Message) -> None:
    actions = tuple(
        Action(
            "people_role",
            Word(f"button.{'take' if person.has_role(role) else 'give'}_{role}"),
            f"{row_id(person)}:{role}",
        )
        for role in ROLES
    )
    await _show(ask, person, message("staff.roles", *lines, function=person.label), actions)


async def _show(ask: Ask, person: Person, text: Message, actions: tuple[Action, ...]) -> None:
    reach = await reachable_people(ask.unit, ask.world)
    line = line_of(ask.world, person, reach)
    back = Action("people_chosen", Word("button.back"), str(row_id(person)), stop=True)
    await put(ask, Message(text.key, text.params, (line, *text.lines)), (*actions, back))
