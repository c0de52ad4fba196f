"""What `main.py check` and `main.py audit verify` find out. Nobody gets a message by it."""

import stat
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import aiohttp
from sqlalchemy import func
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import select

from bot import check_staff
from bot.app import account_of, clock_of, store_of, world_of
from bot.channels.base import Readiness
from bot.channels.matrix import check
from bot.clock import WallClock
from bot.only_one import AlreadyRunning, OnlyOne
from bot.operator_lines import kind_of
from commands.messages import At, Message, message
from commands.seed import seed_people, seed_roster
from commands.spoken import Voice
from config.load import Configuration
from config.region import Telegram
from config.settings import Settings
from storage.access_log import Verdict, verify
from storage.schema import NewerSchema, Standing, migrate_within, standing
from storage.store import Store, Unit
from storage.tables import AccessEntry

T = TypeVar("T")
DATABASE, ACCESS_LOG = "check.database", "check.access_log"
TELEGRAM_MODE = "check.telegram_mode"
ANSWER_WITHIN = aiohttp.ClientTimeout(total=3.0)


async def check_everything(settings: Settings, configuration: Configuration) -> Sequence[Readiness]:
    """A line for each part; the configuration is right, or there were nothing to check with."""
    inside = await _database(settings, configuration)
    inside[2:2] = [
        line
        for channel in configuration.region.channels
        for line in await _CHANNELS[channel](settings, configuration)
    ]
    return [_configuration(configuration), *inside]


def voice_of(configuration: Configuration) -> Voice:
    """How this program speaks to its operator."""
    region = configuration.region
    return Voice(region, region.language, WallClock().now())


def sentence(line: Readiness, voice: Voice) -> str:
    """The one line that people read."""
    sign = "❌" if not line.ready else "⚠️" if line.warns else "✅"
    detail = voice.text(line.detail).replace("\n", "; ")
    return voice.text(
        message("check.line", sign=sign, name=voice.text(Message(line.name)), detail=detail)
    )


def _configuration(configuration: Configuration) -> Readiness:
    detail = message(
        "check.configuration.ready",
        region=configuration.region.name,
        partners=len(configuration.region.partners),
        people=len(configuration.people),
        protocols=len(configuration.protocols),
    )
    return Readiness("check.configuration", True, detail)


async def _database(settings: Settings, configuration: Configuration) -> list[Readiness]:
    """Database, access log, roster and people."""
    store = store_of(settings, configuration, clock_of(settings))
    try:
        async with _as_at_start(store) as (unit, schema):
            whole = _whole(await verify(unit))
            if schema != "current":
                await seed_people(unit, configuration.people)
                await seed_roster(unit, configuration.roster)
            world = world_of(configuration)
            return [
                _works(settings, schema),
                whole,
                await check_staff.roster(unit, world),
                await check_staff.people(unit, world),
                await check_staff.contact_points(unit),
                *await check_staff.rooms(unit, world),
                *await check_staff.fallback(unit, world),
            ]
    except NewerSchema as newer:
        detail = message("check.database.newer", revision=newer.revision)
    except SQLAlchemyError as trouble:
        detail = message("check.database.fails", reason=kind_of(trouble))
    except OSError as trouble:
        reason = trouble.strerror or type(trouble).__name__
        detail = message("check.database.fails", reason=reason)
    finally:
        await store.close()
    unknown = message("check.staff.unknown")
    return [
        Readiness(DATABASE, False, detail),
        Readiness(ACCESS_LOG, False, message("check.access_log.unknown")),
        Readiness(check_staff.ROSTER, False, unknown),
        Readiness(check_staff.PEOPLE, False, unknown),
    ]


@asynccontextmanager
async def _as_at_start(store: Store) -> AsyncIterator[tuple[Unit, Standing]]:
    """The database with the present schema, and how it stands now. Nothing is changed, and a
    bot that runs on it is not held up."""
    schema = await standing(store.engine)
    if schema == "current":
        async with store.view() as unit:
            yield unit, schema
        return
    async with store.trial() as unit:
        await migrate_within(await unit.session.connection())
        yield unit, schema


def _works(settings: Settings, schema: Standing) -> Readiness:
    folder = settings.data_dir
    if settings.database_url.startswith("sqlite") and folder.is_dir() and _is_open(folder):
        detail = message("check.database.open", path=str(folder))
        return Readiness(DATABASE, True, detail, warns=True)
    key = "ready" if schema == "current" else schema
    return Readiness(DATABASE, True, message(f"check.database.{key}"))


def _is_open(folder: Path) -> bool:
    return bool(stat.S_IMODE(folder.stat().st_mode) & 0o077)


def _whole(verdict: Verdict) -> Readiness:
    if verdict.broken_at is not None:
        detail = message("check.access_log.broken", number=verdict.broken_at)
        return Readiness(ACCESS_LOG, False, detail)
    if not verdict.rows:
        return Readiness(ACCESS_LOG, True, message("check.access_log.empty"))
    return Readiness(ACCESS_LOG, True, message("check.access_log.ready", n=verdict.rows))


