from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.reading.alarm_line import AlarmLine, PlaceWords, ProtocolWords, read_alarm
from commands.reading.words import clean

PROTOCOLS = [
    ProtocolWords(
        "skm", ("kindermishandeling", "strafbare kindermishandeling", "kind"), asks_children=False
    ),
    ProtocolWords("ouderen", ("ouderenmishandeling", "oudere", "elder abuse")),
]
PLACES = [PlaceWords(name) for name in ("Centrum", "Noord", "Oost", "West", "Zuid")]
PLACES.append(PlaceWords("Lage Dijk", ("dijkdorp",)))


def read(text: str) -> AlarmLine:
    return read_alarm(text, PROTOCOLS, PLACES)


def test_the_line_of_the_friday_hospital() -> None:
    assert read("alarm skm spoed Centrum letsel past niet bij uitleg") == AlarmLine(
        protocol="skm",
        unknown_protocol=None,
        urgent=True,
        place="Centrum",
        unknown_place=None,
        reason="letsel past niet bij uitleg",
        children=None,
    )


def test_elder_abuse_with_children_not_urgent() -> None:
    line = read("alarm ouderen geen spoed Noord kinderen ja geld verdwenen bij mantelzorger")
    assert (line.protocol, line.urgent, line.place, line.children) == (
        "ouderen",
        False,
        "Noord",
        True,
    )
    assert line.reason == "geld verdwenen bij mantelzorger"


@pytest.mark.parametrize(
    "order", list(permutations(["skm", "geen spoed", "lage dijk", "letsel past niet bij uitleg"]))
)
def test_any_order_reads_the_same(order: tuple[str, ...]) -> None:
    line = read("alarm " + " ".join(order))
    assert (line.protocol, line.urgent, line.place) == ("skm", False, "Lage Dijk")
    assert line.reason == "letsel past niet bij uitleg"
    assert (line.unknown_protocol, line.unknown_place) == (None, None)


def test_english() -> None:
    line = read("/Alert urgent elder abuse, West: no children, bruises do not fit")
    assert (line.protocol, line.urgent, line.place, line.children) == (
        "ouderen",
        True,
        "West",
        False,
    )
    assert line.reason == "bruises do not fit"


@pytest.mark.parametrize(
    ("words", "urgent"),
    [
        ("spoed", True),
        ("SPOED!", True),
        ("urgent", True),
        ("geen spoed", False),
        ("Geen_spoed", False),
        ("spoed nee", False),
        ("not urgent", False),
        ("", None),
        ("spoed, nee geen spoed", False),
        ("spoed of geen spoed", None),
        ("op de spoed gezien", None),
        ("spoedeisende hulp belde", None),
    ],
)
def test_urgency(words: str, urgent: bool | None) -> None:
    assert read(f"alarm skm {words} Centrum").urgent is urgent


def test_an_empty_alarm_lacks_everything() -> None:
    for text in ("alarm", "/alarm", "ALERT!", "", "   ", "\u200f"):
        assert read(text) == AlarmLine(None, None, None, None, None, "", None)


@pytest.mark.parametrize(
    ("text", "unknown", "reason"),
    [
        ("alarm brand", "brand", ""),
        ("alarm brand spoed Centrum rook in huis", "brand", "rook in huis"),
        ("alarm letsel past niet bij uitleg", "letsel", "letsel past niet bij uitleg"),
        ("alarm spoed Centrum letsel gezien", None, "letsel gezien"),
        ("alarm Centrum", None, ""),
        ("alarm letsel bij kind gezien", None, "letsel bij gezien"),
    ],
)
def test_unknown_kind(text: str, unknown: str | None, reason: str) -> None:
    line = read(text)
    assert line.unknown_protocol == unknown
    assert line.reason == reason


@pytest.mark.parametrize(
    ("text", "unknown", "reason"),
    [
        ("alarm skm spoed Verweg letsel past niet", "Verweg", "Verweg letsel past niet"),
        ("alarm skm spoed Verweg", "Verweg", ""),
        ("alarm skm in Verweg spoed letsel", "Verweg", "letsel"),
        ("Verweg skm spoed letsel", "Verweg", "letsel"),
        ("alarm skm spoed letsel past niet", None, "letsel past niet"),
        ("ALARM SKM SPOED LETSEL PAST NIET", None, "LETSEL PAST NIET"),
        ("alarm skm spoed Centrum Letsel past niet", None, "Letsel past niet"),
    ],
)
def test_unknown_place(text: str, unknown: str | None, reason: str) -> None:
    line = read(text)
    assert line.unknown_place == unknown
    assert line.reason == reason


def test_a_second_place_stays_in_the_reason() -> None:
    line = read("alarm skm spoed in Centrum vader is naar Noord vertrokken")
    assert line.place == "Centrum"
    assert line.reason == "vader is naar Noord vertrokken"


def test_words_about_children_stay_where_the_kind_does_not_ask() -> None:
    line = read("alarm skm spoed Oost met kinderen gevlucht")
    assert line.children is None
    assert line.reason == "met kinderen gevlucht"


MIXED = ["alarm", "skm", "spoed", "geen", "Noord", "in", "kinderen", "ja", "Aa", "x", ":", "<b>"]


@given(st.text() | st.lists(st.sampled_from([*MIXED, "\u200f"])).map(" ".join))
def test_no_text_raises_and_the_reason_is_in_the_writers_words_and_order(text: str) -> None:
    typed = iter(clean(text).split())
    for word in read(text).reason.split():
        assert any(word in candidate for candidate in typed)


def test_sixty_kilobytes_hidden_signs_and_html_are_read() -> None:
    line = read("alarm skm \u202espoed\u202c Centrum <script>x</script> " + "blauw " * 10_000)
    assert (line.protocol, line.urgent, line.place) == ("skm", True, "Centrum")
    assert line.reason.startswith("<script>x</script> blauw")
