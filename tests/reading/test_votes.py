import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.reading.votes import Votes, read_votes

CLOCKS = ["16:30", "17:00", "17:30"]


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("1 2", (0, 1)),
        ("1,3", (0, 2)),
        ("1️⃣3️⃣", (0, 2)),
        ("16:30 en 17:00", (0, 1)),
        ("16.30", (0,)),
        ("16u30 & 17u", (0, 1)),
        ("17 uur", (1,)),
        ("17", (1,)),
        ("17:30, 16:30", (0, 2)),
        ("alle", (0, 1, 2)),
        ("Ik kan om 17:00.", (1,)),
        ("/1", (0,)),
    ],
)
def test_slots(text: str, slots: tuple[int, ...]) -> None:
    assert read_votes(text, CLOCKS) == Votes(slots)


def test_nothing_now_and_both() -> None:
    assert read_votes("niets", CLOCKS) == Votes((), nothing=True)
    assert read_votes("Niets past", CLOCKS) == Votes((), nothing=True)
    assert read_votes("❌", CLOCKS) == Votes((), nothing=True)
    assert read_votes("now or 16:30", CLOCKS) == Votes((0,), now=True)
    assert read_votes("nu", CLOCKS) == Votes((), now=True)
    assert read_votes("nu of 16:30", CLOCKS) == Votes((0,), now=True)


DUTCH = ("niets", "Niets past mij.", "geen", "geen tijd past", "geen van deze tijden")
ENGLISH = ("nothing", "Nothing fits me.", "none", "none fits", "none of these times")


@pytest.mark.parametrize("text", [*DUTCH, *ENGLISH])
def test_nothing_fits_in_dutch_and_in_english(text: str) -> None:
    assert read_votes(text, CLOCKS) == Votes((), nothing=True)


def test_a_time_that_was_not_offered_is_named() -> None:
    assert read_votes("1 en 18:00", CLOCKS) == Votes((0,), unknown=("18:00",))
    assert read_votes("4", CLOCKS) == Votes((), unknown=("4",))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "en",
        "1 kind",
        "ik bel zo",
        "niets 1",
        "16:30 past niet",
        "I can't",
        "no",
        "ok",
        "👍",
        "<b>1</b>",
    ],
)
def test_other_talk_is_no_vote(text: str) -> None:
    assert read_votes(text, CLOCKS) is None


@given(
    st.text() | st.lists(st.sampled_from(["1", "16:30", "nu", "٣", "²", "24", ","])).map(" ".join)
)
def test_no_text_raises_and_slots_are_offered_ones(text: str) -> None:
    votes = read_votes(text, CLOCKS)
    if votes:
        assert set(votes.slots) <= {0, 1, 2}
        assert votes.slots or votes.now or votes.nothing or votes.unknown


def test_sixty_kilobytes() -> None:
    assert read_votes("1 " * 30_000, CLOCKS) == Votes((0,))
    assert read_votes("x" * 60_000, CLOCKS) is None
