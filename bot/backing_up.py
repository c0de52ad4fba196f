"""What `main.py db backup` does: a copy of a SQLite database that somebody can start on.

The bot may run meanwhile: SQLite copies one moment of it and holds up nobody. What was copied is
opened and looked through before it gets its name, so a file with that name is whole.
"""

import asyncio
import contextlib
import os
import shlex
import sqlite3
from pathlib import Path

from sqlalchemy.engine.url import make_url

from bot.checking import verdict_on_log
from bot.moved import told
from bot.moving_database import file_of
from commands.messages import Message, message
from config.load import Configuration
from config.settings import Settings


class Damaged(Exception):
    """SQLite finds the copy damaged, so the database itself is."""


def back_up(settings: Settings, configuration: Configuration, to: Path) -> tuple[bool, Message]:
    """Whether there is a copy in the file `to`, and that in words. No file is ever replaced."""
    file = file_of(settings)
    if file is None:
        return False, message("cli.db.backup.on_server", command=_dump(settings, to))
    if not file.is_file():
        return False, message("cli.db.no_file", path=str(file))
    if to.exists():
        return False, message("cli.db.backup.exists", path=str(to))
    part = to.with_name(f"{to.name}.part")
    try:
        _copy(file, part)
        whole, verdict = asyncio.run(_looked_through(settings, configuration, part))
        if not whole:
            return False, message("cli.db.backup.not_whole", verdict)
        _keep(part, to)
    except Damaged:
        return False, message("cli.db.backup.damaged")
    except sqlite3.Error as trouble:
        return False, message("run.storage", reason=str(trouble))  # SQLite quotes no row
    except OSError as trouble:
        return False, message("run.storage", reason=trouble.strerror or type(trouble).__name__)
    finally:
        _clear(part)
    size = -(-to.stat().st_size // 1024)
    return True, message("cli.db.backup.made", verdict, path=str(to), n=size)


def _copy(file: Path, part: Path) -> None:
    """All pages in one step: with pauses, a bot that writes would make it begin again."""
    _clear(part)  # of one that was killed
    source = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)
    with contextlib.closing(source), contextlib.closing(sqlite3.connect(part)) as target:
        source.backup(target)
        found = target.execute("PRAGMA integrity_check").fetchall()
        if found != [("ok",)] or target.execute("PRAGMA foreign_key_check").fetchone():
            raise Damaged


def _clear(part: Path) -> None:
    """With its journal, which SQLite would take for that of the next file of this name."""
    for ending in ("", "-wal", "-shm", "-journal"):
        part.with_name(f"{part.name}{ending}").unlink(missing_ok=True)


async def _looked_through(
    settings: Settings, configuration: Configuration, part: Path
) -> tuple[bool, Message]:
    """Its schema is one we know, and its access log is whole."""
    there = settings.model_copy(update={"database_url": f"sqlite+aiosqlite:///{part}"})
    whole, verdict = await verdict_on_log(there, configuration)
    return whole, told(verdict)


def _keep(part: Path, to: Path) -> None:
    """It has its name only when it is on the disk."""
    _to_disk(part)
    os.link(part, to)  # fails if somebody else was first
    _to_disk(to.parent)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _dump(settings: Settings, to: Path) -> str:
    """For a shell. It asks for the password, or finds it where PostgreSQL's own tools look."""
    url = make_url(settings.database_url)
    given = {"host": url.host, "port": url.port, "username": url.username}
    options = [f"--{name}={value}" for name, value in given.items() if value is not None]
    return shlex.join(["pg_dump", "--format=custom", f"--file={to}", *options, url.database or ""])
