"""The drawing: readable on a phone, words with every colour, nothing over anything else."""

import re
from dataclasses import dataclass
from datetime import date, time
from html import unescape
from itertools import combinations

import pytest

from bot.picture import ink
from bot.picture.draw import WIDTH, Artist, Drawing, Words
from bot.picture.letters import width
from bot.picture.png import png
from bot.picture.sheet import Sheet, sheet_of
from commands.rules.moments import instant
from commands.rules.roster.rule import DutyRule, Pair, Roster, Seat

FRIDAY = date(2026, 7, 10)
NOW = instant(FRIDAY, time(15, 40))
EVERY_DAY, WEEKDAYS = frozenset(range(7)), frozenset(range(5))
MONDAY = date(2026, 7, 6)


def rule(
    number: int, seat: Seat, start: int, end: int, *pairs: Pair, weekdays: bool = False
) -> DutyRule:
    days = WEEKDAYS if weekdays else EVERY_DAY
    return DutyRule(number, seat, days, time(start), time(end), pairs, "week", MONDAY)


def full() -> tuple[Roster, list[Seat]]:
    seat = Seat("om", "ovj")
    pairs = (Pair("a", "b"), Pair("b", "c"), Pair("c", "a"))
    return Roster((rule(1, seat, 9, 9, *pairs),)), [seat]


def holes() -> tuple[Roster, list[Seat]]:
    seats = [Seat("rvdk", "contact"), Seat("rvdk", "tweede")]
    return Roster(
        (
            rule(1, seats[0], 8, 22, Pair("a", "b")),
            rule(2, seats[0], 22, 8, Pair(None, "b")),
            rule(3, seats[1], 9, 17, Pair("c"), weekdays=True),
        )
    ), seats


def ten() -> tuple[Roster, list[Seat]]:
    seats = [Seat("politie", f"functie_{number}") for number in range(10)]
    rules = [
        rule(n, seat, 7 + n % 3, 22 - n % 4, Pair(f"p{n}", f"p{9 - n}"), weekdays=n % 2 == 0)
        for n, seat in enumerate(seats)
    ]
    return Roster(tuple(rules)), seats


def districts() -> tuple[Roster, list[Seat]]:
    seats = [Seat("politie", "thv", place) for place in ("Centrum", "Noord", "Oost", "Zuid")]
    rules = [
        rule(2 * n + late, seat, 15 if late else 7, 23 if late else 15, Pair(f"w{n}{late}"))
        for n, seat in enumerate(seats)
        for late in (0, 1)
    ]
    return Roster(tuple(rules)), seats


KINDS = {"full": full, "holes": holes, "ten": ten, "districts": districts}


def words(sheet: Sheet, label: str) -> Words:
    return Words(
        title="Rooster politie",
        dates="vr 10 juli t/m do 23 juli",
        days=[f"vr {day.date.day}" for day in sheet.days],
        seats=[f"{label} {row.seat.function} {row.seat.place or ''}" for row in sheet.rows],
        labels={person: f"{label} {person}" for person in sheet.people},
        gaps=[("vr 22:00 – za 08:00, nog 12", label) for _ in sheet.rows],
        gaps_title=f"Gaten: {len(sheet.gaps)}",
        gap="geen dienst",
        gap_short="gat",
        no_backup="geen achterwacht",
        now="nu",
        off="weekend of feestdag",
        backup="dunne balk: achterwacht",
    )


def drawing_of(kind: str, label: str = "dienst") -> Drawing:
    roster, seats = KINDS[kind]()
    sheet = sheet_of(roster, seats, FRIDAY, 14, NOW)
    return Artist(sheet, words(sheet, label)).draw()


@dataclass(frozen=True)
class Written:
    words: str
    x: float
    y: float
    size: float
    colour: str

    @property
    def end(self) -> float:
        return self.x + width(self.words, self.size)

    def hits(self, other: "Written") -> bool:
        apart = self.y - other.y
        above = apart >= 0.75 * self.size or -apart >= 0.75 * other.size
        return not above and self.x < other.end - 1 and other.x < self.end - 1


def written(drawing: Drawing) -> list[Written]:
    found = re.findall(
        r'<text x="([\d.-]+)" y="([\d.-]+)" font-size="([\d.]+)" fill="(#\w+)"[^>]*>([^<]*)<',
        drawing.svg,
    )
    return [
        Written(unescape(said), float(x), float(y), float(size), colour)
        for x, y, size, colour, said in found
    ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("label", ["dienst", "gedragswetenschapper van de spoeddienst " * 3])
def test_every_word_is_large_enough_on_the_picture_and_over_no_other(kind: str, label: str) -> None:
    drawing = drawing_of(kind, label)
    told = written(drawing)
    assert drawing.width == WIDTH == 1080
    assert min(each.size for each in told) >= 28
    assert all(each.x > 0 and each.end < WIDTH for each in told)
    assert all(0 < each.y < drawing.height for each in told)
    assert [(a.words, b.words) for a, b in combinations(told, 2) if a.hits(b)] == []


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_words_stand_out_from_what_they_stand_on() -> None:
    """4.5 is what WCAG asks of small text."""
    for ground in (ink.PAPER, ink.OFF, *ink.PEOPLE):
        assert contrast(ink.TEXT, ground) >= 7
    for letters, ground in (
        (ink.ON_GAP, ink.GAP),
        (ink.GAP, ink.PAPER),
        (ink.MUTED, ink.PAPER),
        (ink.NOW, ink.PAPER),
        (ink.NOW, ink.OFF),
    ):
        assert contrast(letters, ground) >= 4.5


def test_a_gap_is_said_in_words_too() -> None:
    said = [each.words for each in written(drawing_of("holes"))]
    assert "geen dienst" in said
    assert "gat" in said
    assert "Gaten: 24" in said, "14 nights, and 10 times after work"
    assert "vr 22:00 - za 08:00, nog 12  dienst" in said
    assert "gat" not in [each.words for each in written(drawing_of("full"))]


def test_who_does_not_fit_has_a_number_and_stands_in_the_legend() -> None:
    said = [each.words for each in written(drawing_of("districts"))]
    assert {"1", "8"} <= set(said)
    assert "1  dienst w00" in said
    assert "8  dienst w31" in said
    fits = [each.words for each in written(drawing_of("full"))]
    assert "dienst a" in fits
    assert not any(re.match(r"\d  ", each) for each in fits), "no legend where all fits"


def test_what_people_wrote_cannot_become_a_drawing() -> None:
    drawing = drawing_of("full", "<image href='x'/>&")
    assert "<image" not in drawing.svg
    assert "&lt;image" in drawing.svg


@pytest.mark.parametrize("kind", KINDS)
async def test_it_becomes_a_png_of_its_size(kind: str) -> None:
    drawing = drawing_of(kind)
    made = await png(drawing.svg)
    assert made[:8] == b"\x89PNG\r\n\x1a\n"
    size = int.from_bytes(made[16:20], "big"), int.from_bytes(made[20:24], "big")
    assert size == (drawing.width, drawing.height)