async def _matrix(settings: Settings, configuration: Configuration) -> Sequence[Readiness]:
    account, now = account_of(settings, configuration), WallClock().now
    only_one = OnlyOne(settings.data_dir)
    try:
        # Beside a running bot a second login on its device would eat its keys.
        only_one.take()
    except AlreadyRunning:
        return [
            await _running(settings),
            Readiness(check.ENCRYPTION, True, message("check.encryption.running")),
            await check.clock_of(account.homeserver, now),
        ]
    except OSError as trouble:
        reason = trouble.strerror or type(trouble).__name__
        detail = message("check.connection.folder", path=str(settings.data_dir), reason=reason)
        return [Readiness(check.CONNECTION, False, detail)]
    try:
        return await check.log_in_and_check(account, now)
    finally:
        only_one.release()


async def _running(settings: Settings) -> Readiness:
    """What the running bot says of itself."""
    address = f"http://{settings.health_host}:{settings.health_port}/health"
    try:
        async with (
            aiohttp.ClientSession(timeout=ANSWER_WITHIN) as session,
            session.get(address) as answer,
        ):
            ready = answer.status == 200
    except (aiohttp.ClientError, TimeoutError):
        ready = False
    key = "check.connection.running" if ready else "check.connection.not_running"
    return Readiness(check.CONNECTION, ready, message(key, address=address))


async def _telegram(settings: Settings, configuration: Configuration) -> Sequence[Readiness]:
    telegram, token = configuration.region.telegram, configuration.secrets.telegram_token
    if telegram is None or token is None:
        raise ValueError("a region with Telegram has its table and its token")
    # Only a region with Telegram loads its libraries (also see bot.app).
    from bot.channels.telegram import check_group
    from bot.channels.telegram.check import log_in_and_check
    from bot.channels.telegram.line import TelegramAccount
    from bot.channels.telegram.menu import face_of

    account = TelegramAccount(token, settings.telegram_api)
    # Beside a running bot as well: nothing of it takes news away.
    face = face_of(configuration.region)
    found = await log_in_and_check(
        account, WallClock().now, telegram.webhook or "", face, telegram.bot
    )
    lines = [*found, _content_on(telegram)]
    if telegram.group is not None:
        topics = configuration.region.rooms_on == "telegram"
        colleagues = await _on_telegram(settings, configuration) if topics else {}
        lines.append(
            await check_group.log_in_and_check(
                account, telegram.group, topics=topics, colleagues=colleagues
            )
        )
    return lines


async def _on_telegram(settings: Settings, configuration: Configuration) -> dict[str, str]:
    """Labels of the people who take part there, by account; none if the database cannot tell,
    which has a line of its own."""
    store = store_of(settings, configuration, clock_of(settings))
    try:
        async with _as_at_start(store) as (unit, _):
            return await check_staff.on_telegram(unit)
    except (NewerSchema, SQLAlchemyError, OSError):
        return {}
    finally:
        await store.close()


def _content_on(telegram: Telegram) -> Readiness:
    """What of a case Telegram gets to know."""
    if telegram.mode == "pages":
        return Readiness(TELEGRAM_MODE, True, message("check.telegram_mode.pages"))
    detail = message("check.telegram_mode.thread", reference=telegram.dpia_reference or "")
    return Readiness(TELEGRAM_MODE, True, detail, warns=True)


_CHANNELS = {"matrix": _matrix, "telegram": _telegram}


async def in_database(
    settings: Settings,
    configuration: Configuration,
    ask: Callable[[Unit], Awaitable[T]],
    *,
    seeded: bool = False,
) -> T | Message:
    """What somebody wants to know of the database, or why it cannot be told. Nothing is changed.

    `seeded`: with the people and the roster that the first start would put into it.
    """
    store = store_of(settings, configuration, clock_of(settings))
    try:
        async with _as_at_start(store) as (unit, schema):
            if seeded and schema != "current":
                await seed_people(unit, configuration.people)
                await seed_roster(unit, configuration.roster)
            return await ask(unit)
    except NewerSchema as newer:
        return message("run.newer", revision=newer.revision)
    except SQLAlchemyError as trouble:
        return message("run.storage", reason=kind_of(trouble))
    except OSError as trouble:
        return message("run.storage", reason=trouble.strerror or type(trouble).__name__)
    finally:
        await store.close()


async def verdict_on_log(settings: Settings, configuration: Configuration) -> tuple[bool, Message]:
    """Whether the access log is whole, and that in words."""

    async def look(unit: Unit) -> tuple[Verdict, int | None]:
        last = select(func.max(AccessEntry.at)).where(AccessEntry.region_id == unit.region_id)
        return await verify(unit), (await unit.session.exec(last)).one()

    found = await in_database(settings, configuration, look)
    if isinstance(found, Message):
        return False, found
    verdict, at = found
    if verdict.broken_at is not None:
        mend = message("audit.broken.mend")
        number, before = verdict.broken_at, verdict.rows
        return False, message("audit.broken", mend, number=number, before=before)
    if at is None:
        return True, message("audit.empty")
    return True, message("audit.whole", n=verdict.rows, when=At(at))
