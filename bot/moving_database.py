"""What `main.py db move` does: the region's SQLite file goes to a PostgreSQL that is empty.

While the bot runs, or if anything does not fit, it is a rehearsal: nothing stays of it.
"""

import math
import time
from pathlib import Path

from sqlalchemy.engine import URL
from sqlalchemy.engine.url import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from bot.app import clock_of, store_of
from bot.moved import told
from bot.only_one import AlreadyRunning, OnlyOne
from bot.operator_lines import kind_of
from commands.messages import Day, Message, message
from config.load import Configuration
from config.settings import Settings
from storage.moving.move import (
    AlreadyMoved,
    BrokenLog,
    Copied,
    Differs,
    NotEmpty,
    NotMovable,
    move,
    rehearse,
)
from storage.moving.rows import Unfit
from storage.schema import NewerSchema
from storage.store import Store

_DRIVER = "postgresql+psycopg"


def server_in(address: str | None) -> URL | None:
    """The database on a PostgreSQL server that this names, if it does."""
    try:
        url = make_url(address or "")
    except ArgumentError:
        return None
    return url if url.drivername == _DRIVER and url.database else None


def place_of(url: URL) -> str:
    """For people: without user and password, wherever those stand in it."""
    return f"{url.host or 'localhost'}:{url.port or 5432}/{url.database}"


async def move_database(
    settings: Settings, configuration: Configuration, to: URL
) -> tuple[bool, Message]:
    """Whether the region is to run on `to` from now on, and what happened in words."""
    file = file_of(settings)
    if file is None:
        return False, message("cli.db.move.on_server")
    if not file.is_file():
        return False, message("cli.db.no_file", path=str(file))
    only_one = OnlyOne(settings.data_dir)
    try:
        only_one.take()
    except AlreadyRunning:
        return await _told(settings, configuration, to, running=True)
    except OSError as trouble:
        return False, message("run.storage", reason=trouble.strerror or type(trouble).__name__)
    try:
        return await _told(settings, configuration, to, running=False)
    finally:
        only_one.release()


def file_of(settings: Settings) -> Path | None:
    """Where the SQLite database lies; None on PostgreSQL."""
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite":
        return None
    return Path(url.database or "")


async def _told(
    settings: Settings, configuration: Configuration, to: URL, *, running: bool
) -> tuple[bool, Message]:
    clock, place = clock_of(settings), place_of(to)
    source = store_of(settings, configuration, clock)
    there = settings.model_copy(update={"database_url": to.render_as_string(hide_password=False)})
    target = store_of(there, configuration, clock)
    try:
        if running:
            return False, await _rehearsed(source, target, place)
        return True, await _moved(source, target, place)
    except NotMovable:
        return False, message("cli.db.move.start_first")
    except AlreadyMoved as before:
        return False, message("cli.db.moved", when=Day(before.at))
    except NotEmpty:
        return False, message("cli.db.move.not_empty", place=place)
    except Unfit as unfit:
        return False, message("cli.db.move.unfit", table=unfit.table)
    except Differs as differs:
        return False, message("cli.db.move.differs", table=differs.table)
    except BrokenLog as broken:
        mend = message("audit.broken.mend")
        return False, message("audit.broken", mend, number=broken.number, before=broken.before)
    except NewerSchema as newer:
        return False, told(message("run.newer", revision=newer.revision))
    except SQLAlchemyError as trouble:
        return False, message("cli.db.move.fails", place=place, reason=kind_of(trouble))
    finally:
        await source.close()
        await target.close()


async def _rehearsed(source: Store, target: Store, place: str) -> Message:
    began = time.monotonic()
    copied = await rehearse(source, target)
    fits = _compared(copied, began)
    return message("cli.db.move.rehearsed", fits, message("cli.db.move.now_stop"), place=place)


async def _moved(source: Store, target: Store, place: str) -> Message:
    began = time.monotonic()
    copied = await move(source, target)
    lines = [] if copied is None else [_compared(copied, began)]
    switch, old = message("cli.db.move.now_switch"), message("cli.db.move.old")
    return message("cli.db.move.moved", *lines, switch, old, place=place)


def _compared(copied: Copied, began: float) -> Message:
    return message(
        "cli.db.move.compared",
        rows=copied.rows,
        tables=copied.tables,
        n=copied.log_lines,
        seconds=max(1, math.ceil(time.monotonic() - began)),
    )
