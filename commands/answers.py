"""What is answered to things that are not commands, and what must be taken away."""

import re
from collections.abc import Sequence

from commands.ask import Ask
from commands.declare import Command
from commands.files import take_document
from commands.guard.find import find, mark
from commands.guard.hit import Hit
from commands.keyboard import KEYBOARDS
from commands.messages import Action, At, Message, Own, Word, message
from commands.places import case_place, group_place
from commands.reading.words import too_long
from commands.rules.moments import local
from commands.spoken import Voice
from commands.tell import How, tell_person
from commands.update import Update
from commands.waiting_words import keep_a_day
from config.entry import Language
from storage import outbox
from storage.tables import Case, Post

_ONE_WORD = re.compile(r"^\W*\w+\W*$")


def voice_for(ask: Ask) -> Voice:
    """How this person is spoken to."""
    language: Language = "en" if ask.who.person.language == "en" else "nl"
    if ask.who.person.language is None:
        language = ask.world.region.language
    return Voice(ask.world.region, language, ask.unit.now)


def guarded(ask: Ask, text: str) -> tuple[Hit, ...]:
    """What in a typed text looks like personal data; the region's own numbers may pass."""
    region = ask.world.region
    own = {partner.desk_number for partner in region.partners} | {region.help_number, "112"}
    if region.meeting.dial_in:
        own.add(region.meeting.dial_in)
    return find(text, this_year=local(ask.unit.now).year, allowed=frozenset(own))


def guard_message(key: str, text: str, hits: Sequence[Hit]) -> Message:
    """Which word looks like what, and the writer's own line with that spot covered."""
    marked = message("guard.marked", line=Own(mark(text, hits)))
    finding = Word(f"finding.{hits[0].kind}")
    return message(key, marked, word=hits[0].word, finding=finding)


async def guard_room(ask: Ask, text: str) -> bool:
    """In the case room a text with personal data is taken away, with a friendly word to its
    writer. True if that happened."""
    hits = () if too_long(text) else guarded(ask, text)
    if not hits and not too_long(text):
        return False
    _erase(ask, case_place(ask.about), ask.event_id)
    finding = Word(f"finding.{hits[0].kind}" if hits else "finding.any")
    await tell_person(
        ask.unit,
        ask.who.id,
        message("guard.removed", time=At(ask.received_at), finding=finding),
        how=How(lane=outbox.ANSWERS, case=ask.case),
    )
    await ask.log("delete", "message", right="guard")
    return True


async def to_file(ask: Ask, update: Update) -> None:
    """Photos and speech are not taken, and from the case room they are removed. In their own chat
    contact points send rosters."""
    if ask.where == "case":
        _erase(ask, case_place(ask.about), update.event)
    document = update.document
    if ask.where == "direct" and document and ask.who.person.has_role("contact_point"):
        await take_document(ask, document)
    elif ask.where != "group":
        await tell_person(ask.unit, ask.who.id, message("wrong.file"))


async def take_away(ask: Ask, update: Update) -> None:
    """In the group room an alarm line is taken away at once; it goes on in the direct chat."""
    _erase(ask, group_place(ask.channel), update.event)


def take_line_away(ask: Ask) -> None:
    """What was typed for an alarm or agreement may stand in the case room only: a messenger that
    is not encrypted does not keep it on the writer's screen either."""
    if ask.where == "direct" and ask.channel in KEYBOARDS and not ask.pressed:
        _erase(ask, ask.own_chat, ask.event_id)


def valid(command: Command, words: str) -> bool:
    """Whether the words behind a command word in a room can be its arguments."""
    if command.name == "agreement":
        return ":" in words
    return bool(_ONE_WORD.match(words))


async def which_question(ask: Ask, matches: Sequence[tuple[Post, Action]]) -> None:
    """Several questions stand open and the answer fits more than one: ask which."""
    voice = voice_for(ask)
    choices: list[Action] = []
    for post, action in matches[-9:]:
        label = f"{await _reference(ask, post)}{voice.label(action)}"
        choices.append(Action("that_one", label, f"{post.id}:{action.verb}:{action.argument}"))
    pages = all(action.verb in ("take", "decline") for _, action in matches)
    keep_a_day(ask, "which")  # an answer can carry the words of the question it is copied from
    key = "page.which" if pages else "wrong.which_answer"
    await ask.answer(message(key, n=len(choices)), actions=tuple(choices), slot="which")


async def _reference(ask: Ask, post: Post) -> str:
    case = await ask.unit.session.get(Case, post.case_id) if post.case_id else None
    return f"{case.reference}: " if case and case.reference else ""


def _erase(ask: Ask, destination: str, event_id: str) -> None:
    outbox.erase(
        ask.unit,
        channel=ask.channel,
        destination=destination,
        event_id=event_id,
        lane=outbox.ANSWERS,
        case=ask.case,
    )
