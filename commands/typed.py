"""What a typed text means, depending on where it was typed and what stands open there."""

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import bindparam
from sqlmodel import col, select

from commands import answers
from commands.ask import Ask
from commands.declare import COMMANDS, Command, typed_commands
from commands.guide_alert import take_typed_answer
from commands.messages import Action, Message, Word, actions_from_text, message
from commands.move_deadline import take_typed_deadline
from commands.perform import choose, emoji_of, typed
from commands.reading.emoji import is_nod
from commands.reading.options import chosen
from commands.reading.typos import meant
from commands.reading.votes import read_votes
from commands.reading.words import phrase, tokens, too_long
from commands.spoken import labels
from commands.update import Update
from commands.waiting_words import keep_a_day
from storage.tables import Case, Post

PAGE_ANSWERS = ("take", "decline")
_DRILL_ANSWERS = ("drill_take", "drill_decline")
_QUESTION_MARKS = frozenset({"?", "??", "/?", "!?"})


async def understand(ask: Ask, update: Update) -> None:
    """Find the command in a text and run it; in rooms other talk is never answered."""
    text = update.text
    if update.forwarded and ask.where == "case" and await answers.guard_room(ask, text):
        return  # whose words it was makes no difference to what they tell
    if update.forwarded or (too_long(text) and ask.where != "case"):
        found = find_command(text) if ask.where == "group" else None
        if found is not None and found[0].name == "alarm":
            await answers.take_away(ask, update)
        await ask.answer(message("wrong.unreadable"))
        return
    ask.words = ask.line = text
    if ask.where == "case":
        await _in_case_room(ask, text)
    elif ask.where == "group":
        await _in_group_room(ask, text, update)
    else:
        await _in_direct_chat(ask, text)


async def _in_direct_chat(ask: Ask, text: str) -> None:
    if text.strip() in _QUESTION_MARKS:
        await typed(ask, COMMANDS["help"], "")
        return
    if not tokens(text):
        await ask.answer(_not_understood())
        return
    if await _answers_question(ask, text) or await take_typed_deadline(ask):
        return
    found = find_command(text)
    if found is not None and (_bare(found) or found[0].name == "alarm"):
        await typed(ask, *found)
    elif await take_typed_answer(ask, a_command=found is not None):
        # a draft stands open: a sentence is its reason
        return
    elif found is not None:
        await typed(ask, *found)
    else:
        await _nearly(ask, text)


async def _in_case_room(ask: Ask, text: str) -> None:
    if await answers.guard_room(ask, text):
        return
    if await _answers_question(ask, text, only_reply=True):
        return
    found = find_command(text)
    if found is not None and _meant_for_us(ask, found, text):
        await typed(ask, *found)


async def _in_group_room(ask: Ask, text: str, update: Update) -> None:
    found = find_command(text)
    if found is None:
        return
    if "group" not in found[0].where:
        if text.lstrip().startswith(("/", "!")):  # said to us; else it is talk
            await ask.answer(message("wrong.only_direct"))
        return
    if found[0].name == "alarm":
        await answers.take_away(ask, update)
    elif not _meant_for_us(ask, found, text):
        return
    await typed(ask, *found)


def _meant_for_us(ask: Ask, found: tuple[Command, str], text: str) -> bool:
    """In a room people also talk to each other: only the bare word, the word with arguments
    that make sense, a leading sign, or a reply to us is a command."""
    command, words = found
    addressed = text.lstrip().startswith(("/", "!")) or ask.post is not None
    return addressed or _bare(found) or (command.takes_words and answers.valid(command, words))


def _bare(found: tuple[Command, str]) -> bool:
    return not found[1]


@lru_cache
def _parts(word: str) -> list[str]:
    """Of a command's word: these are compared with every text."""
    return phrase(word).split()


def find_command(text: str) -> tuple[Command, str] | None:
    """The command that a text begins with, and the words behind it; the longest wins."""
    parts = [token for token in tokens(text) if token.key]
    best: tuple[int, Command] | None = None
    for command in typed_commands():
        for word in command.words:
            wanted = _parts(word)
            begins = [part.key for part in parts[: len(wanted)]] == wanted
            if wanted and begins and (best is None or len(wanted) > best[0]):
                best = (len(wanted), command)
    if best is None:
        return None
    length, command = best
    return command, " ".join(part.text for part in parts[length:])


