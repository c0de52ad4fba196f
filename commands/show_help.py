"""What somebody can do here, from the declarations; and in which language."""

from commands.ask import Ask, Where
from commands.declare import Command, command, typed_commands
from commands.messages import Action, Message, Named, Word, message
from commands.permission import role_for
from commands.reading.words import phrase
from commands.tell import amend, standing, tell_person

_EVERYWHERE: tuple[Where, ...] = ("direct", "case", "group")
# Outside a case nobody can tell yet whose it will be; then these roles may come to need it.
_COME_TO_NEED = {
    "initiator": ("melder",),
    "called": ("duty", "contact_point"),
}
_IN_CASES = ("melder", "duty", "contact_point")
_SLOT = "language"
# What is needed in a hurry comes first: in a talk only the top of a long message is seen.
_ORDER = (
    *("alarm", "take", "decline", "join", "status", "withdraw", "phoned", "no_reply"),
    *("consult", "agreement", "done", "lead", "handover", "close"),
    *("duty", "roster", "roster_picture", "swap", "sick", "stand_in", "back", "calendar"),
    *("people", "invite", "invite_new", "template", "test", "prefer"),
    *("weekly", "drill", "leave", "language", "help"),
)
_LANGUAGES = {
    "nl": ("nl", "nederlands", "dutch"),
    "en": ("en", "engels", "english"),
}


@command(
    "help",
    right="anyone",
    nl=("hulp", "?"),
    en=("help",),
    where=_EVERYWHERE,
    about="nothing",
    takes_words=True,
)
async def show_help(ask: Ask) -> None:
    """All that this person can do in this place, or the one line that was asked for."""
    wanted = phrase(ask.words)
    found = next((each for each in typed_commands() if wanted in map(phrase, each.words)), None)
    if found is not None and wanted and await _may(ask, found):
        await ask.answer(_line(found))
    elif not wanted or ask.where == "direct":
        await ask.answer(await _all_lines(ask))
    # In a room "hulp nodig bij …" is talk among people.


async def _all_lines(ask: Ask) -> Message:
    # From the group room the answer comes in the own chat, so it tells what can be done there.
    place = "direct" if ask.where == "group" else ask.where
    known = sorted(typed_commands(), key=_rank)
    lines = [_line(each) for each in known if place in each.where and await _may(ask, each)]
    return message("help.title", *lines)


def _rank(command: Command) -> int:
    return _ORDER.index(command.name) if command.name in _ORDER else len(_ORDER)


def _line(command: Command) -> Message:
    word = Named(command.nl[0], (command.en or command.nl)[0])
    return message("help.line", command=word, help=Word(command.help_key))


async def _may(ask: Ask, command: Command) -> bool:
    if command.about == "nothing" or ask.case is not None:
        return await role_for(ask, command.right) is not None
    roles = _COME_TO_NEED.get(command.right, _IN_CASES)
    return any(ask.who.person.has_role(role) for role in roles)


@command(
    "language",
    right="anyone",
    nl=("taal",),
    en=("language",),
    where=_EVERYWHERE,
    about="nothing",
    takes_words=True,
)
async def choose_language(ask: Ask) -> None:
    """`taal en` or `taal nl`: how the bot speaks to this person from now on."""
    wanted = phrase(ask.argument or ask.words)
    chosen = next((key for key, words in _LANGUAGES.items() if wanted in words), None)
    if chosen is not None:
        ask.who.person.language = chosen
        ask.unit.session.add(ask.who.person)
        await ask.log("change", "language", right="known")
        await _set(ask)
    elif not wanted or ask.where == "direct":
        choices = (Action("language", "Nederlands", "nl"), Action("language", "English", "en"))
        await tell_person(
            ask.unit, ask.who.id, message("language.which"), actions=choices, slot=_SLOT
        )


async def _set(ask: Ask) -> None:
    text = message("language.set")
    asked = await standing(ask.unit, ask.own_chat, _SLOT)
    if asked is not None and asked.actions != "[]":
        await amend(ask.unit, asked, text, (), None)
    if not ask.pressed:
        # In the own chat, also from a room: that speaks the region's language.
        await tell_person(ask.unit, ask.who.id, text)
