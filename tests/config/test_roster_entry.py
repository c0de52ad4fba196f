"""The words in which a roster is written, and what they mean on the wall clock."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from config.entry import minute_of_day
from config.roster import DutyEntry


def _duty(**changed: Any) -> DutyEntry:
    data = {"partner": "om", "function": "ovj", "days": "werkdagen", "from": "08:00", "to": "17:00"}
    return DutyEntry.model_validate(data | changed)


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("werkdagen", (0, 1, 2, 3, 4)),
        ("weekend", (5, 6)),
        ("elke dag", (0, 1, 2, 3, 4, 5, 6)),
        ("every day", (0, 1, 2, 3, 4, 5, 6)),
        (["ma", "wo", "vr"], (0, 2, 4)),
        (["fri", "Mon"], (0, 4)),
        (["weekend", "vr", "za"], (4, 5, 6)),
        ("do", (3,)),
    ],
)
def test_days_in_both_languages(written: object, days: tuple[int, ...]) -> None:
    assert _duty(days=written).days == days


@pytest.mark.parametrize("written", ["", "maandag", [], ["ma", "xx"], [["ma"]], 5, None])
def test_what_is_no_day_is_refused(written: object) -> None:
    with pytest.raises(ValidationError):
        _duty(days=written)


@given(st.integers(min_value=0, max_value=24 * 60))
def test_every_minute_of_the_day_can_be_written(minute: int) -> None:
    assert minute_of_day(f"{minute // 60:02d}:{minute % 60:02d}") == minute


@given(st.text(max_size=8))
def test_a_time_is_read_or_refused_but_never_guessed(text: str) -> None:
    try:
        minute = minute_of_day(text)
    except ValueError:
        return
    hours, _, minutes = text.strip().partition(":")
    assert (int(hours), int(minutes)) == divmod(minute, 60)
    assert 0 <= minute <= 24 * 60


def test_dates_that_are_the_wrong_way_round_are_refused() -> None:
    _duty(valid_from="2026-12-01", valid_until="2026-12-01")
    with pytest.raises(ValidationError):
        _duty(valid_from="2026-12-02", valid_until="2026-12-01")


def test_a_duty_survives_being_written_down() -> None:
    duty = _duty(primary="a", backup="b", valid_until="2026-12-31")
    assert DutyEntry.model_validate_json(duty.model_dump_json(by_alias=True)) == duty
