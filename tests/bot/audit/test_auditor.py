"""A finding is told once while it lasts; the heartbeat goes out only when there is none."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from bot.audit.auditor import Auditor
from bot.audit.heartbeat import Heartbeat
from bot.clock import WallClock
from bot.health import take_health
from bot.metrics import Metrics
from bot.operator_lines import OperatorLines
from tests.bot.audit.scene import chain_id, raise_alarm, rows, spoil
from tests.bot.audit.test_heartbeat import watching
from tests.bot.scene import allow, refuse
from tests.bot.scripted import until
from tests.commands.harness import Desk, Shown

LOST = "UPDATE timer SET state = 'done' WHERE kind = 'page_silent' AND subject = :of"
MENDED = "UPDATE timer SET state = 'live' WHERE kind = 'page_silent' AND subject = :of"


def auditor(
    desk: Desk, metrics: Metrics, heartbeat: Heartbeat | None = None, *, every_s: float = 60.0
) -> Auditor:
    operators = OperatorLines(desk.store, metrics)
    wall = WallClock().now
    return Auditor(desk.store, wall, metrics, operators, heartbeat, every_s=every_s, again_s=0.01)


def told(desk: Desk) -> list[Shown]:
    """The lines of the audit on the operator's screen."""
    return [each for each in desk["beheerder"].screen() if "Controle" in each.text]


@asynccontextmanager
async def blind(desk: Desk) -> AsyncIterator[None]:
    """A table that is not there fails every look."""
    await run(desk, "ALTER TABLE inbox RENAME TO gone")
    try:
        with capture_logs():
            yield
    finally:
        await run(desk, "ALTER TABLE gone RENAME TO inbox")


async def run(desk: Desk, statement: str) -> None:
    async with desk.store.unit() as unit:
        await unit.session.exec(text(statement))  # type: ignore[call-overload]


async def test_what_is_lost_is_told_with_the_reference_and_what_to_do(desk: Desk) -> None:
    reference = await raise_alarm(desk)
    om = f"chain:{await chain_id(desk, 'om')}"
    await spoil(desk, LOST, of=om)
    with capture_logs() as log:
        found = await auditor(desk, Metrics()).look_once()
    await desk.settle()
    assert [(each.claim, *each.rows) for each in found] == [("chain", om)]
    (line,) = told(desk)
    assert line.loud
    assert "1 oproep heeft geen antwoord en geen klok" in line.text
    assert "Bel nu zelf, volgens de bellijst." in line.text
    assert reference in line.text
    assert "letsel" not in line.text + str(log)
    assert "Centrum" not in line.text + str(log)


async def test_it_is_told_once_and_again_when_it_is_over(desk: Desk) -> None:
    await raise_alarm(desk)
    om = f"chain:{await chain_id(desk, 'om')}"
    await spoil(desk, LOST, of=om)
    watch = auditor(desk, Metrics())
    for _ in range(3):
        await watch.look_once()
        await desk.settle()
    assert len(told(desk)) == 1
    await spoil(desk, MENDED, of=om)
    assert await watch.look_once() == ()
    await desk.settle()
    assert [("in orde" in each.text, each.loud) for each in told(desk)] == [
        (False, True),
        (True, False),
    ]
    await watch.look_once()
    desk.time[0] += 1
    await spoil(desk, LOST, of=om)
    await watch.look_once()
    await desk.settle()
    assert len(told(desk)) == 3, "what comes back rings again"


async def test_another_lost_chain_rings_though_the_first_lasts(desk: Desk) -> None:
    await raise_alarm(desk)
    watch = auditor(desk, Metrics())
    for partner, lines in (("om", 1), ("rvdk", 2)):
        await spoil(desk, LOST, of=f"chain:{await chain_id(desk, partner)}")
        desk.time[0] += 1
        await watch.look_once()
        await desk.settle()
        assert len(told(desk)) == lines
    assert "2 oproepen" in told(desk)[-1].text


async def test_the_next_process_does_not_tell_it_again_but_tells_when_it_is_over(
    desk: Desk,
) -> None:
    await raise_alarm(desk)
    om = f"chain:{await chain_id(desk, 'om')}"
    await spoil(desk, LOST, of=om)
    await auditor(desk, Metrics()).look_once()
    await auditor(desk, Metrics()).look_once()
    await desk.settle()
    assert len(told(desk)) == 1
    await spoil(desk, MENDED, of=om)
    await auditor(desk, Metrics()).look_once()
    await auditor(desk, Metrics()).look_once()
    await desk.settle()
    assert ["in orde" in each.text for each in told(desk)] == [False, True]


async def test_a_busy_moment_is_not_told(desk: Desk) -> None:
    """Gone at the second look."""
    await raise_alarm(desk)
    om = f"chain:{await chain_id(desk, 'om')}"
    await spoil(desk, LOST, of=om)
    watch = auditor(desk, Metrics())
    watch._again_s = 0.2
    looking = asyncio.create_task(watch.look_once())
    await asyncio.sleep(0.1)
    await spoil(desk, MENDED, of=om)
    assert await looking == ()
    await desk.settle()
    assert told(desk) == []


