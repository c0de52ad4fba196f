"""Dutch and English say the same things with the same blanks."""

import re
import string
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

import config.catalogue
from config.catalogue import MissingText, Texts

_FOLDER = Path(config.catalogue.__file__).parent / "texts"


def _catalogue(language: str) -> Catalog:
    with (_FOLDER / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def _texts(language: str) -> dict[str, tuple[str, ...]]:
    found = {}
    for message in _catalogue(language):
        if message.id:
            key = message.id if isinstance(message.id, str) else message.id[0]
            forms = message.string
            found[key] = (forms,) if isinstance(forms, str) else tuple(forms or ())
    return found


def _blanks(text: str) -> set[str]:
    """{Partner} is {partner} at the start of a line."""
    return {name.lower() for _, name, _, _ in string.Formatter().parse(text) if name is not None}


NL, EN = _texts("nl"), _texts("en")


def test_both_languages_have_the_same_keys() -> None:
    assert list(NL) == list(EN), "the same keys in the same order"


def test_no_key_is_written_twice() -> None:
    for language in ("nl", "en"):
        keys = re.findall(r'^msgid "(.+)"$', (_FOLDER / f"{language}.po").read_text(), re.M)
        assert len(keys) == len(set(keys))


def test_both_languages_have_the_same_blanks() -> None:
    assert {key for key in NL if len(NL[key]) != len(EN[key])} == set(), "plurals in both"
    blanks = {key: {frozenset(_blanks(text)) for text in (*NL[key], *EN[key])} for key in NL}
    assert {key: found for key, found in blanks.items() if len(found) != 1} == {}


def test_no_text_is_empty_or_untidy() -> None:
    assert [k for k in NL for text in (*NL[k], *EN[k]) if not text or text.strip() != text] == []


def test_blanks_are_plain_names() -> None:
    """No attribute and no index: a value can only show itself."""
    names = {name for key in NL for text in (*NL[key], *EN[key]) for name in _blanks(text)}
    assert {name for name in names if not re.fullmatch("[a-z_]+", name)} == set()


def test_tone_is_calm() -> None:
    assert [key for key in NL if "!" in " ".join((*NL[key], *EN[key]))] == []


@pytest.mark.parametrize("word", ["melding", "opschalen", "dader", "verdachte"])
def test_words_that_mean_something_else_to_the_partners(word: str) -> None:
    texts = {key: " ".join(NL[key]).lower() for key in NL}
    assert [key for key, text in texts.items() if re.search(rf"\b{word}\b", text)] == []


def test_a_lock_screen_shows_the_question() -> None:
    """Reference, urgency, question and deadline within 90 characters."""
    for language in ("nl", "en"):
        texts = Texts(language)
        for key in [key for key in NL if key.startswith("page.called") and "detail" not in key]:
            text = texts.get(key, ref="K7Q4", urgency="spoed", deadline="15:50", rest="10 min")
            assert text.index("?") < 90, key


def test_texts_are_those_of_the_conversation() -> None:
    texts = Texts("nl")
    assert texts.get(
        "page.called", ref="K7Q4", urgency="spoed", deadline="15:50", rest="10 min"
    ) == (
        "🔴 Alarm K7Q4 · spoed. Pak je dit op vóór 15:50 (10 min)? Geen namen hier. "
        "Direct gevaar? Bel 112."
    )
    assert texts.get("wrong.unknown_sender", help_number="0800-2000") == (
        "Dit kanaal is besloten. Hulp nodig? Bel 0800-2000. Direct gevaar? Bel 112."
    )
    assert Texts("en").get("agreement.overdue", number=1, ref="K7Q4", when="Fri 18:00") == (
        "⚠️ Agreement 1 of K7Q4 is overdue (deadline Fri 18:00)."
    )


def test_plurals() -> None:
    texts = Texts("nl")
    assert texts.count("close.sure_open", 1).startswith("1 afspraak staat open")
    assert texts.count("close.sure_open", 2).startswith("2 afspraken staan open")
    assert texts.count("close.sure_open", 0).startswith("0 afspraken")


def test_a_number_that_changes_nothing() -> None:
    assert Texts("nl").count("wrong.which_answer", 3) == "Er staan 3 vragen open. Welke bedoel je?"


def test_a_missing_key_is_an_error_and_not_a_key_on_a_phone() -> None:
    with pytest.raises(MissingText, match=r"page\.cald"):
        Texts("nl").get("page.cald")
    with pytest.raises(MissingText):
        Texts("nl").count("page.cald", 2)


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(MissingText, match="deadline"):
        Texts("nl").get("page.reminder", ref="K7Q4", rest="5 min")


def test_values_are_not_filled_in_a_second_time() -> None:
    text = Texts("nl").get("room.reason", reason="{ref} {0} %s {reason.__class__}")
    assert text == "Reden van het alarm: {ref} {0} %s {reason.__class__}"
