"""A document on its way through the real dispatcher: its content goes nowhere but to its reader."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.channels.base import Accepted, Delivery, Fetch, Later, Receipt
from commands.files import MOST_FETCHES
from commands.handle_update import handle_update
from commands.update import Document, Update
from storage.tables import OutboxRow
from tests.bot.scene import outbox_rows
from tests.bot.scripted import sending, until
from tests.commands.harness import Desk
from tests.commands.morning import open_desk

CONTENT = b"datum;dienst een-heel-eigen-regel"


class Files:
    """Answers what is fetched with this receipt; all else is fine."""

    def __init__(self, receipt: Receipt) -> None:
        self.receipt = receipt
        self.asked = 0

    async def __call__(self, delivery: Delivery) -> Receipt | None:
        if not isinstance(delivery, Fetch):
            return None
        self.asked += 1
        return self.receipt


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A roster was sent, and has not been fetched yet."""
    async with open_desk(tmp_path) as desk:
        ap = desk["om_ap"]
        document = Document("rooster.csv", "text/csv", 30, "where")
        update = Update("$f", "file", ap.direct, ap.address, desk.now, document=document)
        async with desk.store.unit() as unit:
            await handle_update(unit, desk.world, "matrix", update)
        yield desk


async def ended(desk: Desk) -> OutboxRow:
    async def done() -> bool:
        return not await outbox_rows(desk, OutboxRow.state.in_(("pending", "sending")))  # type: ignore[attr-defined]

    await until(done)
    (row,) = await outbox_rows(desk, OutboxRow.kind == "fetch")
    return row


async def everything(desk: Desk) -> str:
    """All that stands in the database."""
    async with desk.store.view() as unit:
        tables = await unit.session.exec(  # type: ignore[call-overload]
            text("SELECT name FROM sqlite_master WHERE type = 'table'")
        )
        found = []
        for (name,) in tables.all():
            every = text(f'SELECT * FROM "{name}"')  # noqa: S608 - names of our own tables
            rows = await unit.session.exec(every)  # type: ignore[call-overload]
            found += [repr(row) for row in rows.all()]
    return "\n".join(found)


async def test_what_came_reaches_its_reader_and_no_row(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = []

    async def read(_unit: Any, _world: Any, _person: Any, name: str, content: bytes) -> None:
        taken.append((name, content))

    monkeypatch.setattr("commands.files.read_file", read)
    async with sending(desk, Files(Accepted(content=CONTENT))):
        row = await ended(desk)
    assert taken == [("rooster.csv", CONTENT)]
    assert (row.state, row.payload, row.attempts) == ("sent", "", 1)
    kept = await everything(desk)
    assert "eigen-regel" not in kept
    assert "rooster.csv" not in kept


async def test_who_waits_in_vain_is_told_so(desk: Desk) -> None:
    files = Files(Later("HTTP 502", after_ms=1))
    async with sending(desk, files):
        row = await ended(desk)
    assert files.asked == MOST_FETCHES
    assert (row.state, row.payload) == ("failed", "")
    desk["om_ap"].expects("Het bestand kwam niet goed aan. Stuur het nog eens.")


async def test_a_reader_that_breaks_leaves_nobody_without_an_answer(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("commands.files.take_file", breaks)
    async with sending(desk, Files(Accepted(content=CONTENT))):
        row = await ended(desk)
    assert (row.state, row.error) == ("sent", "consequence failed")
    desk["om_ap"].expects("Het bestand kwam niet goed aan.")
    desk["beheerder"].expects("⚠️ Een bericht kon ik niet verwerken")
