"""`uitschrijven`: for oneself; a contact point also for a colleague. Asked first, then done."""

from commands.ask import Ask
from commands.declare import command
from commands.messages import Action, At, Listed, Message, Partners, Word, message
from commands.people import by_id, row_id
from commands.reading.emoji import MOST
from commands.staff.colleagues import colleagues, labelled, own_colleague
from commands.staff.contact_points import is_last
from commands.staff.held_cases import Held, coming_shifts, held_by
from commands.staff.take_out import take_out
from storage.tables import Case, Person


@command(
    "leave",
    right="anyone",
    nl=("uitschrijven",),
    en=("leave",),
    where=("direct",),
    about="nothing",
    takes_words=True,
)
async def leave(ask: Ask) -> None:
    """Bare: oneself, or for a contact point: whom? With a label: that colleague."""
    if not ask.who.person.has_role("contact_point"):
        await _preview(ask, ask.who.person)
        return
    people = await colleagues(ask.unit, ask.who.person.partner)
    person = labelled(people, ask.words)
    if person is not None:
        await _preview(ask, person)
        return
    await _ask_whom(ask, people, unknown=bool(ask.words.strip()))


async def _ask_whom(ask: Ask, people: list[Person], *, unknown: bool) -> None:
    actions: tuple[Action, ...] = ()
    question = message("leave.write", function=people[0].label)
    if len(people) <= MOST:
        question = message("leave.ask")
        actions = tuple(Action("leave_chosen", each.label, str(each.id)) for each in people)
    if unknown:
        question = Message("leave.unknown", lines=(question,))
    await ask.answer(question, actions=actions, slot="leave" if actions else None)


@command("leave_chosen", right="contact_point", about="nothing")
async def leave_chosen(ask: Ask) -> None:
    """A label was pressed; meanwhile much can have changed."""
    person = await own_colleague(ask, ask.argument)
    if person is None:
        await ask.settle(message("leave.unknown"))
        return
    await _preview(ask, person)


async def _preview(ask: Ask, person: Person) -> None:
    """What follows from it, before anything does."""
    refused = await _refusal(ask, person)
    if refused is not None:
        await ask.settle(refused)
        return
    held = await held_by(ask.unit, person)
    by_hand = is_managed(ask, person)
    if held and not by_hand:
        lines = (*_held_lines(held), message("leave.or_contact"))
        await ask.settle(Message("leave.not_yet", lines=lines))
        return
    verb, label = ("leave_anyway", "leave_anyway") if held else ("leave_now", "leave")
    actions = (
        Action(verb, Word(f"button.{label}"), str(row_id(person))),
        Action("leave_stop", Word("button.back"), str(row_id(person)), stop=True),
    )
    text = await _preview_text(ask, person, held)
    if ask.pressed and ask.post is not None:
        await ask.settle(text, actions)
    else:
        await ask.answer(text, actions=actions, slot=slot_of(person))


def is_managed(ask: Ask, person: Person) -> bool:
    """Whether a contact point asks it for somebody else."""
    return ask.who.person.has_role("contact_point") and ask.who.id != row_id(person)


def slot_of(person: Person) -> str:
    """The message in which a leaving is asked for; the proof comes there too."""
    return f"leave:{row_id(person)}"


async def _preview_text(ask: Ask, person: Person, held: Held) -> Message:
    lines = [message("leave.who", function=person.label), *_held_lines(held)]
    if held:
        lines.append(message("leave.anyway"))
    if held.raised:
        lines.append(message("leave.takes_over"))
    if not person.partner:
        return message("leave.sure_alone", *lines)
    n = len(await coming_shifts(ask.unit, person))
    parts = [message("leave.shifts", n=n) if n else message("leave.no_shifts")]
    if held:
        parts.append(message("leave.cases", n=held.count))
    partner = Partners((person.partner,))
    return message("leave.sure", *lines, partner=partner, which=Listed(tuple(parts)))


def _held_lines(held: Held) -> list[Message]:
    lines = []
    if held.taken:
        lines.append(message("leave.hand_over", ref=_references(held.taken)))
    if held.raised:
        lines.append(message("leave.raised", ref=_references(held.raised)))
    return lines


def _references(cases: tuple[Case, ...]) -> Listed:
    return Listed(tuple(case.reference or "" for case in cases))


async def _refusal(ask: Ask, person: Person) -> Message | None:
    """Why this person cannot go, if so: somebody has to be left who is called, or who hears."""
    if not person.active:
        return message("leave.already", function=person.label)
    if person.partner and await is_last(ask.unit, person):
        return message("leave.last_contact")
    if await is_last(ask.unit, person, "operator"):
        return message("leave.last_operator")
    return None


@command("leave_now", right="anyone", about="nothing")
async def leave_now(ask: Ask) -> None:
    """[Uitschrijven]: if nothing came between since the question."""
    person = await _meant(ask)
    if person is None:
        return
    if await held_by(ask.unit, person):  # took a case since
        await _preview(ask, person)
        return
    await _carry_out(ask, person)


@command("leave_anyway", right="contact_point", about="nothing")
async def leave_anyway(ask: Ask) -> None:
    """[Toch uitschrijven]: what they hold goes on to the next person at once."""
    person = await _meant(ask)
    if person is not None and is_managed(ask, person):
        await _carry_out(ask, person)


@command("leave_stop", right="anyone", about="nothing")
async def leave_stop(ask: Ask) -> None:
    """[Terug]."""
    await ask.settle(message("leave.kept"))


async def _meant(ask: Ask) -> Person | None:
    """Whom the button is about, if the one who presses it may, and they may still go."""
    if ask.argument == str(ask.who.id):
        person: Person | None = await by_id(ask.unit, ask.who.id)
    else:
        manages = ask.who.person.has_role("contact_point")
        person = await own_colleague(ask, ask.argument) if manages else None
    if person is None:
        await ask.settle(message("leave.unknown"))
        return None
    refused = await _refusal(ask, person)
    if refused is not None:
        await ask.settle(refused)
        return None
    return person


async def _carry_out(ask: Ask, person: Person) -> None:
    if ask.who.id != row_id(person):
        text = message("leave.running", function=person.label, time=At(ask.unit.now))
        await ask.settle(text)
    await take_out(ask.unit, ask.world, person, ask.who)
