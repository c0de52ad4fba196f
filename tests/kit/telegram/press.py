"""A press on a button, and what the bot answers to it."""

import asyncio
from dataclasses import dataclass, field


@dataclass(eq=False)
class Press:
    """A callback query. `text` and `alert` are the answer's, once `answered` is set."""

    id: str
    data: str
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    text: str = ""
    alert: bool = False
    answers: int = 0
    too_old: bool = False  # a test sets it: the server takes no answer any more

    def answer(self, text: str, *, alert: bool) -> None:
        self.text, self.alert = text, alert
        self.answers += 1
        self.answered.set()
