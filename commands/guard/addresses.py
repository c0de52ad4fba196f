"""Where people live: postcode, and street with house number."""

import re
from collections.abc import Iterator

from commands.guard.hit import Spot

_HOUSE = (
    r"[ ,-]{0,3}(?:(?:huis)?(?:nummer|nr|no)\b[ .:]{0,2})?"
    r"(?!0)\d{1,5}(?:[ -]?[a-z])?(?![\w:%€]|[.,]\d)"
)
_POSTCODE = re.compile(
    rf"(?<!\w)(?<!\d[.,:-])(?P<digits>[1-9]\d{{3}})(?P<gap>[ -]{{0,2}})(?P<letters>[a-z]{{2}})"
    rf"(?!\w)(?P<house>{_HOUSE})?",
    re.IGNORECASE | re.ASCII,
)
NOT_ISSUED = frozenset({"SA", "SD", "SS"})
# Two letters behind four digits that are units or words: `1500 kg`, `in 2014 en 3 keer`.
UNITS = frozenset({"KM", "KG", "CM", "MM", "ML", "MG", "GR", "EU", "ST", "UU", "JR", "WK", "PK"})
WORDS = frozenset(
    (
        *("AL", "AM", "AN", "AS", "AT", "BY", "CA", "DE", "DO", "DR", "EN", "ER", "ET", "EX"),
        *("GA", "GO", "HA", "HE", "IF", "IK", "IN", "IS", "IT", "JA", "JE", "MA", "ME", "MR"),
        *("MS", "MY", "NA", "NO", "NR", "NU", "OF", "OK", "OM", "ON", "OP", "OR", "OV", "PM"),
        *("SO", "TE", "TO", "TV", "UP", "US", "VR", "VT", "WE", "WO", "ZA", "ZE", "ZN", "ZO"),
    )
)
_STREET = re.compile(
    r"(?<![\w'-])(?P<name>(?:[^\W\d_]|['-]){2,30}(?:straat|str\.|laan|plein|kade|gracht|singel"
    rf"|dreef|steeg|plantsoen|boulevard|weg|dijk|pad|hof|markt)){_HOUSE}",
    re.IGNORECASE,
)
_SHOUTED = 12
# Where nobody lives, and words that end like a street.
_NO_STREETS = frozenset(
    (
        *("onderweg", "snelweg", "autoweg", "halfweg", "omweg", "uitweg", "spoorweg", "luchtweg"),
        *("gerechtshof", "kerkhof", "fietspad", "voetpad", "zebrapad", "schoolplein", "halverweg"),
        *("speelplein", "supermarkt", "rommelmarkt", "arbeidsmarkt", "huizenmarkt"),
    )
)
_AFTER_COUNT = re.compile(
    r" ?(?:uur|u|min|minuten|dagen|weken|maanden|jaar|km|keer|x|kinderen|personen|mensen)\b",
    re.IGNORECASE,
)


def find_postcodes(text: str) -> Iterator[Spot]:
    """Dutch postcodes, with the house number behind it where there is one.

    A postcode alone tells a street, so it is a hit too, if its letters are capitals or
    stand against the digits. Letters that are also a unit or a word need more than that.
    """
    # In a text all in capitals they tell nothing; but `1012 TV 3` alone is no such text.
    shouted = text == text.upper() and sum(map(str.isalpha, text)) > _SHOUTED
    for found in _POSTCODE.finditer(text):
        letters = found["letters"].upper()
        if letters in NOT_ISSUED:
            continue
        glued = not found["gap"]
        capitals = found["letters"].isupper() and not shouted
        house = found["house"] is not None
        if letters in UNITS:
            certain = capitals and house
        elif letters in WORDS:
            year = found["digits"][:2] in ("19", "20")
            certain = (glued and house) or (capitals and not (year and not glued))
        else:
            certain = glued or capitals or house
        if certain:
            yield Spot("postcode", *found.span())


def find_streets(text: str) -> Iterator[Spot]:
    """A word that ends like a street, with a number behind it that counts nothing."""
    for found in _STREET.finditer(text):
        if found["name"].lower() in _NO_STREETS or _AFTER_COUNT.match(text, found.end()):
            continue
        yield Spot("address", *found.span())
