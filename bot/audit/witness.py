"""Looks at the database by a connection of its own, which only reads, in a thread of its own.

On SQLite everybody else calls the database in the event loop: two seconds of questions there
would hold up a page by two seconds (docs/decisions/0027). And whatever is wrong with the pool of
the engine is not wrong here.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from time import perf_counter
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, pool, text

from bot.audit import chains, clocks, queues
from bot.audit.findings import Broken, Claim, Look, gather
from bot.audit.questions import MOST_ROWS, Question
from storage.engine import CONNECT

# Open cases in a statement. SQLite goes from row to row and gains nothing by more, and while a
# statement lasts its log of writes cannot be taken in. PostgreSQL reads whole tables.
_AT_ONCE = {"sqlite": 2_500, "postgresql": 1_000_000}
_NEXT_CASES = text(
    'SELECT MIN(o.id), MAX(o.id), COUNT(*) FROM (SELECT c.id FROM "case" c'
    " WHERE c.state = 'open' AND c.id > :after ORDER BY c.id LIMIT :most) o"
)
_SESSION = {
    "default_transaction_read_only": "on",
    "statement_timeout": "20s",
    # Our joins are of whole tables. Without it a database that has not counted its rows yet, as
    # after a move, goes from row to row: hours (measured).
    "enable_nestloop": "off",
    "max_parallel_workers_per_gather": "0",  # the other processors are for the pages
}

_Found = dict[Claim, list[Broken]]


class Stopped(Exception):
    """Nobody needs the rest of this look: the program ends, or another instance leads."""


class Witness:
    """Blocking: call it in a thread."""

    def __init__(self, url: URL, machine: Callable[[], int]) -> None:
        """`url` as of the engine of the program; `machine` tells UTC epoch milliseconds."""
        self._engine = _open(url)
        self._machine = machine
        self._stopped = threading.Event()

    def look(self, now: int) -> Look:
        """Ask everything; `now` is the program's clock, by which the rows were written.

        Raises `SQLAlchemyError`, and `Stopped` after `stop`.
        """
        begun = perf_counter()
        broken: _Found = defaultdict(list)
        with self._engine.connect() as connection:
            dialect = connection.dialect.name
            apart_ms = clocks.apart(connection, self._machine)
            given = {"now": now, **queues.GRACES}
            for question in queues.ABOUT_ALL:
                self._ask(connection, question, given, broken)
            cases = 0
            asked = (*chains.about_cases(dialect), *queues.ABOUT_CASES)
            for first, last, count in _slices(connection, _AT_ONCE[dialect]):
                cases += count
                for question in asked:
                    within = {**given, "first": first, "last": last}
                    self._ask(connection, question, within, broken)
        findings = (*gather(broken), *clocks.differ(apart_ms))
        return Look(findings, cases, (perf_counter() - begun) * 1000, apart_ms)

    def go(self) -> None:
        """Take back a `stop`."""
        self._stopped.clear()

    def stop(self) -> None:
        """Whatever looks now ends with the question that it is at."""
        self._stopped.set()

    def _ask(
        self, connection: Connection, question: Question, given: Mapping[str, int], broken: _Found
    ) -> None:
        if self._stopped.is_set():
            raise Stopped
        wanted = {name: given[name] for name in question.parameters}
        with connection.execute(question.asked, wanted) as answer:
            for claim, row, reference in answer.fetchmany(MOST_ROWS):
                broken[claim].append(Broken(row, reference))


def _slices(connection: Connection, at_once: int) -> Iterator[tuple[int, int, int]]:
    """First and last id of so many open cases at a time, and how many they are."""
    after = 0
    while True:
        asked = {"after": after, "most": at_once}
        first, last, count = connection.execute(_NEXT_CASES, asked).one()
        if not count:
            return
        yield first, last, count
        after = last


def _open(url: URL) -> Engine:
    """A connection for each look: nothing that broke an hour ago is still held. Each statement is
    a transaction, so that none holds up the database's own cleaning."""
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url.set(drivername="sqlite"), poolclass=pool.NullPool)
        event.listen(engine, "connect", _only_read)
    else:
        session = " ".join(f"-c {name}={value}" for name, value in _SESSION.items())
        given = {**CONNECT, "options": f"{CONNECT['options']} {session}"}
        engine = create_engine(url, poolclass=pool.NullPool, connect_args=given)
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def _only_read(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA query_only = ON")
