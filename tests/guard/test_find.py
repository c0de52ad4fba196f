import re
import sys
from itertools import chain
from types import FrameType, ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.guard import addresses, dates, digits, emails, find, names, numbers, phones, plates
from commands.guard.find import MARK, mark
from commands.guard.hit import Hit, Spot, merged
from commands.guard.plain import plain

THIS_YEAR = 2026


def hits(text: str) -> tuple[Hit, ...]:
    return find.find(text, this_year=THIS_YEAR)


def test_the_word_is_counted_as_a_reader_counts() -> None:
    assert [hit.word for hit in hits("letsel past niet 0612345678 bellen")] == [4]
    assert [hit.word for hit in hits("  0612345678")] == [1]
    assert [hit.word for hit in hits("bel 06 12345678 of\nmail a@voorbeeld.nl")] == [2, 6]
    assert [hit.word for hit in hits("auto,12-XZ-34,0612345678")] == [1, 1]


def test_the_writer_sees_the_text_with_bars_in_the_place_of_the_data() -> None:
    text = "bel 06​12345678 of mail a@voorbeeld.nl vóór 18:00"
    assert mark(text, hits(text)) == f"bel {MARK} of mail {MARK} vóór 18:00"


def test_keycap_digits_are_marked_whole() -> None:
    text = "0️⃣6️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣ nu"
    assert mark(text, hits(text)) == f"{MARK} nu"


def test_overlapping_finds_become_one_of_the_longest_kind() -> None:
    spots = [Spot("bsn", 5, 9), Spot("phone", 0, 7), Spot("plate", 20, 22)]
    assert list(merged(spots)) == [Spot("phone", 0, 9), Spot("plate", 20, 22)]


def test_names_are_not_found_yet_and_the_guard_says_so() -> None:
    assert not names.FINDS_NAMES
    assert list(names.find_names("Jan Jansen")) == []


PIECES = [
    *("0", "6", "12", "2014", "-", ".", " ", "@", "a", "nl", "AB", "geb", "bsn", "+31", "straat"),
    *(
        "mei",
        "١",
        "\u200b",
        "\u202e",
        "½",
        "ﷺ",
        "\ufe0f\u20e3",
        "é",
        "İ",
        "\x00",
        "<b>",
        "0612345678",
    ),
]


@given(st.text() | st.lists(st.sampled_from(PIECES)).map("".join))
def test_no_text_raises_and_hits_are_apart_in_order_and_in_their_word(text: str) -> None:
    found = hits(text)
    end = 0
    for hit in found:
        assert end <= hit.start < hit.end <= len(text)
        end = hit.end
        words = [match.start() for match in re.finditer(r"\S+", text)]
        assert words[hit.word - 1] <= hit.start
        assert hit.word == len(words) or hit.start < words[hit.word]


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_what_is_not_hit_stays_as_it_was(text: str) -> None:
    found = hits(text)
    kept = text
    for hit in reversed(found):
        kept = kept[: hit.start] + kept[hit.end :]
    assert mark(text, found).replace(MARK, "") == kept.replace(MARK, "")


@given(st.text())
def test_plain_signs_lead_back_to_the_typed_ones_in_order(text: str) -> None:
    read = plain(text)
    assert len(read.origin) == len(read.text) + 1
    assert list(read.origin) == sorted(read.origin)
    assert read.origin[-1] == len(text)


NASTY = ["1", "1 ", "06 12 ", "06-1 ", "nl12 ", "a@b.", "1012 ab ", "12-03-", "geb. op ", "+31 6 "]


@pytest.mark.parametrize("piece", NASTY)
def test_work_grows_no_faster_than_the_text(piece: str) -> None:
    hits("0612345678 NL91ABNA0417164300 " + piece * 200)  # imports and caches

    def calls(length: int) -> int:
        text = (piece * length)[:length]
        counted = 0

        def count(frame: FrameType, event: str, argument: object) -> None:
            nonlocal counted
            counted += event in ("call", "c_call")

        standing = sys.getprofile()
        sys.setprofile(count)
        try:
            hits(text)
        finally:
            sys.setprofile(standing)
        return counted

    assert calls(8_000) <= 2.5 * calls(4_000)


def _patterns(module: ModuleType) -> list[re.Pattern[str]]:
    found: list[re.Pattern[str]] = []
    for value in vars(module).values():
        values = value if isinstance(value, list) else [value]
        items = chain.from_iterable(item if isinstance(item, tuple) else [item] for item in values)
        found += (item for item in items if isinstance(item, re.Pattern))
    return found


def test_no_pattern_can_run_away() -> None:
    """Every repeat is bounded, so one attempt costs at most a constant however long the text."""
    modules = (addresses, dates, digits, emails, find, numbers, phones, plates)
    patterns = [pattern.pattern for module in modules for pattern in _patterns(module)]
    assert len(patterns) > 30
    simple = re.compile(r"\(?(?:\\.|\[[^]]+\])\+\)?!?")  # one sign, repeated: nothing to go back to
    for pattern in patterns:
        signs = re.sub(r"\\.|\[(?:\\.|[^]\\])+\]", "s", pattern)
        assert simple.fullmatch(pattern) or not re.search(r"[*+]|\{\d+,\}", signs), pattern


def test_sixty_kilobytes_with_one_number_in_it() -> None:
    text = "blauwe plek <b>\u202e " * 3_500
    found = hits(text + "0612345678")
    assert [(hit.kind, hit.end) for hit in found] == [("phone", len(text) + 10)]
