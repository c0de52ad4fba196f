"""Expecting messages: what a story says must come, and that nothing else came.

A message is expected by a fragment of its text. If it is edited afterwards, the new text must
be expected as well (`shows`): an edit that nobody expected is as much a fault as a message.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from tests.kit.seen import Screen, Seen

T = TypeVar("T")
HANG_S = 30.0  # real seconds; guards against hanging, says nothing about speed


class NotSeen(AssertionError):
    """What a story expected did not come; the message lists what was there instead."""


@dataclass
class Expected:
    """A message that a story expected, and every text of it that it expected."""

    message: Seen
    fragments: list[str] = field(default_factory=list)
    gone: bool = False  # its removal was expected

    def holds(self) -> bool:
        """Whether what stands there now is something that was expected."""
        if self.message.undecryptable:
            return False
        if self.message.redacted:
            return self.gone
        return any(fragment in self.message.text for fragment in self.fragments)


class Expectations(ABC):
    """The expecting half of a phone."""

    name: str
    bot: str  # only this user's messages are expected or unexpected
    screen: Screen

    def __init__(self) -> None:
        self._expected: dict[str, Expected] = {}

    @abstractmethod
    async def settle(self) -> None:
        """Know everything that the server has now."""

    @abstractmethod
    async def news(self, timeout_s: float) -> None:
        """Return when something came in, or after `timeout_s`."""

    async def expects(
        self,
        fragment: str,
        *,
        room: str | None = None,
        loud: bool | None = None,
        hang_s: float = HANG_S,
    ) -> Seen:
        """Wait for a message of the bot that contains `fragment` and was not expected before.

        `loud` also demands that it rings (or that it does not). Raises `NotSeen`.
        """

        def found() -> Seen | None:
            for seen in self.screen:
                if seen.sender != self.bot or seen.event_id in self._expected or seen.redacted:
                    continue
                if fragment not in seen.text or room not in (None, seen.room):
                    continue
                if loud is None or seen.loud == loud:
                    return seen
            return None

        sound = {None: "", True: " that rings", False: " without sound"}[loud]
        where = f" in {room}" if room else ""
        what = f"a message{sound} with {fragment!r}{where}"
        seen = await self._until(found, what, hang_s)
        self._expected[seen.event_id] = Expected(seen, [fragment])
        return seen

    async def shows(self, message: Seen, fragment: str, *, hang_s: float = HANG_S) -> Seen:
        """Wait until `message` has been edited to contain `fragment`. Raises `NotSeen`."""

        def found() -> Seen | None:
            return message if fragment in message.text and not message.redacted else None

        await self._until(found, f"a message to show {fragment!r}", hang_s, message)
        expected = self._expected.setdefault(message.event_id, Expected(message))
        expected.fragments.append(fragment)
        return message

    async def gone(self, message: Seen, *, hang_s: float = HANG_S) -> None:
        """Wait until `message` (anybody's) has been taken away. Raises `NotSeen`."""
        await self._until(
            lambda: message.redacted or None, "a message to be taken away", hang_s, message
        )
        self._expected.setdefault(message.event_id, Expected(message)).gone = True

    async def offers(self, message: Seen, *emoji: str, hang_s: float = HANG_S) -> None:
        """Wait until the bot's buttons under `message` are exactly these, in this order."""
        await self._until(
            lambda: message.emoji(self.bot) == emoji or None,
            f"the buttons {' '.join(emoji) or '(none)'}",
            hang_s,
            message,
        )

    async def sees(self, look: Callable[[], T | None], what: str, hang_s: float = HANG_S) -> T:
        """Wait until `look()` finds something; `what` describes it for the report."""
        return await self._until(look, what, hang_s)

    def heard(self, fragment: str) -> Seen | None:
        """The newest message, of anybody, with this text; what is known now, without waiting."""
        found = [seen for seen in self.screen if fragment in seen.text]
        return found[-1] if found else None

    def unexpected(self) -> list[Seen]:
        """The bot's messages whose present text nobody expected. Settle before asking."""
        return [
            seen
            for seen in self.screen
            if seen.sender == self.bot
            and not (seen.event_id in self._expected and self._expected[seen.event_id].holds())
        ]

    def expect_gone(self, message: Seen) -> None:
        """This message may be taken away; nothing to wait for."""
        self._expected.setdefault(message.event_id, Expected(message)).gone = True

    def ignore_so_far(self) -> None:
        """Take everything that came until now as expected (a prologue, such as enrolment)."""
        for seen in self.screen:
            if seen.sender == self.bot:
                self._expected[seen.event_id] = Expected(seen, [""], gone=True)

    async def nothing_unexpected(self) -> None:
        """Settle and raise `AssertionError` that lists what came without being expected."""
        await self.settle()
        lines = [f"  {seen}" for seen in self.unexpected()]
        if lines:
            raise AssertionError("\n".join([f"{self.name} did not expect:", *lines]))

    async def _until(
        self,
        look: Callable[[], T | None],
        what: str,
        hang_s: float,
        about: Seen | None = None,
    ) -> T:
        deadline = asyncio.get_running_loop().time() + hang_s
        await self.settle()
        while (found := look()) is None:
            rest = deadline - asyncio.get_running_loop().time()
            if rest <= 0:
                raise NotSeen(self._report(what, about))
            await self.news(rest)
        return found

    def _report(self, what: str, about: Seen | None) -> str:
        lines = [f"{self.name} waited for {what}."]
        if about is not None:
            lines += ["The message stands as:", f"  {about}"]
        lines += ["Not expected so far:", *(f"  {seen}" for seen in self.unexpected())]
        return "\n".join(lines)


async def nothing_unexpected(phones: Iterable[Expectations]) -> None:
    """The end of a story: raises `AssertionError` with all that no phone expected."""
    surprises = []
    for phone in phones:
        try:
            await phone.nothing_unexpected()
        except AssertionError as surprise:
            surprises.append(str(surprise))
    if surprises:
        raise AssertionError("\n".join(surprises))
