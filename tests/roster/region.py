"""A region with names that roster files use, without a folder and without a database."""

from commands.roster.files.given import Given
from commands.roster.files.names import Colleague, Names
from commands.roster.files.parsed import ParsedRoster
from commands.roster.files.read import read_roster
from config.region import Region
from tests.commands.instants import amsterdam

NOW = amsterdam(2026, 7, 10, 15, 40)  # a Friday


def _partner(key: str, label: str, *functions: tuple[str, str, str]) -> dict[str, object]:
    return {
        "key": key,
        "label": {"nl": label, "en": "police" if key == "politie" else label},
        "functions": [{"key": key, "nl": nl, "en": en} for key, nl, en in functions],
        "desk_name": {"nl": "de lijn", "en": "the line"},
        "desk_number": "0800-2001",
    }


REGION = Region.model_validate(
    {
        "id": "lage-dijk",
        "name": "Regio Lage Dijk",
        "help_number": "0800-2000",
        "places": [{"name": "Centrum"}, {"name": "Noord", "words": ["noorderdijk"]}],
        "partners": [
            _partner("om", "OM", ("ovj", "officier van justitie", "public prosecutor")),
            _partner(
                "politie",
                "politie",
                ("chef_van_dienst", "chef van dienst", "duty chief"),
                ("wijkagent", "wijkagent THV", "community officer"),
            ),
        ],
        "meeting": {"link": "https://meet.example/{secret}"},
        "matrix": {"homeserver": "https://matrix.example", "user": "@bot:matrix.example"},
    }
)


def colleague(key: str, partner: str, label: str, function: str, *, duty: bool = True) -> Colleague:
    return Colleague(key, partner, label, frozenset({function}), duty)


PEOPLE = (
    colleague("om_ovj1", "om", "officier van justitie 1", "ovj"),
    colleague("om_ovj2", "om", "officier van justitie 2", "ovj"),
    colleague("om_ovj3", "om", "officier van justitie 3", "ovj"),
    colleague("om_stil", "om", "stille officier", "ovj", duty=False),
    colleague("cvd1", "politie", "chef van dienst 1", "chef_van_dienst"),
    colleague("cvd2", "politie", "chef van dienst 2", "chef_van_dienst"),
    colleague("wijk1", "politie", "wijkagent 1", "wijkagent"),
    colleague("wijk2", "politie", "wijkagent 2", "wijkagent"),
    colleague("tweeling1", "politie", "tweeling", "wijkagent"),
    colleague("tweeling2", "politie", "Tweeling", "wijkagent"),
)
NAMES = Names(REGION, PEOPLE)
WHOLE_REGION = Given(now=NOW)


def read(name: str, content: bytes, given: Given = WHOLE_REGION) -> ParsedRoster:
    """The roster in a file in which nothing is wrong."""
    parsed = read_roster(name, content, NAMES, given)
    assert isinstance(parsed, ParsedRoster), parsed
    return parsed


def wrong(
    name: str, content: bytes, given: Given = WHOLE_REGION
) -> list[tuple[str, int, int | None]]:
    """What is wrong with a file: code, row, column (from 0)."""
    parsed = read_roster(name, content, NAMES, given)
    assert not isinstance(parsed, ParsedRoster), parsed
    return [(each.code, each.row, each.column) for each in parsed]
