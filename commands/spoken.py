"""Make words of a meaning, in a language. What may be shown where is not decided here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from commands.messages import (
    Action,
    At,
    Day,
    Listed,
    Message,
    Named,
    Number,
    Own,
    Param,
    Partners,
    Span,
    Word,
)
from config.catalogue import Texts
from config.entry import Language
from config.region import Region
from config.wording import capital, clock, clock_with_day, date, span


@dataclass(frozen=True)
class Voice:
    """Speaks one language for one region at one instant (UTC epoch milliseconds)."""

    region: Region
    language: Language
    now: int

    def text(self, message: Message, shown: Callable[[Message], bool] = lambda _: True) -> str:
        """The whole message; lines that are not `shown` are left out."""
        parts = [message, *message.lines]
        return "\n".join(self._line(part) for part in parts if shown(part))

    def label(self, action: Action) -> str:
        """The words on a button."""
        return self.word(action.label)

    def word(self, param: Param) -> str:
        """One parameter in words."""
        match param:
            case At(at):
                return clock(at, self.now, self.language)
            case Day(at):
                return date(at, self.language)
            case Span(ms):
                return span(ms, self.language)
            case Word(key):
                return self._texts.get(key)
            case Named(nl, en):
                return nl if self.language == "nl" else en
            case Partners(keys):
                return ", ".join(self._partner(key) for key in keys)
            case Number(text) | Own(text):
                return text
            case Listed(items):
                return ", ".join(self.word(item) for item in items)
            case Message():
                return self._line(param)
            case _:
                return str(param)

    @property
    def _texts(self) -> Texts:
        return Texts(self.language)

    def _planned(self, param: Param) -> str:
        if not isinstance(param, At):
            return self.word(param)
        return clock_with_day(param.at, self.now, self.language)

    def _partner(self, key: str) -> str:
        return self.region.partner(key).label.of(self.language)

    def _line(self, message: Message) -> str:
        words: dict[str, object] = {}
        for name, param in message.params.items():
            # A plan is read later than it is written: "when" carries its weekday even today.
            said = self._planned(param) if name == "when" else self.word(param)
            words[name] = said
            words[name[:1].upper() + name[1:]] = capital(said)
        n = message.params.get("n")
        if isinstance(n, int):
            return self._texts.count(message.key, n, **{**words, "n": n})
        return self._texts.get(message.key, **words)


def labels(voice: Voice, actions: Sequence[Action]) -> list[str]:
    """The words on all buttons of a message, in order."""
    return [voice.label(action) for action in actions]
