"""The reading half of a Telegram phone: what reached this person, and waiting for it."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.kit.device import PhoneFailed
from tests.kit.expect import HANG_S, Expectations
from tests.kit.seen import Happening, Seen
from tests.kit.telegram.press import Press
from tests.kit.telegram.screen import TelegramScreen, TelegramSeen

if TYPE_CHECKING:
    from tests.kit.telegram.world import World


class Device(Expectations):
    """A phone to look at: `expects`, `shows`, `gone` … mean what they mean for Matrix."""

    screen: TelegramScreen

    def __init__(self, world: "World", name: str) -> None:
        super().__init__()
        self._world = world
        self.name = name
        self.bot = str(world.bot["id"])
        self.screen = TelegramScreen()
        self.screen.listeners.append(self._heard)
        self._changed = asyncio.Event()
        self.connected = True
        self._missed: list[Callable[[], object]] = []

    def gets(self, change: Callable[[], object]) -> None:
        """Something changes on the screen, as soon as the phone is connected."""
        if self.connected:
            change()
        else:
            self._missed.append(change)

    def reconnects(self) -> None:
        """Everything that was missed comes in, in its order."""
        self.connected, missed, self._missed = True, self._missed, []
        for change in missed:
            change()

    @property
    def messages(self) -> list[TelegramSeen]:
        """Everything that came, oldest first, as it stands now."""
        return [seen for seen in self.screen.messages if isinstance(seen, TelegramSeen)]

    async def settle(self) -> None:
        """The screen is always as the server is; only the loop may have something to do."""
        await asyncio.sleep(0)

    async def news(self, timeout_s: float) -> None:
        self._changed.clear()
        try:
            await asyncio.wait_for(self._changed.wait(), timeout_s)
        except TimeoutError:
            return

    async def offers(self, message: Seen, *labels: str, hang_s: float = HANG_S) -> None:
        """Wait until the buttons under `message` are exactly these, in this order."""
        if not isinstance(message, TelegramSeen):
            raise PhoneFailed(f"{message} is not a Telegram message")
        shown = message
        await self._until(
            lambda: shown.buttons == labels or None,
            f"the buttons {' '.join(f'[{label}]' for label in labels) or '(none)'}",
            hang_s,
            message,
        )

    async def answered(self, press: Press, *, hang_s: float = HANG_S) -> Press:
        """Wait until the bot answered a press: the phone stops showing that it waits."""
        await asyncio.wait_for(press.answered.wait(), hang_s)
        return press

    def opens(self, message: TelegramSeen) -> bytes:
        """The content of a file that the bot sent."""
        content = message.content
        kept = content["document"] if "document" in content else content["photo"][-1]
        return self._world.files[kept["file_id"]][1]

    def _heard(self, happening: Happening) -> None:
        self._changed.set()