async def test_every_claim_has_its_line(desk: Desk) -> None:
    """One line for each kind, in words."""
    await raise_alarm(desk)
    om = f"chain:{await chain_id(desk, 'om')}"
    vt = await chain_id(desk, "vt")
    await spoil(desk, LOST, of=om)
    await spoil(desk, "UPDATE page SET state = 'acked' WHERE chain_id = :of", of=vt)
    await spoil(desk, "UPDATE outbox SET state = 'pending', created_at = 0 WHERE lane <> 1")
    await spoil(desk, "UPDATE timer SET due_at = 0 WHERE kind = 'case_last_date'")
    await spoil(
        desk,
        "INSERT INTO inbox (channel, update_id, state, received_at, payload, attempts)"
        " VALUES ('matrix', '$x', 'new', 0, '', 0)",
    )
    metrics = Metrics()
    watch = Auditor(
        desk.store, lambda: 0, metrics, OperatorLines(desk.store, metrics), again_s=0.01
    )
    found = await watch.look_once()
    assert {each.claim for each in found} == {
        "chain", "unsent", "late", "torn", "outbox", "inbox", "time",
    }  # fmt: skip
    said = await rows(desk, "SELECT slot, loud FROM outbox WHERE slot LIKE 'audit_%'")
    assert {slot.split(":")[1] for slot, _ in said} == {each.claim for each in found}
    assert metrics.audit is not None
    assert metrics.audit.findings.keys() == {each.claim for each in found}
    assert b'kortelijn_auditor_findings{claim="late"} 1.0' in metrics.text()


async def test_the_heartbeat_goes_out_only_when_nothing_is_found(desk: Desk) -> None:
    await raise_alarm(desk)
    om = f"chain:{await chain_id(desk, 'om')}"
    metrics = Metrics()
    async with watching() as watcher:
        watch = auditor(desk, metrics, Heartbeat(watcher.url, metrics))
        await watch.look_once()
        assert len(watcher.asked) == 1
        await spoil(desk, LOST, of=om)
        await watch.look_once()
        assert len(watcher.asked) == 1
        await spoil(desk, MENDED, of=om)
        await watch.look_once()
        assert len(watcher.asked) == 2


async def test_a_look_that_fails_is_told_and_sends_no_heartbeat(desk: Desk) -> None:
    metrics = Metrics()
    async with watching() as watcher:
        watch = auditor(desk, metrics, Heartbeat(watcher.url, metrics))
        async with blind(desk):
            found = await watch.look_once()
        await desk.settle()
        assert ([each.claim for each in found], len(watcher.asked)) == (["look"], 0)
        (line,) = told(desk)
        assert "de controle zelf lukt niet" in line.text
        assert metrics.audit is not None
        assert metrics.audit.clean is None
        assert await watch.look_once() == ()
        assert len(watcher.asked) == 1
    assert b"kortelijn_auditor_failures_total 1.0" in metrics.text()


async def test_what_was_found_is_not_over_because_a_look_fails(desk: Desk) -> None:
    await raise_alarm(desk)
    await spoil(desk, LOST, of=f"chain:{await chain_id(desk, 'om')}")
    watch = auditor(desk, Metrics())
    await watch.look_once()
    async with blind(desk):
        await watch.look_once()
    await desk.settle()
    assert [each.text for each in told(desk) if "in orde" in each.text] == []


async def test_a_line_that_cannot_be_kept_is_told_after_the_next_look(
    desk: Desk, database: str
) -> None:
    if database != "sqlite":
        return  # the trigger is SQLite's; what follows from it is the same
    await raise_alarm(desk)
    await spoil(desk, LOST, of=f"chain:{await chain_id(desk, 'om')}")
    watch = auditor(desk, Metrics())
    await refuse(desk, "full", "BEFORE INSERT ON outbox")
    with capture_logs():
        await watch.look_once()
    await allow(desk, "full")
    await watch.look_once()
    await desk.settle()
    assert len(told(desk)) == 1


async def test_health_tells_what_it_saw_and_turns_bad_when_it_looks_no_more(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await raise_alarm(desk)
    metrics = Metrics()
    metrics.swept(desk.now)
    assert (await take_health(desk.store, metrics, ready=True)).auditor is None

    async def looked() -> bool:
        return metrics.audit is not None and metrics.audit.last_look is not None

    running = asyncio.create_task(auditor(desk, metrics, every_s=0.01).audit_for_ever())
    await until(looked)
    health = await take_health(desk.store, metrics, ready=True)
    assert health.ok
    assert health.auditor is not None
    assert (health.auditor.clean, health.auditor.open_cases) == (True, 1)
    json.dumps(health.auditor.__dict__)
    later = time.monotonic() + 200
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert metrics.audit is None, "another instance may have it now"
    metrics.audit_begins()
    monkeypatch.setattr("bot.metrics.time.monotonic", lambda: later)
    assert not (await take_health(desk.store, metrics, ready=True)).ok
    metrics.audit_ends()
    assert (await take_health(desk.store, metrics, ready=True)).ok


async def test_a_standby_that_leads_again_looks_again(desk: Desk) -> None:
    metrics = Metrics()
    watch = auditor(desk, metrics, every_s=0.01)

    async def looked() -> bool:
        return metrics.audit is not None and metrics.audit.last_look is not None

    for _ in range(2):
        running = asyncio.create_task(watch.audit_for_ever())
        await until(looked)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
