"""The same button pressed over and over: it means the same each time, so a few are enough.

Without this 3,000 presses on one button kept everybody else waiting for more than half a minute
(measured), because each is a transaction and an answer of its own.
"""

from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Any

FEW = 3  # an impatient thumb
WITHIN_S = 1.0  # later they count anew: somebody wants to know how it stands
MOST = 1_000  # messages remembered

Under = tuple[int, int, int]  # person, chat and message


@dataclass(frozen=True)
class _Presses:
    data: str
    since: float
    number: int  # of the last report that counted
    count: int = 1


class Repeats:
    """Only a courtesy, gone with the process. A press that the server brings once more, because
    we could not commit it, is no repeat: it has the number that it had."""

    def __init__(self) -> None:
        self._last: OrderedDict[Under, _Presses] = OrderedDict()

    def is_one(self, raw: Any, now: float) -> bool:
        """Whether this person just pressed this very button a few times, and nothing else under
        that message in between. `now`: seconds of a clock that only goes forward."""
        read = _read(raw)
        if read is None:
            return False
        under, number, data = read
        last = self._last.get(under)
        if last and last.data == data and last.number < number and now - last.since < WITHIN_S:
            if last.count >= FEW:
                return True
            self._last[under] = replace(last, number=number, count=last.count + 1)
        else:
            self._last[under] = _Presses(data, now, number)
        self._last.move_to_end(under)
        while len(self._last) > MOST:
            self._last.popitem(last=False)
        return False


def _read(raw: Any) -> tuple[Under, int, str] | None:
    """Under which message, the report's number and the button; none for what is no press. Read
    from what the server said: making an update of it costs more than all the rest."""
    try:
        query = raw["callback_query"]
        message = query["message"]
        under = (query["from"]["id"], message["chat"]["id"], message["message_id"])
        number, data = raw["update_id"], query["data"]
    except (KeyError, TypeError):
        return None
    if type(number) is not int or not isinstance(data, str):
        return None
    return (under, number, data) if all(type(part) is int for part in under) else None
