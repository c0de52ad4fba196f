"""Every message that the code means has its text, and gets every value that its text asks for."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import config.catalogue
from commands.answer_page import REASONS
from commands.declare import Right
from commands.guard.hit import Kind
from config.catalogue import compiled

_ROOT = Path(config.catalogue.__file__).parents[1]
_KEYS = {
    key if isinstance(key, str) else key[0]
    for key in compiled("nl")._catalog  # type: ignore[attr-defined]
}


def _blanks(key: str) -> set[str]:
    """In both forms of a plural; {Partner} is {partner} at the start of a line."""
    catalogue = compiled("nl")
    texts = {catalogue.gettext(key), *(catalogue.ngettext(key, key, n) for n in (1, 2))} - {key}
    found = {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}
    return {name[:1].lower() + name[1:] for name in found}


def _modules() -> list[Path]:
    return [path for layer in ("commands", "bot") for path in sorted((_ROOT / layer).rglob("*.py"))]


def _calls() -> Iterator[tuple[str, ast.Call]]:
    for path in _modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                yield f"{path.relative_to(_ROOT)}:{node.lineno}", node


def _constant(call: ast.Call) -> str | None:
    first = call.args[0] if call.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


def test_every_key_that_the_code_names_has_a_text() -> None:
    """Also where a key is chosen first and used later; "page.called" may begin longer ones."""
    areas = "|".join(sorted({key.partition(".")[0] for key in _KEYS if key}))
    looks_like_a_key = re.compile(rf"(?:{areas})(?:\.[a-z_0-9]+)+")
    missing = [
        f"{path.relative_to(_ROOT)}:{node.lineno} {node.value}"
        for path in _modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and looks_like_a_key.fullmatch(node.value)
        and not any(key.startswith(node.value) for key in _KEYS)
    ]
    assert missing == []


def test_every_message_brings_the_values_that_its_text_asks_for() -> None:
    lacking = []
    for where, call in _calls():
        key = _constant(call)
        named = isinstance(call.func, ast.Name) and call.func.id == "message"
        if not named or key is None:
            continue
        if key not in _KEYS:
            lacking.append(f"{where} {key} has no text")
            continue
        if any(word.arg is None for word in call.keywords):
            continue  # **values cannot be seen from here
        lacks = _blanks(key) - {word.arg for word in call.keywords}
        if lacks:
            lacking.append(f"{where} {key} lacks {sorted(lacks)}")
    assert lacking == []


def test_every_key_that_is_put_together_can_become_one() -> None:
    """f"headline.partner.{state}" must fit at least one text."""
    impossible = []
    for where, call in _calls():
        first = call.args[0] if call.args else None
        named = isinstance(call.func, ast.Name) and call.func.id in {"message", "Word"}
        if not named or not isinstance(first, ast.JoinedStr):
            continue
        shape = "".join(
            re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z_.0-9]*"
            for part in first.values
        )
        if not any(re.fullmatch(shape, key) for key in _KEYS):
            impossible.append(f"{where} {shape}")
    assert impossible == []


def test_families_are_complete() -> None:
    rights = [right for right in get_args(Right) if right != "anyone"]
    expected = [
        *(f"finding.{kind}" for kind in get_args(Kind)),
        *(f"role.{right}" for right in rights),
        *(f"button.{reason}" for reason in REASONS),
    ]
    assert [key for key in expected if key not in _KEYS] == []


def test_every_command_that_can_be_typed_has_its_line_of_help() -> None:
    """A command that is declared without Dutch words is for buttons only."""
    lacking = []
    for where, call in _calls():
        named = isinstance(call.func, ast.Name) and call.func.id == "command"
        if named and any(word.arg == "nl" for word in call.keywords):
            key = f"help.{_constant(call)}"
            if key not in _KEYS:
                lacking.append(f"{where} {key}")
    assert lacking == []
