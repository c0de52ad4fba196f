"""Times as people read them: Amsterdam's wall clock, short, with the day when it is not today."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import wording


def _at(text: str) -> int:
    moment = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Amsterdam"))
    return int(moment.timestamp() * 1000)


FRIDAY = _at("2026-07-10T15:40")


@pytest.mark.parametrize(
    ("moment", "nl", "en"),
    [
        ("2026-07-10T15:50", "15:50", "15:50"),
        ("2026-07-10T00:00", "00:00", "00:00"),
        ("2026-07-11T08:00", "za 08:00", "Sat 08:00"),
        ("2026-07-09T23:59", "do 23:59", "Thu 23:59"),
        ("2026-07-16T12:00", "do 12:00", "Thu 12:00"),
        ("2026-07-17T12:00", "vr 17 juli 12:00", "Fri 17 July 12:00"),
        ("2026-07-03T12:00", "vr 3 juli 12:00", "Fri 3 July 12:00"),
    ],
)
def test_clock(moment: str, nl: str, en: str) -> None:
    assert wording.clock(_at(moment), FRIDAY, "nl") == nl
    assert wording.clock(_at(moment), FRIDAY, "en") == en


def test_clock_with_day_names_today_too() -> None:
    assert wording.clock_with_day(_at("2026-07-10T16:30"), FRIDAY, "nl") == "vr 16:30"
    assert wording.clock_with_day(_at("2026-07-11T08:00"), FRIDAY, "nl") == "za 08:00"


def test_today_is_todays_date_in_amsterdam_and_not_in_utc() -> None:
    late, after = _at("2026-07-10T23:30"), _at("2026-07-11T00:30")
    assert wording.clock(after, late, "nl") == "za 00:30"
    assert wording.clock(after, after, "nl") == "00:30"


def test_the_night_that_the_clock_goes_back() -> None:
    first = _at("2026-10-25T02:30")
    assert wording.clock(first, first, "nl") == "02:30"
    assert wording.clock(first + 3_600_000, first, "nl") == "02:30"
    assert wording.clock(first + 7_200_000, first, "nl") == "03:30"


def test_date_and_week() -> None:
    assert wording.date(_at("2026-07-24T12:00"), "nl") == "vr 24 juli"
    assert wording.date(_at("2026-07-24T12:00"), "en") == "Fri 24 July"
    assert wording.date_with_year(_at("2026-07-24T12:00"), "nl") == "vr 24 juli 2026"
    assert wording.week(_at("2026-07-06T00:00"), _at("2026-07-12T23:59"), "nl") == "6–12 juli"
    assert wording.week(_at("2026-06-29T00:00"), _at("2026-07-05T23:59"), "nl") == (
        "29 juni – 5 juli"
    )


@pytest.mark.parametrize(
    ("ms", "nl"),
    [
        (600_000, "10 min"),
        (599_001, "10 min"),
        (540_000, "9 min"),
        (0, "0 min"),
        (-5_000, "0 min"),
        (7_140_000, "119 min"),
        (7_200_000, "2 u"),
        (10_020_000, "2 u 47 min"),
    ],
)
def test_span(ms: int, nl: str) -> None:
    assert wording.span(ms, "nl") == nl


def test_rest_in_english() -> None:
    assert wording.rest(FRIDAY + 10_020_000, FRIDAY, "en") == "2 h 47 min"


@given(st.integers(min_value=0, max_value=10**9))
def test_a_rest_never_promises_less_time_than_there_is(ms: int) -> None:
    words = wording.span(ms, "nl").split()
    hours = int(words[0]) if "u" in words else 0
    minutes = int(words[words.index("min") - 1]) if "min" in words else 0
    shown = (hours * 60 + minutes) * 60_000
    assert 0 <= shown - ms < 60_000


def test_capital() -> None:
    assert wording.capital("de achterwacht") == "De achterwacht"
    assert wording.capital("") == ""
