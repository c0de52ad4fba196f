"""Whatever writing, spacing or script somebody chooses: the data is found."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban
from stdnum.nl import bsn

from commands.guard.addresses import NOT_ISSUED, UNITS, WORDS
from commands.guard.find import find
from commands.guard.plates import WORDS_WITHOUT_VOWEL

THIS_YEAR = 2026

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
DASHES = str.maketrans("-", "–")
BLANKS = str.maketrans(" ", "\u00a0")

disguises = st.sampled_from(
    [
        lambda text: text,
        lambda text: text.translate(FULL_WIDTH),
        lambda text: text.translate(ARABIC),
        lambda text: text.translate(DASHES),
        lambda text: text.translate(BLANKS),
        lambda text: "\u200b".join(text),
        lambda text: "\u202e" + "\u2060".join(text) + "\u202c",
        lambda text: "".join(f"{sign}\ufe0f\u20e3" if sign.isdigit() else sign for sign in text),
    ]
)
before = st.sampled_from(["", "zie ", "gaat om ", "kind: ", "(", "“", "dit\n", "spoed 18:00 "])
behind = st.sampled_from(["", " gezien", ".", ")", ", nu", "\nnu", " om 18:00"])


@st.composite
def sentences(draw: st.DrawFn, data: st.SearchStrategy[str]) -> tuple[str, int, int]:
    """A text with data in it, and where the data begins and ends."""
    front, typed, rear = draw(before), draw(disguises)(draw(data)), draw(behind)
    return front + typed + rear, len(front), len(front) + len(typed)


def assert_found(sentence: tuple[str, int, int]) -> None:
    text, start, end = sentence
    hits = find(text, this_year=THIS_YEAR)
    hidden = "\u202e\u202c\u200b\u2060\ufe0f\u20e3"
    covered = {place for hit in hits for place in range(hit.start, hit.end)}
    open_places = [
        place for place in range(start, end) if place not in covered and text[place] not in hidden
    ]
    assert open_places == []


@st.composite
def bsns(draw: st.DrawFn) -> str:
    front = draw(st.integers(1, 99_999_999).map(lambda number: f"{number:08}"))
    check = sum((9 - place) * int(digit) for place, digit in enumerate(front)) % 11
    number = front + str(check % 10)
    if not bsn.is_valid(number):
        number = "111222333"
    sizes = draw(st.sampled_from([(9,), (3, 3, 3), (4, 2, 3), (2, 2, 2, 2, 1), (1,) * 9, (5, 4)]))
    gap = draw(st.sampled_from([".", " ", "-", "/", " - ", "  "]))
    return grouped(number, sizes, gap)


def grouped(number: str, sizes: tuple[int, ...], gap: str) -> str:
    parts, done = [], 0
    for size in sizes:
        parts.append(number[done : done + size])
        done += size
    return gap.join(part for part in (*parts, number[done:]) if part)


@st.composite
def ibans(draw: st.DrawFn) -> str:
    digits = st.text("0123456789", min_size=10, max_size=10)
    bank = draw(st.sampled_from(["ABNA", "INGB", "RABO", "TRIO"]))
    number = f"NL00{bank}{draw(digits)}"
    number = f"NL{iban.calc_check_digits(number)}{number[4:]}"
    gap = draw(st.sampled_from(["", " ", "-", ".", "  "]))
    typed = grouped(number, (4, 4, 4, 4, 2), gap)
    return draw(st.sampled_from([typed, typed.lower()]))


@st.composite
def phones(draw: st.DrawFn) -> str:
    area = draw(st.sampled_from(["6", "20", "299", "75", "88", "10", "527"]))
    length = 9 - len(area)
    rest = draw(st.text("0123456789", min_size=length, max_size=length))
    sizes = draw(st.sampled_from([(length,), (2, 2, 2, 2), (3, 2, 2), (4, 4), (1,) * length]))
    gap = draw(st.sampled_from([" ", "-", ".", ""]))
    front = draw(st.sampled_from(["0{}", "(0{})", "+31{}", "+31 {}", "+31 (0){}", "0031{}"]))
    joint = draw(st.sampled_from([" ", "-", "", " - ", "/", "."]))
    typed = front.format(area) + joint + grouped(rest, sizes, gap)
    # 09.00 15.30 and the like are opening hours and cannot be told from such a number.
    return typed if gap != "." or joint == "." else typed.replace(".", "-")


CONSONANTS = "BDFGHJKLNPRSTVXZ"
SHAPES = [
    *("LL-DD-DD", "DD-DD-LL", "DD-LL-DD", "LL-DD-LL", "LL-LL-DD", "DD-LL-LL", "DD-LLL-D"),
    *("D-LLL-DD", "LL-DDD-L", "L-DDD-LL", "LLL-DD-L", "L-DD-LLL", "D-LL-DDD", "DDD-LL-D"),
]


@st.composite
def plates(draw: st.DrawFn) -> str:
    gap = draw(st.sampled_from(["-", "", " ", ".", " - "]))
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if gap.strip() else CONSONANTS
    shape = draw(st.sampled_from(SHAPES))
    groups = [
        draw(
            st.text(
                letters if group[0] == "L" else "0123456789",
                min_size=len(group),
                max_size=len(group),
            ).filter(lambda word: bool(gap.strip()) or word.lower() not in WORDS_WITHOUT_VOWEL)
        )
        for group in shape.split("-")
    ]
    typed = gap.join(groups)
    return draw(st.sampled_from([typed, typed.lower()]))


@st.composite
def postcodes(draw: st.DrawFn) -> str:
    digits = draw(st.integers(1000, 9999))
    letters = draw(st.text(CONSONANTS, min_size=2, max_size=2))
    if letters in UNITS | WORDS | NOT_ISSUED:
        letters = "XZ"
    if draw(st.booleans()):
        letters = letters.lower()
    gap, house = draw(st.sampled_from(["", " "])), draw(st.integers(1, 999))
    return f"{digits}{gap}{letters}{draw(st.sampled_from([' ', ', ', ' nr ', '-']))}{house}"


MONTHS = "januari februari maart april mei juni juli augustus september oktober november december"


@st.composite
def birth_dates(draw: st.DrawFn) -> str:
    day = draw(st.dates(date(1900, 1, 1), date(THIS_YEAR, 12, 31)))
    month = MONTHS.split()[day.month - 1]
    short = f"{day.year % 100:02}"
    return draw(
        st.sampled_from(
            [
                f"{day.day}-{day.month}-{day.year}",
                f"{day.day:02}-{day.month:02}-{day.year}",
                f"{day.day:02}/{day.month:02}/{short}",
                f"{day.day:02}.{day.month:02}.{day.year}",
                f"{day.day:02} {day.month:02} {day.year}",
                f"{day.day:02}-{day.month:02}-{short}",
                f"{day.day} {month} {day.year}",
                f"{day.day} {month[:3]} {day.year}",
                f"{day.day} {month.upper()} {day.year}",
                f"{day.day}e {month} {day.year}",
                day.isoformat(),
                day.strftime("%d%m%Y"),
            ]
        )
    )


@given(sentences(bsns()))
def test_every_bsn(sentence: tuple[str, int, int]) -> None:
    assert_found(sentence)


@given(sentences(ibans()))
def test_every_dutch_iban(sentence: tuple[str, int, int]) -> None:
    assert_found(sentence)


@given(sentences(phones()))
def test_every_dutch_phone_number(sentence: tuple[str, int, int]) -> None:
    assert_found(sentence)


@given(sentences(plates()))
def test_every_number_plate(sentence: tuple[str, int, int]) -> None:
    assert_found(sentence)


@given(sentences(postcodes()))
def test_every_postcode_with_house_number(sentence: tuple[str, int, int]) -> None:
    assert_found(sentence)


@given(sentences(birth_dates()))
def test_every_date_with_a_year_up_to_this_one(sentence: tuple[str, int, int]) -> None:
    assert_found(sentence)


@pytest.mark.parametrize(
    "number",
    ["BE71096123456769", "DE89370400440532013000", "FR1420041010050500013M02606"],
)
def test_ibans_of_other_countries(number: str) -> None:
    assert [hit.kind for hit in find(f"naar {number} gegaan", this_year=THIS_YEAR)] == ["iban"]
