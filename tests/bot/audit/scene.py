"""Cases by the real commands, rows broken on purpose, and what the auditor sees of it."""

import asyncio
from typing import Any

from sqlalchemy import text

from bot.audit.findings import Finding, Look
from bot.audit.witness import Witness
from bot.clock import WallClock
from tests.commands.harness import Desk

CALLED = {"vt": "vt_gw1", "om": "om_ovj1", "politie": "politie_cvd1", "rvdk": "rvdk_contact1"}


async def raise_alarm(desk: Desk, *, calm: bool = False) -> str:
    """VT's front office raises it and all four are called; returns its reference."""
    await desk["vt_fo"].says("alarm skm Centrum letsel past niet bij uitleg")
    await desk["vt_fo"].taps("2️⃣" if calm else "1️⃣")
    return str((await rows(desk, "SELECT reference FROM \"case\" WHERE state = 'open'"))[-1][0])


async def to_the_end(desk: Desk, minutes: int = 60) -> None:
    """Nobody answers, until every chain has ended and the last notice was given."""
    for _ in range(minutes):
        await desk.advance(1)


async def ask(desk: Desk) -> Look:
    """One look of the auditor, by the desk's clock."""
    return await asyncio.to_thread(Witness(desk.store.engine.url, WallClock().now).look, desk.now)


async def found(desk: Desk) -> dict[str, int]:
    """What it sees: rows by claim."""
    return {finding.claim: finding.count for finding in (await ask(desk)).findings}


async def finding(desk: Desk, claim: str) -> Finding:
    """What it sees of one claim."""
    return next(each for each in (await ask(desk)).findings if each.claim == claim)


async def spoil(desk: Desk, statement: str, **given: Any) -> int:
    """Break rows, as no command would; returns how many."""
    async with desk.store.unit() as unit:
        done = await unit.session.exec(text(statement), params=given)  # type: ignore[call-overload]
        count = int(done.rowcount)
    assert count > 0, "nothing was broken"
    return count


async def rows(desk: Desk, statement: str, **given: Any) -> list[Any]:
    """Read past all layers."""
    async with desk.store.view() as unit:
        return list((await unit.session.exec(text(statement), params=given)).all())  # type: ignore[call-overload]


async def chain_id(desk: Desk, partner: str) -> int:
    """The chain of a partner in the one case."""
    return int((await rows(desk, "SELECT id FROM chain WHERE partner = :p", p=partner))[-1][0])
