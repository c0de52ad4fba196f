"""What `main.py check` and `main.py audit verify` do."""

from collections.abc import Sequence

from sqlalchemy.exc import SQLAlchemyError

from bot.app import clock_of, matrix_of, store_of
from bot.channels.base import ChannelDown, Readiness
from bot.only_one import AlreadyRunning, OnlyOne
from bot.operator_lines import kind_of
from config.load import Configuration
from config.settings import Settings
from storage.access_log import Verdict, verify
from storage.schema import NewerSchema, migrate


async def check_everything(settings: Settings, configuration: Configuration) -> Sequence[Readiness]:
    """Database, connection, encryption and clock, a line each; nobody gets a message."""
    return [await _database(settings, configuration), *await _matrix(settings, configuration)]


async def _database(settings: Settings, configuration: Configuration) -> Readiness:
    store = store_of(settings, configuration, clock_of(settings))
    try:
        await migrate(store.engine)
        async with store.view() as unit:
            verdict = await verify(unit)
    except NewerSchema as newer:
        return Readiness("Database", False, f"nieuwer dan dit programma ({newer})")
    except (SQLAlchemyError, OSError) as trouble:
        why = kind_of(trouble) if isinstance(trouble, SQLAlchemyError) else str(trouble)
        return Readiness("Database", False, f"werkt niet ({why})")
    finally:
        await store.close()
    if verdict.broken_at is not None:
        return Readiness("Database", False, f"toegangslog gebroken bij regel {verdict.broken_at}")
    return Readiness("Database", True, f"werkt, toegangslog heel ({verdict.rows} regels)")


async def _matrix(settings: Settings, configuration: Configuration) -> Sequence[Readiness]:
    channel = matrix_of(settings, configuration)
    only_one = OnlyOne(settings.data_dir)
    try:
        # Beside a running bot a second login on its device would eat its keys.
        only_one.take()
    except AlreadyRunning:
        where = f"http://{settings.health_host}:{settings.health_port}/health"
        return [Readiness("Matrix", True, f"de bot draait al, kijk op {where}")]
    try:
        await channel.start(None)
        return await channel.check()
    except ChannelDown as down:
        return [Readiness("Matrix", False, f"niet bereikbaar ({down.reason})")]
    finally:
        await channel.stop()
        only_one.release()


async def verify_log(settings: Settings, configuration: Configuration) -> Verdict:
    """Walk the access log."""
    store = store_of(settings, configuration, clock_of(settings))
    try:
        await migrate(store.engine)
        async with store.view() as unit:
            return await verify(unit)
    finally:
        await store.close()