async def _answers_question(ask: Ask, text: str, *, only_reply: bool = False) -> bool:
    """A number or a label answers the only open question, or the one that was replied to."""
    posts = [ask.post] if ask.post is not None else []
    if not posts and not only_reply:
        posts = list(await open_questions(ask))
    elif not posts:
        return False
    matches: list[tuple[Post, Action]] = []
    votes: list[tuple[Post, tuple[Action, ...]]] = []
    for post in posts:
        actions = actions_from_text(post.actions)
        number = chosen(text, labels(answers.voice_for(ask), actions), emoji_of(actions))
        if number is not None and (
            len(actions) > 1 or post is ask.post or not text.strip().isdigit()
        ):
            matches.append((post, actions[number - 1]))
        if actions and actions[0].verb == "vote":
            votes.append((post, actions))
    matches = _counter_question(await _pages_first(ask, matches))
    if len(matches) < 2 and not any(match[1].verb != "vote" for match in matches):
        for post, offered in votes:
            if await _votes(ask, post, offered, text):
                return True
    if len(matches) > 1:
        newest = await _one_subject(ask, matches)
        if newest is None:
            return True
        matches = [newest]
    if matches:
        ask.post, action = matches[0]
        await choose(ask, action)
        return True
    if is_nod(text) and any(_is_page(post) for post in posts):
        await ask.answer(message("page.seen_only"))
        return True
    return False


async def _pages_first(ask: Ask, matches: list[tuple[Post, Action]]) -> list[tuple[Post, Action]]:
    """A page rings and has a deadline: silent questions about cases that are over do not make
    its answer unclear, nor does a drill. Other open cases do."""
    if not any(action.verb in PAGE_ANSWERS for _, action in matches):
        return matches
    return [
        (post, action)
        for post, action in matches
        if action.verb in PAGE_ANSWERS
        or not (action.verb in _DRILL_ANSWERS or await _case_is_over(ask, post))
    ]


def _counter_question(matches: list[tuple[Post, Action]]) -> list[tuple[Post, Action]]:
    """The bot asked which of these questions was meant, and nothing else came since: then that
    is what is answered. Asked again, it would never end."""
    for post, action in matches:
        if action.verb == "that_one":
            choices = actions_from_text(post.actions)
            among = {choice.argument.partition(":")[0] for choice in choices}
            if all(str(other.id) in among for other, _ in matches if other is not post):
                return [(post, action)]
    return matches


async def _case_is_over(ask: Ask, post: Post) -> bool:
    case = await ask.unit.session.get(Case, post.case_id) if post.case_id else None
    return case is not None and case.state not in ("draft", "open")


async def _one_subject(
    ask: Ask, matches: Sequence[tuple[Post, Action]]
) -> tuple[Post, Action] | None:
    """The same question standing twice (a page and its reminder) is one; else ask which."""
    targets = {(action.verb, action.argument) for _, action in matches}
    if len(targets) == 1:
        return matches[-1]
    await answers.which_question(ask, matches)
    return None


async def _votes(ask: Ask, post: Post, actions: Sequence[Action], text: str) -> bool:
    slots = [action for action in actions if action.argument.partition(":")[2].isdigit()]
    clocks = labels(answers.voice_for(ask), slots)
    if read_votes(text, clocks) is None:
        return False
    ask.post = post
    await choose(ask, Action("vote_words", "", actions[0].argument.partition(":")[0]))
    return True


def _is_page(post: Post) -> bool:
    return post.slot.startswith("page:")


async def open_questions(ask: Ask) -> Sequence[Post]:
    """Messages in this direct chat that still have buttons, oldest first."""
    asked = {"place": ask.own_chat, "room": ask.room}
    return (await ask.unit.session.exec(_OPEN_QUESTIONS, params=asked)).all()


_OPEN_QUESTIONS = (
    select(Post)
    .where(
        Post.destination == bindparam("place"),
        Post.room == bindparam("room"),
        Post.actions != "[]",
    )
    .order_by(col(Post.posted_at), col(Post.id))
)


async def _nearly(ask: Ask, text: str) -> None:
    """One typing mistake: understood, but asked first. Otherwise one line of help."""
    first = tokens(text)[0].text
    known = {word: command for command in typed_commands() for word in command.words}
    word = meant(first, known)
    if word is None:
        await ask.answer(_not_understood())
        return
    command = known[word]
    rest = text.split(maxsplit=1)[1:]
    sealed = ask.unit.vault.seal(" ".join(rest))
    keep_a_day(ask, "typo")
    await ask.answer(
        message("wrong.typo", command=word),
        actions=(
            Action("meant_command", word.capitalize(), f"{command.name}:{sealed}"),
            Action("not_meant", Word("button.no"), stop=True),
        ),
        slot="typo",
    )


def _not_understood() -> Message:
    """One line of help, and nothing done."""
    return message("wrong.command", help=Word("help.how"))
