"""The buttons under a message."""

import math
from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

LONGEST_DATA = 64  # bytes; the Bot API's bound, which the library does not check
LINK = "https://"  # such a button opens an address and sends nothing back
SHORT = 16  # a longer label gets a row of its own
MOST_ROWS = 8

Buttons = Sequence[tuple[str, str]]


def keyboard(buttons: Buttons) -> InlineKeyboardMarkup | None:
    """Up to two short buttons in a row, never more than eight rows.

    Raises `ValueError` for data that a button cannot carry: somebody must shorten it.
    """
    if not buttons:
        return None
    for label, data in buttons:
        if data.startswith(LINK):
            continue
        if not label or not 0 < len(data.encode()) <= LONGEST_DATA:
            raise ValueError(f"button without a label or with {len(data.encode())} bytes of data")
    rows = _rows(buttons)
    if len(rows) > MOST_ROWS:
        wide = math.ceil(len(buttons) / MOST_ROWS)
        rows = [list(buttons[at : at + wide]) for at in range(0, len(buttons), wide)]
    return InlineKeyboardMarkup([[_button(label, data) for label, data in row] for row in rows])


def _button(label: str, data: str) -> InlineKeyboardButton:
    if data.startswith(LINK):
        return InlineKeyboardButton(label, url=data)
    return InlineKeyboardButton(label, callback_data=data)


def _rows(buttons: Buttons) -> list[list[tuple[str, str]]]:
    rows: list[list[tuple[str, str]]] = []
    open_row = False  # whether the last row has room for one more
    for label, data in buttons:
        short = len(label) <= SHORT
        if short and open_row:
            rows[-1].append((label, data))
            open_row = False
        else:
            rows.append([(label, data)])
            open_row = short
    return rows
