"""The example alert rules: they ask for figures that exist, and tell a human what to do."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from bot.metrics import Metrics
from tests.program.program import ROOT

FILE = ROOT / "docs" / "operations" / "alerts.yml"
TEXTS = {"summary", "action", "summary_en", "action_en"}
LONGEST_S = {"critical": 5 * 60, "warning": 15 * 60}
OF_PROMETHEUS = {"job", "instance", "le"}  # labels that it gives itself
SECONDS = {"s": 1, "m": 60}


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load(FILE.read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def figures() -> dict[str, set[str]]:
    """What `/metrics` can tell, by name, with the labels that each has."""
    known = Metrics().registry._names_to_collectors
    return {name: set(getattr(each, "_labelnames", ())) for name, each in known.items()}


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_it_asks_for_what_the_bot_tells(rule: dict[str, Any]) -> None:
    known, expression = figures(), rule["expr"]
    asked = set(re.findall(r"kortelijn_\w+", expression))
    assert asked <= set(known)
    assert asked or "up{" in expression
    labels = {label for name in asked for label in known[name]} | OF_PROMETHEUS
    spoken = " ".join(rule["annotations"].values())
    used = set(re.findall(r"\$labels\.(\w+)", spoken)) | set(_labels_in(expression))
    assert used <= labels


def _labels_in(expression: str) -> Iterator[str]:
    for selector in re.findall(r"\{([^}]*)\}", expression):
        yield from re.findall(r"(\w+)\s*[=!]", selector)
    for grouped in re.findall(r"\b(?:by|without) \(([^)]*)\)", expression):
        yield from re.findall(r"\w+", grouped)


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_the_buckets_that_it_asks_for_exist(rule: dict[str, Any]) -> None:
    """One that does not exist counts as nothing, and the rule would fire for ever or never."""
    text = Metrics()
    text.sent("say", 1)
    told = text.text().decode()
    for name, kind, bucket in re.findall(
        r"(kortelijn_\w+_bucket)\{(kind=\"\w+\", )?le=\"([\d.]+)\"\}", rule["expr"]
    ):
        labels = f'{kind.replace(" ", "")}le="{bucket}"' if kind else f'le="{bucket}"'
        wanted = {f"{name}{{{labels}}}", f'{name}{{le="{bucket}",{kind.rstrip(", ")}}}'}
        assert any(each in told for each in wanted), (name, bucket)


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_it_says_what_is_wrong_and_what_to_do(rule: dict[str, Any]) -> None:
    assert set(rule["annotations"]) == TEXTS
    assert all(len(text) > 20 for text in rule["annotations"].values())
    severity = rule["labels"]["severity"]
    wait = re.fullmatch(r"(\d+)([sm])", rule.get("for", "0s"))
    assert wait is not None
    assert int(wait[1]) * SECONDS[wait[2]] <= LONGEST_S[severity]


def test_names_are_unique_and_the_handbook_has_each() -> None:
    names = [rule["alert"] for rule in rules()]
    assert len(set(names)) == len(names)
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert [name for name in names if f"`{name}`" not in text] == []


@pytest.mark.skipif(
    shutil.which("promtool") is None, reason="no promtool: Prometheus has not parsed the rules"
)
def test_prometheus_can_read_it() -> None:
    said = subprocess.run(
        ["promtool", "check", "rules", str(FILE)], capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stdout + said.stderr
