"""Locks that last as long as their holder lives: a line of its own to PostgreSQL.

The server lets go of them when the program ends in any way, when its machine is gone (within
seconds, by keep-alives), and when it stands still: who says nothing for `SILENT_MS` is thrown out.
Over the same line the instances ring each other's bells; that is a hint only, everybody also looks
by themselves.
"""

import asyncio
import zlib
from collections.abc import Collection
from contextlib import suppress
from time import monotonic
from typing import Any

import psycopg
from sqlalchemy import text
from sqlalchemy.engine.url import make_url

from storage.engine import CONNECT
from storage.store import BELLS, Unit

SILENT_MS = 3_000  # then the server thinks that we stand still
ANSWERS_WITHIN_S = 1.5  # then we think that the server, or the way to it, does
_CLASS = 19_276  # ours among the advisory locks of this database
_PRESENT = "present"


class LineCut(Exception):
    """The connection is gone, and every lock with it."""


class LockLine:
    """One connection. Only for one caller at a time, except `still_held`."""

    def __init__(self, connection: psycopg.AsyncConnection[Any], region_id: str) -> None:
        self._connection = connection
        self._region_id = region_id
        self._pid = connection.info.backend_pid
        self.heard_at = monotonic()

    @staticmethod
    async def open(url: str, region_id: str) -> "LockLine":
        """Raises `LineCut`."""
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        options = f"{CONNECT['options']} -c idle_session_timeout={SILENT_MS}"
        try:
            connection = await psycopg.AsyncConnection.connect(
                plain, autocommit=True, **{**CONNECT, "options": options}
            )
        except psycopg.Error as error:
            raise LineCut(type(error).__name__) from error
        line = LockLine(connection, region_id)
        try:
            await line._ask(f"LISTEN {BELLS}")
            await line._ask("SELECT pg_advisory_lock_shared(%s, %s)", *line._key(_PRESENT))
        except BaseException:
            await line.close()
            raise
        return line

    async def take(self, name: str) -> bool:
        """Try to get this lock; False if another instance has it. Raises `LineCut`."""
        return bool(await self._ask("SELECT pg_try_advisory_lock(%s, %s)", *self._key(name)))

    async def let_go(self, name: str) -> None:
        """Raises `LineCut`."""
        await self._ask("SELECT pg_advisory_unlock(%s, %s)", *self._key(name))

    async def instances(self) -> int:
        """How many of us are connected now, ourselves included. Raises `LineCut`."""
        return int(await self._ask(_HOW_MANY, *self._key(_PRESENT)))

    async def stir(self) -> None:
        """Show that we live, and see that the server does. Raises `LineCut`."""
        await self._ask("SELECT 1")

    async def rings(self, within_s: float) -> set[str]:
        """The bells that others rang, at the latest after `within_s` seconds. Raises `LineCut`."""
        rung: set[str] = set()
        try:
            async for note in self._connection.notifies(timeout=within_s, stop_after=1):
                rung |= set(note.payload.split())
        except psycopg.Error as error:
            raise LineCut(type(error).__name__) from error
        return rung

    async def still_held(self, unit: Unit, names: Collection[str]) -> set[str]:
        """Those of these locks that this line holds, as the transaction sees it: for who was
        stopped and goes on, and does not know yet that another took over."""
        asked = {"class": _CLASS, "pid": self._pid}
        found = await unit.session.exec(_HELD, params=asked)  # type: ignore[call-overload]
        held = {int(row[0]) for row in found.all()}
        return {name for name in names if self._key(name)[1] in held}

    async def close(self) -> None:
        with suppress(psycopg.Error):
            await self._connection.close()

    def _key(self, name: str) -> tuple[int, int]:
        return _CLASS, zlib.crc32(f"{self._region_id} {name}".encode()) & 0x7FFFFFFF

    async def _ask(self, question: str, *values: object) -> Any:
        try:
            async with asyncio.timeout(ANSWERS_WITHIN_S):
                cursor = await self._connection.execute(question.encode(), values or None)
                row = await cursor.fetchone() if cursor.description else None
        except (psycopg.Error, TimeoutError) as error:
            raise LineCut(type(error).__name__) from error
        self.heard_at = monotonic()
        return row[0] if row else None


_HOW_MANY = (
    "SELECT count(DISTINCT pid) FROM pg_locks"
    " WHERE locktype = 'advisory' AND classid = %s AND objid = %s AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
_HELD = text(
    "SELECT objid FROM pg_locks"
    " WHERE locktype = 'advisory' AND classid = :class AND pid = :pid AND granted"
)
