"""Run one command for one person, after the one permission check."""

import json
from collections.abc import Sequence

import structlog

from commands.ask import Ask
from commands.declare import COMMANDS, Command
from commands.keyboard import KEYBOARDS, number_in
from commands.messages import Action, Word, actions_from_text, message
from commands.people import row_id
from commands.permission import role_for
from commands.places import is_topic
from commands.reading.emoji import buttons, is_nod, pressed
from commands.subjects import case_of_button, cases_meant
from commands.tell import tell_identity
from commands.waiting_words import keep_a_day
from storage import outbox
from storage.tables import Case, Post

log = structlog.get_logger(__name__)


def emoji_of(actions: Sequence[Action]) -> tuple[str, ...]:
    """The buttons of a message as emoji, in order."""
    return buttons(len(actions), last_is_no=bool(actions) and actions[-1].stop)


async def press(ask: Ask, emoji: str) -> None:
    """A reaction under one of our messages."""
    post = ask.post
    if post is None:
        return
    actions = actions_from_text(post.actions)
    if ask.channel in KEYBOARDS:
        number = number_in(emoji, post.slot, actions)
    else:
        number = pressed(emoji, emoji_of(actions))
    if number is None:
        if actions and is_nod(emoji) and actions[0].verb == "take":
            await ask.answer(message("page.seen_only"))
        elif not actions or ask.channel in KEYBOARDS:
            log.info("stale_tap", slot=post.slot.partition(":")[0])
            await _answer_stale(ask)
        return
    before = post.actions
    await choose(ask, actions[number - 1])
    if ask.channel not in KEYBOARDS and await _asks_something_else(ask, post, before):
        _free_button(ask, post)


async def _asks_something_else(ask: Ask, post: Post, before: str) -> bool:
    """Whether the press leads to other buttons under the same message."""
    edit = await outbox.waiting(ask.unit, post.destination, post.slot)
    if edit is None:
        return False
    case = await ask.unit.session.get(Case, edit.case_id) if edit.case_id else None
    next_actions = outbox.opened(ask.unit, edit, case)["actions"]
    return bool(next_actions) and next_actions != json.loads(before)


def _free_button(ask: Ask, post: Post) -> None:
    """The message now asks something else. Matrix takes the same reaction of the same person
    only once (measured: M_DUPLICATE_ANNOTATION), so the used one makes way for the next."""
    outbox.erase(
        ask.unit,
        channel=ask.channel,
        destination=post.destination,
        event_id=ask.event_id,
        lane=outbox.ANSWERS,
        case=ask.case,
    )


async def _answer_stale(ask: Ask) -> None:
    """An old page is answered with how it stands, and an alarm that was forgotten unsent must
    not be thought sent; other old messages stand for themselves."""
    if ask.post is not None and ask.post.slot.startswith("page:"):
        page_id = ask.post.slot.split(":")[1]
        await choose(ask, Action("page_state", Word("button.state"), page_id))
    elif ask.post is not None and ask.post.slot.startswith("alarm:"):
        case_id = ask.post.slot.split(":")[1]
        await choose(ask, Action("draft_state", Word("button.state"), case_id))


async def choose(ask: Ask, action: Action) -> None:
    """A button was pressed, by reaction or in words."""
    command = COMMANDS[action.verb]
    ask.argument, ask.pressed = action.argument, True
    if command.about != "nothing":
        ask.case = await case_of_button(ask.unit, command.about, action.argument)
    await run(ask, command)


async def typed(ask: Ask, command: Command, words: str) -> None:
    """A command was typed; in a direct chat the case must be found first."""
    ask.words = words
    if ask.where not in command.where:
        only = "wrong.only_direct" if "direct" in command.where else "wrong.only_room"
        await ask.answer(message(only))
        return
    if command.about != "nothing" and ask.where == "direct":
        cases, ask.words = await cases_meant(
            ask.unit, ask.who.id, words, closed_too=command.closed_too
        )
        cases = [case for case in cases if await _may(ask, command, case)]
        if len(cases) > 1:
            await _ask_which(ask, command, cases)
            return
        ask.case = cases[0] if cases else None
        if ask.case is None and command.about != "page":
            await ask.answer(message("wrong.no_case"))
            return
    await run(ask, command)


async def run(ask: Ask, command: Command) -> None:
    """The permission check, then the command."""
    if command.about == "page" and ask.case is None and not ask.argument:
        await command.handler(ask)  # "ik pak op" with no page open: it says so itself
        return
    if command.about != "nothing" and ask.case is None:
        return
    role = await role_for(ask, command.right)
    if role is None:
        log.info("refused", command=command.name, where=ask.where)
        await ask.log("refuse", command.name, right="none")
        if ask.where != "case" or (ask.case is not None and is_topic(ask.case)):
            # A topic is read by the whole group, so its buttons too; the answer is for one.
            text = message("wrong.right", role=Word(f"role.{command.right}"))
            tell_identity(ask.unit, ask.who.identity, text)
        return
    ask.role = role
    await command.handler(ask)


async def _may(ask: Ask, command: Command, case: Case) -> bool:
    ask.case = case
    try:
        return await role_for(ask, command.right) is not None
    finally:
        ask.case = None


def _sealed(ask: Ask, case: Case) -> str:
    """Typed words wait under a question as case content: never in clear."""
    return ask.unit.vault.seal(ask.words, case.wrapped_key) if ask.words else ""


async def _ask_which(ask: Ask, command: Command, cases: Sequence[Case]) -> None:
    actions = tuple(
        Action("that_case", case.reference or "", f"{row_id(case)}:{command.name}:{words}")
        for case, words in ((case, _sealed(ask, case)) for case in cases[:9])
    )
    keep_a_day(ask, "which")
    key = "page.which" if command.name in ("take", "decline") else "wrong.which_case"
    await ask.answer(message(key, n=len(cases)), actions=actions, slot="which")
