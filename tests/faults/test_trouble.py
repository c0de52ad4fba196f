"""The homeserver goes away, the disk is full, the database is locked: nothing confirmed is lost."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from tests.kit.seen import Seen
from tests.kit.synapse import Synapse
from tests.stories.stage import Stage, a_stage, amsterdam

FRIDAY = amsterdam(2026, 7, 10, 15, 40)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """A region with a server of its own, because these tests break it."""
    async with (
        Synapse.temporary() as synapse,
        a_stage(synapse, tmp_path, FRIDAY, ["vt_fo", "om_ovj1"]) as stage,
    ):
        yield stage
        stage.trouble = False
        await stage.quiet()
        for phone in stage.phones.values():
            phone.ignore_so_far()


async def last_screen(stage: Stage) -> Seen:
    """VT's alarm, one tap before it is sent."""
    vt = stage["vt_fo"]
    await vt.says(vt.direct_room, "alarm skm spoed Centrum letsel past niet bij uitleg")
    return await vt.expects("Er is nog niets verstuurd")


async def test_pages_wait_for_the_homeserver_and_arrive_once(stage: Stage) -> None:
    vt, om = stage["vt_fo"], stage["om_ovj1"]
    screen = await last_screen(stage)
    await vt.offers(screen, "1️⃣", "2️⃣", "❌")
    stage.trouble = True
    held = asyncio.Event()
    send, stage.running.channel.send = stage.running.channel.send, _after(held, stage)  # type: ignore[method-assign]
    await vt.taps(screen, "1️⃣")
    while not (await stage.running.health()).outbox_open:
        await asyncio.sleep(0.02)
    stage.synapse.kill()
    stage.running.channel.send = send  # type: ignore[method-assign]
    held.set()
    await asyncio.sleep(2)
    assert not (await stage.running.health()).quiet
    await stage.synapse.start()
    await om.expects("🔴 Alarm", loud=True)
    await stage["beheerder"].expects("Matrix werkt weer")
    stage.trouble = False
    await stage.quiet()
    assert [seen.text.count("🔴 Alarm") for seen in om.messages if "🔴 Alarm" in seen.text] == [1]


def _after(held: asyncio.Event, stage: Stage) -> Any:
    send = stage.running.channel.send

    async def wait_and_send(delivery: Any) -> Any:
        await held.wait()
        return await send(delivery)

    return wait_and_send


async def test_a_full_disk_is_said_and_nothing_confirmed_is_lost(stage: Stage) -> None:
    vt, om = stage["vt_fo"], stage["om_ovj1"]
    screen = await last_screen(stage)
    await vt.offers(screen, "1️⃣", "2️⃣", "❌")
    stage.trouble = True
    full = [True]

    def limit(connection: Any, _record: Any, _proxy: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA max_page_count = {1 if full[0] else 2**30}")
        cursor.close()

    engine = stage.running.store.engine.sync_engine
    event.listen(engine, "checkout", limit)
    await vt.taps(screen, "1️⃣")
    await vt.expects("Ik kan nu niets opslaan. Je bericht wacht. Haast? Bel 0800-2000.")
    full[0] = False
    await vt.shows(screen, "0 van 4 opgepakt")
    await om.expects("🔴 Alarm", loud=True)
    await stage["beheerder"].expects("Opslaan lukte niet")


async def test_a_locked_database_is_waited_for(stage: Stage) -> None:
    vt, om = stage["vt_fo"], stage["om_ovj1"]
    screen = await last_screen(stage)
    await vt.offers(screen, "1️⃣", "2️⃣", "❌")
    stage.trouble = True
    path = stage.settings.data_dir / "kortelijn.sqlite3"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    await vt.taps(screen, "1️⃣")
    await vt.expects("Ik kan nu niets opslaan.")
    other.execute("ROLLBACK")
    other.close()
    await om.expects("🔴 Alarm", loud=True)
    await vt.shows(screen, "0 van 4 opgepakt")
