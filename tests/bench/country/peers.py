"""The same clocks by others: APScheduler's persistent store on SQLite, procrastinate on PostgreSQL.

A job of theirs does nothing but look at the clock, and its lateness is taken when it begins: what
they do afterwards is given to them. So is the way of filling them (one statement, where they would
commit each job), and procrastinate's rest between two looks, which is 5 s if nobody says otherwise.
"""

import asyncio
import contextlib
import pickle
import time
from datetime import UTC, datetime
from pathlib import Path

import procrastinate
from apscheduler.job import Job
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from psycopg import AsyncConnection

from tests.bench.figure import Samples

SOON_S = 1.5
LATER_S = 86_400.0
LOOK_EVERY_S = 0.02
WITHIN_S = 120.0

_taken: list[float] = []


async def note(due: float) -> None:
    """What a job does. `due`: seconds of the epoch."""
    _taken.append((time.time() - due) * 1000)


async def apscheduler(folder: Path, pending: int, timers: int, apart_s: float) -> Samples:
    """Milliseconds, of so many timers while so many others lie in the future."""
    store = SQLAlchemyJobStore(f"sqlite:///{folder / 'apscheduler.sqlite3'}")
    scheduler = AsyncIOScheduler(jobstores={"default": store}, timezone=UTC)
    scheduler.start(paused=True)
    now = time.time()
    due = [now + SOON_S + number * apart_s for number in range(timers)]
    due += [now + LATER_S + number for number in range(pending)]
    with store.engine.begin() as connection:
        connection.execute(
            store.jobs_t.insert(),
            [_row(scheduler, number, at) for number, at in enumerate(due)],
        )
    try:
        scheduler.resume()
        return await _all(timers)
    finally:
        scheduler.shutdown(wait=False)
        store.engine.dispose()


def _row(scheduler: AsyncIOScheduler, number: int, at: float) -> dict[str, object]:
    when = datetime.fromtimestamp(at, UTC)
    job = Job(
        scheduler,
        id=str(number),
        func=note,
        args=(at,),
        kwargs={},
        trigger=DateTrigger(when),
        executor="default",
        name="note",
        misfire_grace_time=None,
        coalesce=True,
        max_instances=1,
        next_run_time=when,
    )
    return {
        "id": str(number),
        "next_run_time": at,
        "job_state": pickle.dumps(job.__getstate__(), pickle.HIGHEST_PROTOCOL),
    }


_FILL = """INSERT INTO procrastinate_jobs (queue_name, task_name, lock, args, scheduled_at)
SELECT 'default', 'note', NULL, json_build_object('due', at), to_timestamp(at)
FROM (SELECT {first} + n * {apart} AS at FROM generate_series(0, {most} - 1) AS n) AS due"""


async def procrastination(conninfo: str, pending: int, timers: int, apart_s: float) -> Samples:
    """The same, in an empty database."""
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=conninfo))
    app.task(name="note")(note)
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        now = time.time()
        async with await AsyncConnection.connect(conninfo, autocommit=True) as connection:
            for first, apart, most in (
                (now + LATER_S, 1.0, pending),
                (now + SOON_S, apart_s, timers),
            ):
                await connection.execute(_FILL.format(first=first, apart=apart, most=most).encode())
            await connection.execute("ANALYZE")
        worker = asyncio.create_task(
            app.run_worker_async(
                concurrency=16,
                fetch_job_polling_interval=LOOK_EVERY_S,
                install_signal_handlers=False,
                shutdown_graceful_timeout=1.0,
            )
        )
        try:
            return await _all(timers)
        finally:
            worker.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await worker


async def _all(timers: int) -> Samples:
    async with asyncio.timeout(WITHIN_S):
        while len(_taken) < timers:
            await asyncio.sleep(0.05)
    samples = Samples(tuple(_taken[:timers]))
    _taken.clear()
    return samples
