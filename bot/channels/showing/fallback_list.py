"""All that may go to a gateway. SMS, e-mail and voice are open for anybody to read on their way:
a reference, how urgent, until when, on which app, and the region's own number to call."""

from collections.abc import Callable, Mapping

from bot.channels.showing.blanks import is_phone, is_reference
from bot.channels.showing.telegram_words import keys
from commands.messages import Action, At, Message, Param, Word

_APPS = frozenset(keys("fallback", "telegram element both"))
_URGENCIES = frozenset(keys("urgency", "urgent calm"))
_BLANKS: Mapping[str, Callable[[Param], bool]] = {
    "ref": is_reference,
    "urgency": lambda param: isinstance(param, Word) and param.word in _URGENCIES,
    "deadline": lambda param: isinstance(param, At),
    "number": is_phone,
    "app": lambda param: isinstance(param, Word) and param.word in _APPS,
}
TEXTS: Mapping[str, frozenset[str]] = {
    "fallback.page": frozenset(_BLANKS),
    "fallback.call": frozenset(_BLANKS) - {"app"},
}
"""The texts that may go there, with exactly these blanks."""


def content_free(message: Message, actions: tuple[Action, ...]) -> Message:
    """The same message. Raises `LookupError` for anything else than those: unlike a messenger, a
    gateway has no pointer to show instead."""
    if message.lines or actions or TEXTS.get(message.key) != frozenset(message.params):
        raise LookupError(f"{message.key} never goes to a gateway")
    unfit = sorted(name for name, param in message.params.items() if not _BLANKS[name](param))
    if unfit:
        raise LookupError(f"{message.key} has something else in {unfit}")
    return message
