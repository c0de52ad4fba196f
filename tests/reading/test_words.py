from hypothesis import given
from hypothesis import strategies as st

from commands.reading.words import clean, is_invisible, phrase, tokens, too_long

COMMANDS = ["kan niet", "ik pak op", "alarm", "sluit"]


@given(
    st.sampled_from(COMMANDS),
    st.sampled_from(["", "/", "!", " /", "!!", "\u200f/"]),
    st.sampled_from([str.lower, str.upper, str.title]),
    st.sampled_from([" ", "_", "  ", "\n", "\u00a0", "\u200b \u202e"]),
    st.sampled_from(["", " ", ".", "!", "\u200f", "\ufeff"]),
)
def test_case_slash_underscore_and_hidden_signs_do_not_matter(
    command: str, front: str, case: object, gap: str, behind: str
) -> None:
    typed = front + case(command).replace(" ", gap) + behind  # type: ignore[operator]
    assert phrase(typed) == command


def test_full_width_letters_are_letters() -> None:
    assert phrase("ａｌａｒｍ") == "alarm"


def test_accents_do_not_matter_for_comparing_and_stay_in_the_text() -> None:
    assert phrase("Vóór één") == "voor een"
    assert clean("Vóór één") == "Vóór één"


@given(st.text())
def test_a_clean_text_is_one_line_without_hidden_signs_and_stays_so(text: str) -> None:
    line = clean(text)
    assert not any(is_invisible(sign) or sign in "\n\r\t\x00" for sign in line)
    assert line == line.strip()
    assert [token.text for token in tokens(text)] == line.split()


def test_html_is_only_text() -> None:
    assert clean("<b>alarm</b>") == "<b>alarm</b>"
    assert phrase("<b>alarm</b>") != "alarm"


def test_sixty_kilobytes_are_too_long_and_still_read() -> None:
    text = "alarm \u202e<b> " * 6_000
    assert too_long(text)
    assert len(tokens(text)) == 12_000
    assert not too_long("alarm skm spoed Centrum letsel past niet bij uitleg")
