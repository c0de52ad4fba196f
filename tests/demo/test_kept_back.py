"""The demo ends well only if what Telegram must not carry was looked for, and is not there."""

import pytest

from tests.demo.day import KEPT_BACK
from tests.demo.heard import Stalled
from tests.demo.kept_back import kept_back
from tests.demo.report import Report

ON_MATRIX = [
    Report("vt_gw1", "message", 0, 0, text=f"Overleg: {word.title()}") for word in KEPT_BACK
]
SENT = [
    "getMe {}",
    "sendMessage {'text': 'Pak je dit op?'}",
    "editMessageText {'text': 'Jij pakt'}",
]


def test_what_was_asked_of_telegram_is_counted() -> None:
    assert "De bot vroeg Telegram 3 dingen, waarvan 2 berichten en wijzigingen." in kept_back(
        SENT, ON_MATRIX
    )


@pytest.mark.parametrize("word", KEPT_BACK)
def test_one_such_word_on_telegram_is_a_failure(word: str) -> None:
    with pytest.raises(Stalled, match=word):
        kept_back([*SENT, f"sendMessage {{'text': '{word.upper()}'}}"], ON_MATRIX)


def test_words_that_matrix_never_showed_prove_nothing() -> None:
    telegram = Report("politie_cvd1", "message", 0, 0, text="letsel", messenger="telegram")
    with pytest.raises(Stalled, match="Op Matrix stond nooit: letsel"):
        kept_back(SENT, [*(each for each in ON_MATRIX if "Letsel" not in each.text), telegram])
