from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.reading.deadline import Deadline, read_deadline

ZONE = ZoneInfo("Europe/Amsterdam")


def ms(wall: str, fold: int = 0) -> int:
    return int(datetime.fromisoformat(wall).replace(tzinfo=ZONE, fold=fold).timestamp() * 1000)


NOW = ms("2026-07-10 15:40")  # a Friday


@pytest.mark.parametrize(
    ("typed", "wall"),
    [
        ("vóór 18:00", "2026-07-10 18:00"),
        ("VOOR 18:00", "2026-07-10 18:00"),
        ("vo\u0301o\u0301r 18:00", "2026-07-10 18:00"),
        ("voor 18.00", "2026-07-10 18:00"),
        ("voor 18u", "2026-07-10 18:00"),
        ("voor 18u30", "2026-07-10 18:30"),
        ("voor 18 uur.", "2026-07-10 18:00"),
        ("vóór 18:00 uur", "2026-07-10 18:00"),
        ("uiterlijk vóór 18:00", "2026-07-10 18:00"),
        ("uiterlijk om 18:00", "2026-07-10 18:00"),
        ("uiterlijk morgen 12:00", "2026-07-11 12:00"),
        ("uiterlijk morgen om 12:00", "2026-07-11 12:00"),
        ("vóór 12:00 morgen", "2026-07-11 12:00"),
        ("vóór za 12:00", "2026-07-11 12:00"),
        ("vóór zaterdag 12:00", "2026-07-11 12:00"),
        ("vóór vr 18:00", "2026-07-10 18:00"),
        ("vóór ma 9:00", "2026-07-13 09:00"),
        ("vanavond", None),
        ("uiterlijk vanavond 8:00", "2026-07-10 20:00"),
        ("uiterlijk vannacht 02:00", "2026-07-11 02:00"),
        ("vóór middernacht", "2026-07-11 00:00"),
        ("vóór 24:00", "2026-07-11 00:00"),
        ("uiterlijk morgen", "2026-07-11 23:59"),
        ("vóór maandag", "2026-07-13 00:00"),
        ("vóór 3 augustus 10:00", "2026-08-03 10:00"),
        ("vóór 3-8 10:00", "2026-08-03 10:00"),
        ("vóór 3 feb 10:00", "2027-02-03 10:00"),
        ("before 18:00", "2026-07-10 18:00"),
        ("before 6 pm", "2026-07-10 18:00"),
        ("by tomorrow noon", "2026-07-11 12:00"),
        ("by Fri 18:00", "2026-07-10 18:00"),
        ("before 12:00 tomorrow", "2026-07-11 12:00"),
        ("binnen 2 uur", "2026-07-10 17:40"),
        ("binnen 30 minuten", "2026-07-10 16:10"),
        ("binnen een half uur", "2026-07-10 16:10"),
        ("within an hour", "2026-07-10 16:40"),
        ("om 18:00", None),
        ("voor 18 kinderen", None),
        ("voor moeder", None),
        ("voor 25:00", None),
        ("voor 18:75", None),
        ("voor 31-2 10:00", None),
    ],
)
def test_deadline(typed: str, wall: str | None) -> None:
    left, deadline = read_deadline(f"sporen veiligstellen {typed}", NOW)
    if wall is None:
        assert deadline is None
        assert left == f"sporen veiligstellen {typed}"
    else:
        assert deadline == Deadline(ms(wall), past=False)
        assert left == "sporen veiligstellen"


@pytest.mark.parametrize(
    ("typed", "wall"),
    [
        ("vóór 13:00", "2026-07-11 13:00"),
        ("vóór vandaag 13:00", "2026-07-11 13:00"),
        ("vóór 15:40", "2026-07-11 15:40"),
        ("vóór vr 13:00", "2026-07-17 13:00"),
        ("vóór 10 juli 13:00", "2027-07-10 13:00"),
    ],
)
def test_what_is_past_is_asked_about_with_the_next_one(typed: str, wall: str) -> None:
    assert read_deadline(f"bellen {typed}", NOW) == ("bellen", Deadline(ms(wall), past=True))


def test_the_last_deadline_is_meant_and_the_rest_of_the_text_stays() -> None:
    assert read_deadline("plek voor 20:00 regelen, vóór 18:00", NOW) == (
        "plek voor 20:00 regelen",
        Deadline(ms("2026-07-10 18:00"), past=False),
    )
    assert read_deadline("vóór 18:00 sporen veiligstellen", NOW) == (
        "sporen veiligstellen",
        Deadline(ms("2026-07-10 18:00"), past=False),
    )


def test_the_night_with_02_30_twice() -> None:
    before, between = ms("2026-10-25 01:00"), ms("2026-10-25 02:45")
    first, second = ms("2026-10-25 02:30"), ms("2026-10-25 02:30", fold=1)
    assert second - first == 3_600_000
    assert read_deadline("bel vóór 02:30", before)[1] == Deadline(first, past=False)
    assert read_deadline("bel vóór 02:30", between)[1] == Deadline(second, past=False)


def test_the_night_without_02_30() -> None:
    now = ms("2026-03-29 01:00")
    assert read_deadline("bel vóór 02:30", now)[1] == Deadline(ms("2026-03-29 03:30"), past=False)


PIECES = (
    "vóór voor uiterlijk binnen morgen vr 18:00 24:00 13u 31-2 29 feb 3 12 noon am : , \u202e x"
)


@given(
    st.text() | st.lists(st.sampled_from(PIECES.split(" "))).map(" ".join),
    st.integers(0, 4_000_000_000_000),
)
def test_no_text_raises_and_every_deadline_is_ahead(text: str, now: int) -> None:
    _, deadline = read_deadline(text, now)
    if deadline:
        assert deadline.at_ms > now


def test_sixty_kilobytes() -> None:
    left, deadline = read_deadline("voor 1" * 10_000 + " <b> vóór 18:00", NOW)
    assert deadline == Deadline(ms("2026-07-10 18:00"), past=False)
    assert left.endswith("<b>")
