"""Run the program until somebody tells it to stop; what stands in its way becomes a sentence."""

import asyncio
import errno
import gc
import signal

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.app import App
from bot.only_one import AlreadyRunning
from bot.operator_lines import kind_of
from commands.messages import Message, message
from config.load import Configuration
from config.settings import Settings
from storage.schema import NewerSchema

log = structlog.get_logger(__name__)

SELDOM = 5_000  # objects more than before until the youngest are looked through; Python: 700


async def run_until_told(settings: Settings, configuration: Configuration) -> Message | None:
    """None after SIGTERM or SIGINT, which stop it in every phase; else why it does not run."""
    gc.freeze()
    gc.enable()
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, told.set)
    app = App(settings, configuration)
    living = asyncio.create_task(_live(app))
    stopping = asyncio.create_task(told.wait())
    try:
        await asyncio.wait({living, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if told.is_set():
            return None
        return await _why(living, settings)
    finally:
        for task in (living, stopping):
            task.cancel()
        await asyncio.gather(living, stopping, return_exceptions=True)
        await app.stop()


async def _live(app: App) -> None:
    await app.start()
    leave_alone_what_stays()
    await app.failed()


def leave_alone_what_stays() -> None:
    """Looking for garbage among all that start-up made took a sixth of the time of an alarm
    (measured). It stays as long as the process, so it is not looked through again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(SELDOM, *gc.get_threshold()[1:])


async def _why(living: asyncio.Task[None], settings: Settings) -> Message:
    """Never in the words of the error itself: those can quote a row."""
    try:
        await living
    except NewerSchema as newer:
        return message("run.newer", revision=newer.revision)
    except AlreadyRunning as other:
        return message("run.already", folder=str(other))
    except SQLAlchemyError as trouble:
        return message("run.storage", reason=kind_of(trouble))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            address = f"{settings.health_host}:{settings.health_port}"
            return message("run.taken", address=address)
        log.error("start_failed", exc_info=error)
        where = f"{error.filename}: " if error.filename else ""
        return message("run.fails", reason=f"{where}{error.strerror or type(error).__name__}")
    except Exception as error:
        log.error("start_failed", exc_info=error)
        return message("run.fails", reason=type(error).__name__)
    return message("run.ended")
