"""What people do with their thumbs while the bot dies and comes back. None of them tries again:
what they did once must be enough."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from tests.kit.telegram.person import Person
from tests.kit.telegram.screen import TelegramSeen

T = TypeVar("T")
HANG_S = 240.0  # guards against hanging only; a start takes seconds, a soak is hard on all
LOOK_EVERY_S = 0.2
LINE = "/alarm skm spoed Centrum letsel past niet bij uitleg"
SEND, TAKE = "Verstuur: spoed", "Ik pak op"
PAGE, TAKEN, HEADLINE, DUTY = "🔴 Alarm ", "Jij pakt ", " van 4 opgepakt", "Nu ("
REPEAT = "Kan een herhaling zijn"


async def until(phone: Person, look: Callable[[], T | None], what: str) -> T:
    """Wait until `look` finds something on this phone. Fails with what is there instead."""
    try:
        async with asyncio.timeout(HANG_S):
            while (found := look()) is None:
                await phone.news(LOOK_EVERY_S)
            return found
    except TimeoutError:
        screen = "\n".join(f"  {seen}" for seen in phone.messages)
        raise AssertionError(f"{phone.name} waited for {what}; the screen:\n{screen}") from None


def of_bot(phone: Person) -> list[TelegramSeen]:
    """What the bot ever sent, oldest first, also what was taken away again."""
    return [seen for seen in phone.messages if seen.sender == phone.bot]


def open_questions(phone: Person) -> list[TelegramSeen]:
    """What asks for an answer now, oldest first."""
    return [seen for seen in of_bot(phone) if seen.buttons and not seen.redacted]


def at_first(seen: TelegramSeen) -> str:
    """What it said when it came."""
    return str(seen.versions[0])


async def raises_in_one_line(phone: Person) -> None:
    """One line and an impatient thumb: twice on the same button."""
    await phone.writes(LINE)
    draft = await asked(phone, lambda seen: SEND in seen.buttons)
    await phone.taps(draft, SEND)
    await phone.taps(draft, SEND, stale=True)
    await _sent(phone)


async def raises_by_buttons(phone: Person) -> None:
    """The word alone, then button after button."""
    await phone.writes("/alarm")
    answered: set[tuple[str, ...]] = set()

    def fresh(seen: TelegramSeen) -> bool:
        return seen.buttons not in answered

    while True:
        question = await asked(phone, fresh)
        answered.add(question.buttons)
        last = SEND in question.buttons
        await phone.taps(question, SEND if last else "1")
        if last:
            break
    await _sent(phone)


async def asked(phone: Person, meant: Callable[[TelegramSeen], bool]) -> TelegramSeen:
    """The oldest of its copies: the one that a repeat makes unknown to the bot."""
    return await until(
        phone,
        lambda: next((seen for seen in open_questions(phone) if meant(seen)), None),
        "the next question",
    )


async def _sent(phone: Person) -> None:
    await until(
        phone,
        lambda: next((seen for seen in of_bot(phone) if HEADLINE in seen.text), None),
        "the headline of the alarm",
    )


async def asks_for_duty(phone: Person, times: int) -> None:
    """So many times in one breath, then the wait for the answers."""
    before = len(answers(phone))
    for _ in range(times):
        await phone.writes("/dienst")
    wanted = before + times
    await until(phone, lambda: len(answers(phone)) >= wanted or None, f"{wanted} answers in all")


def marked(seen: TelegramSeen) -> bool:
    """Whether it says that it may be a repeat."""
    return REPEAT in at_first(seen)


def answers(phone: Person) -> list[TelegramSeen]:
    """To `/dienst`."""
    return [seen for seen in of_bot(phone) if at_first(seen).startswith(DUTY)]


def pages(phone: Person) -> dict[str, list[TelegramSeen]]:
    """By reference; more than one where it was repeated."""
    found: dict[str, list[TelegramSeen]] = {}
    for seen in of_bot(phone):
        if at_first(seen).startswith(PAGE):
            found.setdefault(at_first(seen).split()[2], []).append(seen)
    return found


async def takes_pages(phone: Person, count: int, twice: Callable[[], bool]) -> None:
    """Take what comes until there were so many in all; now and then with two presses."""
    pressed: set[str] = set()

    def untouched() -> TelegramSeen | None:
        for reference, copies in pages(phone).items():
            if reference not in pressed and TAKE in copies[0].buttons:
                return copies[0]
        return None

    pressed.update(
        reference
        for reference, copies in pages(phone).items()
        if any(TAKEN in seen.text for seen in copies)
    )
    while len(pressed) < count:
        page = await until(phone, untouched, f"page {len(pressed) + 1} of {count}")
        pressed.add(at_first(page).split()[2])
        await phone.taps(page, TAKE)
        if twice():
            await phone.taps(page, TAKE, stale=True)

    def all_say_so() -> bool | None:
        mine = pages(phone).values()
        return all(any(TAKEN in seen.text for seen in copies) for copies in mine) or None

    await until(phone, all_say_so, "every page to say that it is taken")
