"""What may go by SMS, e-mail or voice: two texts, content-free, and short enough for one SMS."""

from pathlib import Path

import pytest

from bot.channels.showing import shown
from bot.channels.showing.blanks import blanks
from bot.channels.showing.fallback_list import TEXTS
from commands.messages import Action, At, Message, Number, Own, Param, Word, message
from commands.spoken import Voice
from config.entry import Language
from config.region import Region
from tests.channels.showing_samples import HOSTILE, KEYS, NOW, demo, sample

WEEK = 7 * 86_400_000
# GSM 03.38, the default alphabet without its extension: what counts as one sign of 160.
GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
LONGEST_NUMBER = "+31 (0)20 - 123 45 67 89"
PARAMS: dict[str, Param] = {
    "ref": "W8M2",
    "urgency": Word("urgency.calm"),
    "deadline": At(NOW + 11 * WEEK),  # "vr 25 september 15:40": no clock of a page is that long
    "number": Number(LONGEST_NUMBER),
    "app": Word("fallback.both"),
}


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Region:
    return demo(tmp_path_factory.mktemp("region") / "lage-dijk")


def _full(key: str) -> Message:
    return Message(key, {name: PARAMS[name] for name in TEXTS[key]})


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("key", sorted(TEXTS))
def test_one_sms_at_its_longest(region: Region, key: str, language: Language) -> None:
    text, _ = shown(_full(key), (), "fallback")
    said = Voice(region, language, NOW).text(text)
    assert set(said) <= GSM_7
    assert len(said) <= 160, said
    assert said.startswith("Kortelijn: al")


def test_the_blanks_are_those_of_the_texts() -> None:
    assert {key: blanks(key) for key in TEXTS} == dict(TEXTS)


def test_no_other_text_ever_goes_there() -> None:
    for key in KEYS:
        if key in TEXTS:
            continue
        for text in (sample(key), Message(key)):
            with pytest.raises(LookupError):
                shown(text, (), "fallback")


@pytest.mark.parametrize("key", sorted(TEXTS))
@pytest.mark.parametrize("name", sorted(PARAMS))
def test_nothing_else_stands_in_a_blank(key: str, name: str) -> None:
    bad: list[Param] = [*HOSTILE.values(), Own("K7Q4"), "12 september", Word("place.elsewhere")]
    for param in bad:
        with pytest.raises(LookupError):
            shown(Message(key, {**_full(key).params, name: param}), (), "fallback")
    rest = {other: param for other, param in _full(key).params.items() if other != name}
    if name in TEXTS[key]:
        with pytest.raises(LookupError):
            shown(Message(key, rest), (), "fallback")


@pytest.mark.parametrize("key", sorted(TEXTS))
def test_no_line_below_it_and_no_button(key: str) -> None:
    detail = message("page.called.detail", kind="MARK", place="Centrum")
    with pytest.raises(LookupError):
        shown(Message(key, _full(key).params, (detail,)), (), "fallback")
    with pytest.raises(LookupError):
        shown(_full(key), (Action("take", Word("button.take"), "7"),), "fallback")


def test_on_telegram_they_are_not_shown(tmp_path: Path) -> None:
    for key in TEXTS:
        assert shown(_full(key), (), "telegram")[0].key == "telegram.pointer"
