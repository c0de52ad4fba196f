"""`main.py roster show` and `gaps`: what other programs can ask of the roster."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from config.scaffold import demo_region, scaffold
from main import main

FRIDAY_NIGHT = "2026-11-27 23:00"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A region that was never started: its roster is what the first start would put in."""
    folder = tmp_path / "region"
    scaffold(folder, folder / "secrets", demo_region("http://localhost:8008", "x"), "x")
    return folder


def roster(folder: Path, *words: str) -> Result:
    settings = {
        "KORTELIJN_CONFIG_DIR": str(folder),
        "KORTELIJN_DATA_DIR": str(folder / "data"),
    }
    return CliRunner(env=settings).invoke(main, ["roster", *words], standalone_mode=False)


def told(folder: Path, *words: str) -> dict[str, Any]:
    result = roster(folder, *words, "--json")
    assert result.exit_code == 0, result.output
    answer: dict[str, Any] = json.loads(result.output)
    return answer


def test_who_is_on_duty_at_an_instant_in_order_and_why(folder: Path) -> None:
    answer = told(folder, "show", "--at", FRIDAY_NIGHT)
    assert answer["at"] == "2026-11-27T22:00:00Z", "the clock on the wall, one hour ahead of UTC"
    functions = [(seat["partner"], seat["function"]) for seat in answer["seats"]]
    assert functions == [
        ("vt", "gedragswetenschapper"),
        ("om", "ovj"),
        ("politie", "chef_van_dienst"),
        ("rvdk", "contact"),
    ]
    order = answer["seats"][-1]["order"]
    assert [(step["role"], step["person"]) for step in order] == [
        ("primary", None),
        ("backup", "rvdk_contact2"),
        ("contact_point", "rvdk_ap"),
    ]
    assert order[1]["why"] == {"because": "rule", "number": 6, "instead_of": None}


def test_the_course_of_a_day(folder: Path) -> None:
    asked = ("--partner", "rvdk", "--from", "2026-11-27", "--to", "2026-11-28")
    (seat,) = told(folder, "show", *asked)["seats"]
    stretches = [(each["from"], each["order"][0]["person"]) for each in seat["stretches"]]
    assert stretches == [
        ("2026-11-26T23:00:00Z", None),
        ("2026-11-27T07:00:00Z", "rvdk_contact1"),
        ("2026-11-27T21:00:00Z", None),
    ]


def test_gaps_of_both_roles_with_the_reason(folder: Path) -> None:
    found = told(folder, "gaps", "--planned", "--from", FRIDAY_NIGHT, "--to", "2026-11-28 12:00")[
        "gaps"
    ]
    assert found == [
        {
            "partner": "rvdk",
            "function": "contact",
            "place": None,
            "role": "primary",
            "from": "2026-11-27T22:00:00Z",
            "to": "2026-11-28T07:00:00Z",
            "why": {"because": "rule", "number": 6, "instead_of": None},
        }
    ]


def test_people_read_lines(folder: Path) -> None:
    said = roster(folder, "show", "--at", FRIDAY_NIGHT, "--partner", "rvdk").output
    assert said == (
        "RvdK, RvdK-dienst\n  voorwacht: niemand (regel 6); achterwacht: rvdk_contact2 (regel 6)\n"
    )
    day = ("--from", "2026-11-27 10:00", "--to", "2026-11-27 20:00")
    assert roster(folder, "gaps", "--planned", *day).output == "Geen gaten.\n"
    asked = roster(folder, "gaps", "--partner", "om", *day).output
    assert "(om_ovj1 is niet bereikbaar)" in asked, "nobody tapped a test page yet"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "--at", "gisteren"), "gisteren is geen moment."),
        (("show", "--partner", "ggz"), "ggz is geen partner. Kies uit: vt, om, politie, rvdk."),
        (("gaps", "--from", "2026-11-28", "--to", "2026-11-27"), "Het einde ligt voor het begin."),
    ],
)
def test_what_cannot_be_asked_ends_with_two(
    folder: Path, words: tuple[str, ...], said: str
) -> None:
    result = roster(folder, *words)
    assert result.exit_code == 2
    assert said in result.output
    assert not (folder / "data").exists(), "nothing is changed by asking"
