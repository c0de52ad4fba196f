"""Lines as people type them on a phone: neutral ones pass, invented personal data does not."""

from pathlib import Path

import pytest

from commands.guard.find import MARK, find, mark

THIS_YEAR = 2026
DESKS = frozenset({"0800-2000", "088-000 2000"})


def lines(name: str) -> list[str]:
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


NEUTRAL = lines("corpus_neutral.txt")
DATA = lines("corpus_data.txt")


def test_the_corpus_is_large_enough_to_mean_something() -> None:
    assert len(set(NEUTRAL)) >= 150
    assert len(set(DATA)) >= 130


@pytest.mark.parametrize("line", NEUTRAL)
def test_a_neutral_line_passes(line: str) -> None:
    assert find(line, this_year=THIS_YEAR, allowed=DESKS) == ()


@pytest.mark.parametrize("line", DATA)
def test_personal_data_is_found_as_one_spot_of_its_kind(line: str) -> None:
    kind, text = line.split("\t")
    hits = find(text, this_year=THIS_YEAR, allowed=DESKS)
    assert [hit.kind for hit in hits] == [kind]
    assert MARK in mark(text, hits)


@pytest.mark.parametrize("line", NEUTRAL)
def test_personal_data_at_the_end_of_a_neutral_line_is_found(line: str) -> None:
    hits = find(f"{line} 06-12345678", this_year=THIS_YEAR, allowed=DESKS)
    assert hits[-1].end == len(line) + len(" 06-12345678")
    assert hits[-1].start == len(line) + 1
