"""Updates brought to the bot's own address, one by one, until each is taken."""

import asyncio
from typing import TYPE_CHECKING

import aiohttp

if TYPE_CHECKING:
    from tests.kit.telegram.world import World

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
LOOK_EVERY_S = 0.05
TIMEOUT_S = 10.0


class Webhook:
    """Brings the oldest update that was not taken; anything but a 2xx is tried again."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            while True:
                due = self._world.webhook["url"] and self._world.updates.pending
                if not due or not await self._bring(session):
                    await asyncio.sleep(LOOK_EVERY_S)

    async def _bring(self, session: aiohttp.ClientSession) -> bool:
        hook, update = self._world.webhook, self._world.updates.pending[0]
        secret = hook.get("secret_token")
        headers = {SECRET_HEADER: secret} if secret else {}
        try:
            async with session.post(hook["url"], json=update, headers=headers, ssl=False) as answer:
                taken, why = answer.ok, f"Wrong response from the webhook: {answer.status}"
        except (aiohttp.ClientError, TimeoutError) as error:
            taken, why = False, str(error) or "Connection timed out"
        if taken:
            self._world.updates.confirm(update["update_id"] + 1)
        else:
            hook["last_error_date"] = self._world.clock.seconds()
            hook["last_error_message"] = why
        return taken
