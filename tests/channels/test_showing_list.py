"""Every text is decided about, and none that is listed can tell what Telegram may not show."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot
from bot.channels.showing import shown
from bot.channels.showing.blanks import blanks
from bot.channels.showing.reduce import _LABELS, _TELLS_OUTCOME, _WIZARD_LABELS
from bot.channels.showing.telegram_group import BLANKS
from bot.channels.showing.telegram_list import (
    IN_ROOM,
    KEPT_BACK,
    LISTED,
    NEVER_SAID,
    TWINS,
)
from bot.channels.showing.telegram_words import WIZARD_WORDS, WORDS
from commands.messages import Message
from commands.spoken import Voice
from config.region import Region
from tests.channels.showing_samples import HOSTILE, KEYS, MARK, NOW, PLACES, demo, sample

_ROOT = Path(bot.__file__).parents[1]
_SHOWN = sorted({*LISTED, *TWINS, *IN_ROOM} - WORDS - {"onboard.quiet_steps"})

# Blanks in which the code puts a name or a label that nobody can tell from another one by its
# form. Each is listed with the one thing that stands there.
_TRUSTED = {
    ("alarm.confirm", "kind"): "the unsent alarm",
    ("alarm.confirm", "place"): "the unsent alarm",
    ("alarm.confirm.reason", "kind"): "the unsent alarm",
    ("alarm.confirm.reason", "place"): "the unsent alarm",
    ("alarm.confirm.reason_short", "kind"): "the unsent alarm",
    ("alarm.confirm.reason_short", "place"): "the unsent alarm",
    ("chain.ended", "desk"): "name of a desk",
    ("handover.nobody", "desk"): "name of a desk",
    ("chain.ended_empty", "desk"): "name of a desk",
    ("chain.ended_declined", "desk"): "name of a desk",
    ("digest.title", "dates"): "first and last day of a week",
    ("duty.title", "now"): "a time with its weekday",
    ("help.line", "command"): "a word to type",
    ("wrong.typo", "command"): "a word to type",
    ("onboard.welcome", "function"): "label of a person",
    ("onboard.welcome_reader", "function"): "label of a person",
    **{
        (f"invite.{name}", "function"): "label of a person"
        for name in ("write", "again", "joined", "used", "reused")
    },
    ("onboard.replaced", "label"): "label of a person",
    ("onboard.blocked", "label"): "label of a person",
    ("operator.down", "channel"): "a messenger",
    ("operator.up", "channel"): "a messenger",
    ("operator.revoked", "channel"): "a messenger",
    ("operator.second_poller", "channel"): "a messenger",
    ("operator.unreadable", "label"): "label of a person",
    ("operator.unreadable_telegram", "label"): "label of a person",
    ("operator.not_delivered", "label"): "label of a person, or a reference",
    ("operator.no_fallback", "label"): "label of a person",
    ("operator.quarantine", "row"): "number of a row",
    **{
        (key, "choices"): "names from the configuration, keys of people"
        for key in LISTED
        if key.startswith("import.") and "choices" in blanks(key)
    },
    **{
        (key, name): "label of a person"
        for key in LISTED
        for name in ("function", "label")
        if key.startswith(("leave.", "staff.", "operator.not_left")) and name in blanks(key)
    },
    **{
        (key, "which"): "functions of an organisation"
        for key in LISTED
        if key.startswith("staff.") and "which" in blanks(key)
    },
    **{
        (key, "partner"): "name of a duty"
        for key in LISTED
        if key.startswith(("duty.", "digest.", "roster.", "gap.", "import.", "drill."))
        and "partner" in blanks(key)
    },
    **{
        (key, "who"): "label of a person"
        for key in LISTED
        if key.startswith(("away.", "stand_in.")) and "who" in blanks(key)
    },
}
_NEVER_TRUSTED = {"own", "own in a list", "a hidden message", "own in a shown message"}


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Region:
    return demo(tmp_path_factory.mktemp("region") / "lage-dijk")


def test_every_text_is_decided_about_once() -> None:
    """A new text goes into a group of the list, gets a twin, or is kept back with the reason."""
    decisions = Counter(
        [
            *LISTED,
            *TWINS,
            *IN_ROOM,
            *WORDS,
            *WIZARD_WORDS,
            *(key for keys in KEPT_BACK.values() for key in keys),
        ]
    )
    said = {key for key in KEYS if not key.startswith(NEVER_SAID)}
    assert sorted(said - set(decisions)) == [], "nobody decided whether Telegram may show these"
    assert sorted(set(decisions) - said) == [], "these have no text"
    assert [key for key, times in decisions.items() if times > 1] == []


def test_what_stands_instead_is_listed_itself() -> None:
    assert [
        key for key in (*TWINS.values(), *IN_ROOM.values()) if key not in {*LISTED, *WORDS}
    ] == []


def test_a_listed_text_asks_for_nothing_that_may_not_be_shown() -> None:
    """In both languages and every form. Adding {place} to one of them ends here."""
    too_much = {
        key: sorted(blanks(key) - BLANKS - set(group.also))
        for key, group in LISTED.items()
        if not blanks(key) <= BLANKS | set(group.also)
    }
    assert too_much == {}
    assert BLANKS.isdisjoint({"kind", "place", "reason", "what", "outcome", "link", "line"})
    with_place = {key for key in LISTED if {"kind", "place"} & blanks(key)}
    assert with_place == {"alarm.confirm", "alarm.confirm.reason_short", "operator.timer"}


def test_no_word_asks_for_anything() -> None:
    assert [key for key in (*WORDS, *WIZARD_WORDS) if blanks(key)] == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_listed_text_comes_out_with_what_it_really_gets(
    region: Region, language: str
) -> None:
    """Else somebody would get pointers all day."""
    voice = Voice(region, "en" if language == "en" else "nl", NOW)
    for key in _SHOWN:
        text, _ = shown(sample(key), (), "telegram")
        assert text.key == {**TWINS, **IN_ROOM}.get(key, key)
        assert voice.text(text)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_blank_lets_through_what_may_not_be_shown(region: Region, language: str) -> None:
    voice = Voice(region, "en" if language == "en" else "nl", NOW)
    told: set[tuple[str, str, str]] = set()
    for key in KEYS:
        for name in (*sorted(blanks(key)), "extra"):
            for what, bad in HOSTILE.items():
                meant = sample(key)
                text, _ = shown(Message(key, {**meant.params, name: bad}, (meant,)), (), "telegram")
                words = voice.text(text)
                clean = not any(word in words for word in (MARK, "612345678", *PLACES))
                if not clean and ((key, name) not in _TRUSTED or what in _NEVER_TRUSTED):
                    told.add((key, name, what))
    assert sorted(told) == []


def test_trust_is_asked_only_for_texts_that_are_shown() -> None:
    assert [(key, name) for key, name in _TRUSTED if name not in blanks(key)] == []
    assert [key for key, _ in _TRUSTED if key not in {*LISTED, *TWINS}] == []


def _calls(*names: str) -> Iterator[tuple[str, ast.Call]]:
    for layer in ("commands", "bot"):
        for path in sorted((_ROOT / layer).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in names:
                    yield f"{path.relative_to(_ROOT)}:{node.lineno}", node


def _keys_of(call: ast.Call) -> set[str]:
    """All keys that a call can mean, also those that are put together."""
    first = call.args[0] if call.args else None
    if isinstance(first, ast.Constant) and isinstance(first.value, str):
        return {first.value}
    if not isinstance(first, ast.JoinedStr):
        return set()  # chosen elsewhere: `shown` decides, and the first test knows every key
    shape = "".join(
        re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z_.0-9]*"
        for part in first.values
    )
    return {key for key in KEYS if re.fullmatch(shape, key)}


def test_every_message_in_the_source_is_decided_about() -> None:
    kept_back = {key for keys in KEPT_BACK.values() for key in keys}
    decided = {*LISTED, *TWINS, *IN_ROOM, *WORDS, *WIZARD_WORDS, *kept_back}
    found = {(where, key) for where, call in _calls("message", "Message") for key in _keys_of(call)}
    assert len({key for _, key in found}) > 150, "the walk finds the messages"
    open_ones = [
        each for each in found if each[1] not in decided and not each[1].startswith(NEVER_SAID)
    ]
    assert sorted(open_ones) == []


def test_typed_words_are_marked_as_such_wherever_a_message_gets_them() -> None:
    """What was unsealed, covered or typed goes into a message as Own, or not at all."""
    bare = []
    for where, call in _calls("message", "Message"):
        if any(key.startswith(NEVER_SAID) for key in _keys_of(call)):
            continue  # on a terminal
        for word in call.keywords:
            if isinstance(word.value, ast.Call) and getattr(word.value.func, "id", "") == "Own":
                continue
            typed = {
                node.attr
                for node in ast.walk(word.value)
                if isinstance(node, ast.Attribute) and node.attr in ("words", "unseal", "text")
            }
            if typed:
                bare.append(f"{where} {word.arg}: {sorted(typed)}")
    assert bare == []


def test_a_text_that_gets_typed_words_is_not_listed() -> None:
    getting = {
        key
        for _, call in _calls("message", "Message")
        if any(
            isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Own"
            for word in call.keywords
            for node in ast.walk(word.value)
        )
        for key in _keys_of(call)
    }
    assert {"room.reason", "guard.marked", "agreement.noted"} <= getting, "the walk finds them"
    assert sorted(getting & set(LISTED)) == []


def test_every_button_with_a_label_of_its_own_is_decided_about() -> None:
    """Words of the catalogue, times and partners may stand on any button. Any other label is
    listed by its verb, else its question would become a pointer."""
    decided = {*_LABELS, *_WIZARD_LABELS, *_TELLS_OUTCOME}
    own = set()
    for where, call in _calls("Action"):
        verb, label = (*call.args, None, None)[:2]
        if not isinstance(verb, ast.Constant) or getattr(label, "value", None) == "":
            continue  # read back from a row, or never on a screen
        if getattr(getattr(label, "func", None), "id", "") not in ("Word", "At", "Partners"):
            own.add((where, str(verb.value)))
    assert {"close_outcome", "pick_place"} <= {verb for _, verb in own}, "the walk finds them"
    assert sorted(each for each in own if each[1] not in decided) == []
