"""The texts: gettext catalogues in texts/, read and compiled once per language."""

import gettext
import io
from functools import cache
from pathlib import Path

from config.entry import Language

_TEXTS = Path(__file__).parent / "texts"


class MissingText(LookupError):
    """A key that the catalogue does not have, or a value that its text asks for."""


class Texts:
    """All texts in one language. A key is an area and a message: `page.called`."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self._catalogue = compiled(language)

    def get(self, key: str, /, **params: object) -> str:
        """The text with its values filled in; values that the text does not name are ignored."""
        return self._fill(key, self._catalogue.gettext(key), params)

    def count(self, key: str, n: int, /, **params: object) -> str:
        """Like `get`, in the form that fits `n` things; `{n}` is the number itself.

        A text that has one form for every number is that form.
        """
        text = self._catalogue.ngettext(key, key, n)
        if text == key:
            text = self._catalogue.gettext(key)
        return self._fill(key, text, {"n": n, **params})

    def _fill(self, key: str, text: str, params: dict[str, object]) -> str:
        if text == key:
            raise MissingText(f"{self.language}: no text {key!r}")
        try:
            return text.format(**params)
        except KeyError as missing:
            raise MissingText(f"{self.language}: {key!r} needs a value {missing}") from None


@cache
def compiled(language: Language) -> gettext.GNUTranslations:
    """The catalogue of a language, compiled in memory so that no build step can be forgotten."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with (_TEXTS / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language, abort_invalid=True)
    machine = io.BytesIO()
    write_mo(machine, catalogue)
    machine.seek(0)
    return gettext.GNUTranslations(machine)
