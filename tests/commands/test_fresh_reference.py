"""A reference is given out once, down to the last one."""

from pathlib import Path

import pytest

from commands.open_cases import fresh_reference
from commands.rules import reference
from commands.rules.reference import ReferencesExhausted
from storage.tables import Case
from tests.commands.morning import open_desk

FEW = ("AB", "2345", "CDEFG", "67")


async def test_each_once_and_then_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "PATTERN", FEW)
    given: list[str] = []
    async with open_desk(tmp_path) as desk, desk.store.unit() as unit:
        for _ in range(2 * 4 * 5 * 2):
            given.append(await fresh_reference(unit))
            unit.session.add(
                Case(
                    region_id=unit.region_id,
                    wrapped_key=unit.vault.new_case_key(),
                    reference=given[-1],
                    state="closed",
                    initiator_id=1,
                    channel="matrix",
                )
            )
            await unit.session.flush()
        with pytest.raises(ReferencesExhausted):
            await fresh_reference(unit)
    assert len(set(given)) == len(given)


async def test_another_region_may_have_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reference, "PATTERN", ("A", "2", "C", "6"))
    async with open_desk(tmp_path) as desk, desk.store.unit() as unit:
        elsewhere = Case(
            region_id="elders",
            wrapped_key=unit.vault.new_case_key(),
            reference="A2C6",
            state="open",
            initiator_id=1,
            channel="matrix",
        )
        unit.session.add(elsewhere)
        await unit.session.flush()
        assert await fresh_reference(unit) == "A2C6"
