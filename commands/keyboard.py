"""Buttons that belong to the message itself, as Telegram has them.

What a press carries is short and holds no state: the number of the button, and a check of what that
button meant when it was drawn. A press on an older keyboard is recognised by its check.
"""

import hashlib
from collections.abc import Sequence

from commands.messages import Action

KEYBOARDS = frozenset({"telegram"})  # elsewhere reactions are the buttons
_CHECK = 8


def press_of(slot: str, number: int, action: Action) -> str:
    """What pressing this button sends back: at most eleven characters."""
    return f"{number}.{_check(slot, action)}"


def number_in(press: str, slot: str, actions: Sequence[Action]) -> int | None:
    """The button, counted from 1, that was pressed; None if it is not there any more."""
    number, _, check = press.partition(".")
    if not number.isascii() or not number.isdigit() or not 1 <= int(number) <= len(actions):
        return None
    meant = actions[int(number) - 1]
    return int(number) if check == _check(slot, meant) else None


def _check(slot: str, action: Action) -> str:
    meant = f"{slot}\n{action.verb}\n{action.argument}"
    return hashlib.sha256(meant.encode()).hexdigest()[:_CHECK]
