"""The one door to the database: a unit of work that commits whole or not at all."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import QueuePool
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.engine import reading
from storage.sealing import Vault

GIVEN_BACK_WITHIN_S = 2.0  # of a database that answers; one that does not holds nobody up
BELLS = "kortelijn"  # where instances ring each other's

# Until the end of the transaction; who asks first is served first.
_TURN = text("SELECT pg_advisory_xact_lock(hashtextextended('turn ' || :region, 0))")
_RING = text(f"SELECT pg_notify('{BELLS}', :bells)")  # heard by others after the commit


@dataclass
class Unit:
    """One transaction. `now` is fixed at its beginning: everything in it happens at once."""

    session: AsyncSession
    region_id: str
    now: int  # UTC epoch milliseconds
    vault: Vault
    log_key: bytes
    wakes: set[str] = field(default_factory=set)
    _appended: dict[type[SQLModel], list[dict[str, Any]]] = field(default_factory=dict)

    def append(self, table: type[SQLModel], row: dict[str, Any]) -> None:
        """Add a row that needs neither an object nor an id in this transaction. All of a table
        are written by one statement, before the commit: an alarm makes two dozen of them, and as
        objects they took a tenth of the time until its pages leave (measured)."""
        self._appended.setdefault(table, []).append(row)

    async def write(self) -> None:
        """Write what was appended; for who reads or changes it in this very transaction."""
        for table, rows in self._appended.items():
            await self.session.exec(insert(inspect(table).local_table), params=rows)
        self._appended.clear()

    def wake(self, whom: str) -> None:
        """After the commit, wake the loop of this name (outbox, timers, inbox)."""
        self.wakes.add(whom)


class Store:
    """Opens units. Commits are followed by a wake-up of the loops that have new work."""

    def __init__(
        self,
        engine: AsyncEngine,
        vault: Vault,
        log_key: bytes,
        region_id: str,
        now: Callable[[], int],
    ) -> None:
        self.engine = engine
        self.now = now
        self.region_id = region_id
        self._vault = vault
        self._log_key = log_key
        self._bells: dict[str, asyncio.Event] = {}
        # A region has one writer (docs/decisions/0026). Waiting here is fair, wakes at once and
        # takes no connection.
        self._turn = asyncio.Lock()
        self._shared = engine.dialect.name == "postgresql"  # other instances may write too
        self._others_listen = False

    def bell(self, name: str) -> asyncio.Event:
        """The event that is set when a commit left work for this loop."""
        return self._bells.setdefault(name, asyncio.Event())

    def ring(self, name: str) -> None:
        """Another instance left work for this loop."""
        self.bell(name).set()

    def others_come_and_go(self, there: bool) -> None:
        """Whether other instances are to hear of our work."""
        self._others_listen = there

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[Unit]:
        """A write transaction: commits at the end of the block, rolls back on any error."""
        async with self._turn, self._transaction() as unit:
            yield unit
        for name in sorted(unit.wakes):  # who sends has the first turn, clocks come after
            self.bell(name).set()
        if unit.wakes:
            await asyncio.sleep(0)  # whoever was woken has a turn before the next transaction

    @asynccontextmanager
    async def view(self) -> AsyncIterator[Unit]:
        """A read-only transaction; what is changed in it is thrown away."""
        async with self.engine.connect() as plain:
            connection = await plain.execution_options(**reading(self.engine))
            async with AsyncSession(connection, expire_on_commit=False) as session:
                yield self._new_unit(session)
                session.expunge_all()  # what was read stays readable afterwards
                await session.rollback()

    @asynccontextmanager
    async def trial(self) -> AsyncIterator[Unit]:
        """A write transaction that is always thrown away: to see what would be."""
        async with AsyncSession(self.engine, expire_on_commit=False) as session:
            yield self._new_unit(session)
            await session.rollback()

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Unit]:
        async with AsyncSession(self.engine, expire_on_commit=False) as session, session.begin():
            if self._shared:
                await session.exec(_TURN, params={"region": self.region_id})  # type: ignore[call-overload]
            unit = self._new_unit(session)
            yield unit
            await unit.write()
            if self._others_listen and unit.wakes:
                bells = " ".join(sorted(unit.wakes))
                await session.exec(_RING, params={"bells": bells})  # type: ignore[call-overload]

    def _new_unit(self, session: AsyncSession) -> Unit:
        return Unit(session, self.region_id, self.now(), self._vault, self._log_key)

    async def close(self) -> None:
        """Let go of every connection; without it the process hangs at its end.

        One that is still in use is waited for: given back to a pool that was emptied meanwhile,
        it would be closed by nobody.
        """
        pool = self.engine.pool
        with suppress(TimeoutError):
            async with asyncio.timeout(GIVEN_BACK_WITHIN_S):
                while isinstance(pool, QueuePool) and pool.checkedout():
                    await asyncio.sleep(0.01)
        await self.engine.dispose()
