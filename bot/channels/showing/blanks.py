"""The blanks of a text, and what may stand in one by its form."""

import re
import string
from collections.abc import Callable
from functools import cache
from typing import TypeAlias, get_args

from commands.messages import Listed, Named, Number, Param, Word
from commands.rules.reference import PATTERN
from config.catalogue import compiled
from config.entry import Language

Check: TypeAlias = Callable[[Param], bool]

_REFERENCE = re.compile("".join(f"[{symbols}]" for symbols in PATTERN))
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{1,24}")
_INVITATION = re.compile(r"https://t\.me/\w+\?start=[\w-]{22}")
_FEED = re.compile(r"https://[^\s/@?#]+/rooster/[\w-]{20,120}\.ics")
_SUPERGROUP = re.compile(r"-100\d{9,13}")
_COLUMN = re.compile(r"[A-Z]{1,2}")
_CODE = re.compile(r"[a-z_]{1,40}")

# Where a plain text may stand in a listed text, and what it must look like: the type of a text
# tells nothing, so its form has to.
FORMS = {
    "ref": _REFERENCE,
    "time": re.compile(r"\d\d:\d\d"),
    "count": re.compile(r"<?\d{1,4}%?"),  # also "<5" and "91%"
    "open": re.compile(r"\d{1,3}(, \d{1,3})*"),  # numbers of agreements
    "week": re.compile(r"(20\d\d-)?\d{1,2}"),
}

# A count is never this high. A number that somebody typed can be: then it is typed words.
TYPED = 100_000


@cache
def blanks(key: str) -> frozenset[str]:
    """What a text asks for, in any language and either form of a plural. {Partner} is
    {partner} at the start of a line."""
    found: set[str] = set()
    for language in get_args(Language):
        texts = compiled(language)
        for text in (texts.gettext(key), *(texts.ngettext(key, key, n) for n in (1, 2))):
            names = (name for _, name, _, _ in string.Formatter().parse(text) if name)
            found |= {name[:1].lower() + name[1:] for name in names}
    return frozenset(found)


def is_reference(param: Param) -> bool:
    """K7Q4."""
    return isinstance(param, str) and _REFERENCE.fullmatch(param) is not None


def is_phone(param: Param) -> bool:
    """A number to call from the region's configuration, or several."""
    if isinstance(param, Listed):
        return all(is_phone(item) for item in param.items)
    number = param.number if isinstance(param, Number) else param
    return isinstance(number, str) and _PHONE.fullmatch(number) is not None


def is_named(param: Param) -> bool:
    """A name from the configuration, or words that the code has in both languages."""
    return isinstance(param, Named)


def is_plain(param: Param) -> bool:
    """A label from the configuration, or a word that the code knows."""
    return isinstance(param, str)


def is_code(param: Param) -> bool:
    """A name inside the program, such as that of a clock."""
    return isinstance(param, str) and _CODE.fullmatch(param) is not None


def is_column(param: Param) -> bool:
    """The letters above a column of a sheet."""
    return isinstance(param, str) and _COLUMN.fullmatch(param) is not None


def is_row(param: Param) -> bool:
    """The number of a row, of any height."""
    return isinstance(param, int)


def is_invitation(param: Param) -> bool:
    """A link that lets one colleague in: never that of a meeting."""
    return isinstance(param, str) and _INVITATION.fullmatch(param) is not None


def is_feed(param: Param) -> bool:
    """A link to a calendar of shifts: never that of a meeting."""
    return isinstance(param, str) and _FEED.fullmatch(param) is not None


def is_supergroup(param: Param) -> bool:
    """The number that Telegram gave a group."""
    return isinstance(param, str) and _SUPERGROUP.fullmatch(param) is not None


def is_place(param: Param) -> bool:
    """District or municipality."""
    return isinstance(param, str) or param == Word("place.elsewhere")
