"""What the roster commands of the command line share: the database, and why it cannot be done."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bot.app import clock_of, store_of
from bot.moved import told
from bot.operator_lines import kind_of
from commands.messages import Message, message
from commands.roster.files.names import Names, Unclear
from config.load import Configuration
from config.settings import Settings
from storage.access_log import Actor
from storage.schema import NewerSchema, standing
from storage.store import Store

READY, NOT_READY, WRONG = 0, 1, 2
CONSOLE = Actor("console", "operator", "", "console")
RIGHT = "console"  # who may start the program may do this

Said = tuple[int, Message]
"""The exit code, and what is said with it."""


class Refused(Exception):
    """It cannot be done; `said` tells the code and why."""

    def __init__(self, code: int, why: Message) -> None:
        super().__init__(why.key)
        self.said: Said = (code, why)


@asynccontextmanager
async def open_store(settings: Settings, configuration: Configuration) -> AsyncIterator[Store]:
    """The database as it stands. Raises `Refused` if the bot never ran on it, or another one."""
    store = store_of(settings, configuration, clock_of(settings))
    try:
        if await standing(store.engine) != "current":
            raise Refused(NOT_READY, message("cli.roster.no_database"))
        yield store
    except NewerSchema as newer:
        why = told(message("run.newer", revision=newer.revision))
        raise Refused(NOT_READY, why) from None
    except SQLAlchemyError as trouble:
        raise Refused(NOT_READY, message("run.storage", reason=kind_of(trouble))) from None
    finally:
        await store.close()


def partners_meant(names: Names, partner: str | None) -> list[str]:
    """The one that is meant, or all."""
    if partner is None:
        return [each.key for each in names.region.partners]
    found = names.partner(partner)
    if isinstance(found, Unclear):
        raise Refused(WRONG, unknown(found))
    return [found]


def unknown(unclear: Unclear) -> Message:
    return Message(f"import.problem.{unclear.code}", {"choices": unclear.choices or ""})


def write_new(file: Path, content: bytes) -> None:
    try:
        with file.open("xb") as opened:
            opened.write(content)
    except FileExistsError:
        raise Refused(NOT_READY, message("cli.db.backup.exists", path=str(file))) from None
    except OSError as trouble:
        reason = trouble.strerror or type(trouble).__name__
        why = message("cli.cannot_write", path=str(file), reason=reason)
        raise Refused(NOT_READY, why) from None
