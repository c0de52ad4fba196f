"""What has long been over goes; nothing that lives goes, and nothing young."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlmodel import SQLModel, select

from storage import cleaning, inbox, outbox
from storage.engine import open_engine
from storage.schema import migrate
from storage.sealing import Vault
from storage.store import Store
from storage.tables import Case, DoneJob, InboxRow, OutboxRow, Person, TimerRow

DAY = 24 * 60 * 60 * 1_000
NOW = 400 * DAY
OLD, YOUNG = NOW - 31 * DAY, NOW - 29 * DAY


@dataclass
class Archive:
    """A database and its time."""

    store: Store
    time: list[int]

    async def holds(self, *rows: SQLModel) -> None:
        async with self.store.unit() as unit:
            unit.session.add_all(rows)

    async def left(self, table: Any) -> set[str]:
        """What is still there, by its state and the name that the test gave it."""
        name = {InboxRow: "update_id", OutboxRow: "slot", TimerRow: "subject"}[table]
        async with self.store.view() as unit:
            return {getattr(row, name) for row in await unit.session.exec(select(table))}

    async def cleaned(self, period: str = "2026-11-22") -> bool:
        return await cleaning.clean_once(self.store, period)


@pytest.fixture
async def archive(tmp_path: Path) -> AsyncIterator[Archive]:
    engine = open_engine(f"sqlite+aiosqlite:///{tmp_path}/a.sqlite3")
    await migrate(engine)
    time = [NOW]
    store = Store(engine, Vault([Fernet.generate_key()]), b"log", "r", lambda: time[0])
    yield Archive(store, time)
    await store.close()


def came(name: str, state: str, at: int) -> InboxRow:
    done_at = None if state == "new" else at
    payload = "" if state == "done" else "sealed"
    return InboxRow(
        channel="matrix",
        update_id=name,
        state=state,
        received_at=OLD,
        payload=payload,
        done_at=done_at,
    )


def goes(name: str, state: str, created_at: int, **more: Any) -> OutboxRow:
    return OutboxRow(
        region_id="r",
        channel="matrix",
        destination="person:1",
        lane=outbox.ANSWERS,
        kind="say",
        slot=name,
        payload="",
        state=state,
        created_at=created_at,
        **more,
    )


def rings(name: str, state: str, due_at: int) -> TimerRow:
    return TimerRow(region_id="r", kind="page_take", subject=name, due_at=due_at, state=state)


async def test_updates_that_are_done_or_set_aside_go_after_thirty_days(archive: Archive) -> None:
    await archive.holds(
        came("old done", "done", OLD),
        came("old aside", "quarantined", OLD),
        came("young done", "done", YOUNG),
        came("young aside", "quarantined", YOUNG),
        came("never acted on", "new", OLD),
    )
    assert await archive.cleaned()
    assert await archive.left(InboxRow) == {"young done", "young aside", "never acted on"}


async def test_a_younger_update_that_comes_again_is_still_known(archive: Archive) -> None:
    async with archive.store.unit() as unit:
        assert await inbox.keep(unit, "matrix", [{"update_id": "$young"}], "s1") == 1
        found = await inbox.next_new(unit)
        assert found is not None
        inbox.finish(unit, found[0])
    archive.time[0] += 29 * DAY
    assert await archive.cleaned()
    async with archive.store.unit() as unit:
        assert await inbox.keep(unit, "matrix", [{"update_id": "$young"}], "s1") == 0


async def test_what_was_sent_or_given_up_goes_and_what_waits_stays(archive: Archive) -> None:
    await archive.holds(
        goes("sent", "sent", OLD, sent_at=OLD),
        goes("failed", "failed", OLD),
        goes("cancelled", "cancelled", OLD),
        goes("sent late", "sent", OLD, sent_at=YOUNG),
        goes("young", "cancelled", YOUNG),
        goes("waits", "pending", OLD),
        goes("on its way", "sending", OLD),
    )
    assert await archive.cleaned()
    assert await archive.left(OutboxRow) == {"sent late", "young", "waits", "on its way"}


async def test_a_case_that_still_runs_keeps_what_it_said(archive: Archive) -> None:
    await archive.holds(
        Person(region_id="r", key="p", partner="vt", label="x", roles="", functions="")
    )
    for number, state in enumerate(("open", "closed", "wiped"), 1):
        await archive.holds(
            Case(
                id=number,
                region_id="r",
                state=state,
                reference=state,
                wrapped_key="",
                initiator_id=1,
                channel="matrix",
            )
        )
        await archive.holds(goes(state, "sent", OLD, sent_at=OLD, case_id=number))
    assert await archive.cleaned()
    assert await archive.left(OutboxRow) == {"open"}


async def test_clocks_that_ran_or_were_stopped_go_and_live_ones_stay(archive: Archive) -> None:
    await archive.holds(
        rings("done", "done", OLD),
        rings("cancelled", "cancelled", OLD),
        rings("young", "done", YOUNG),
        rings("stopped for later", "cancelled", NOW + DAY),
        rings("overdue", "live", OLD),
        rings("ahead", "live", NOW + DAY),
    )
    assert await archive.cleaned()
    assert await archive.left(TimerRow) == {"young", "stopped for later", "overdue", "ahead"}


async def test_more_than_one_transaction_can_take(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cleaning, "AT_ONCE", 3)
    await archive.holds(*(rings(f"old {number}", "done", OLD) for number in range(7)))
    await archive.holds(rings("young", "done", YOUNG))
    assert await archive.cleaned()
    assert await archive.left(TimerRow) == {"young"}


async def test_once_a_day_and_again_the_next(archive: Archive) -> None:
    assert await archive.cleaned("2026-11-22")
    await archive.holds(rings("old", "done", OLD))
    assert not await archive.cleaned("2026-11-22")
    assert await archive.left(TimerRow) == {"old"}
    assert await archive.cleaned("2026-11-23")
    assert await archive.left(TimerRow) == set()
    async with archive.store.view() as unit:
        jobs = (await unit.session.exec(select(DoneJob))).all()
        assert [(job.job, job.period) for job in jobs] == [("cleaning", "2026-11-23")]
