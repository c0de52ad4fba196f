"""All wiring in one place: what the running program is made of, and its start and stop."""

import asyncio
import contextlib
from collections.abc import Coroutine
from dataclasses import dataclass, field

import structlog

from bot.audit.auditor import Auditor
from bot.audit.heartbeat import Heartbeat
from bot.channels.base import Channel, ChannelDown, Messenger
from bot.channels.fallback.channel import FallbackChannel
from bot.channels.matrix.channel import MatrixChannel
from bot.channels.matrix.folder import StateFolder
from bot.channels.matrix.session import MatrixAccount
from bot.channels.telegram.limits import Limiter
from bot.clock import Clock, StoryClock, WallClock
from bot.cron import Cron
from bot.dispatcher import Dispatcher
from bot.echoes import Echoes
from bot.feeds import Feeds
from bot.health import Health, HealthServer, take_health
from bot.inbox import Inbox
from bot.instance import instance_of
from bot.kill_points import KillPoints
from bot.leader import Alone, Elected, while_leading
from bot.metrics import Metrics
from bot.onboarding import Onboarding
from bot.only_one import OnlyOne
from bot.operator_lines import TOLD_AFTER_S, OperatorLines
from bot.shared_identity import SharedIdentity
from bot.sweeper import Sweeper
from commands.away import tell_that_we_were_away
from commands.seed import seed_group, seed_people, seed_roster
from commands.world import World
from config.load import Configuration
from config.settings import Settings
from storage.checkpoint import checkpoint_for_ever
from storage.engine import open_engine
from storage.schema import migrate
from storage.sealing import Vault
from storage.store import Store

log = structlog.get_logger(__name__)

ANSWERS_FIRST_S = 5.0
CUT_OFF_WITHIN_S = 0.5
_LOOK_EVERY_S = 0.25
SENDS_END_WITHIN_S = 2.5  # SIGTERM stops us within five seconds, the messenger takes one


def clock_of(settings: Settings) -> Clock:
    """The wall clock, or the story clock of a fictional region."""
    return StoryClock(settings.story_clock) if settings.story_clock else WallClock()


def store_of(settings: Settings, configuration: Configuration, clock: Clock) -> Store:
    """The database, not yet migrated."""
    return Store(
        open_engine(settings.database_url),
        Vault(configuration.secrets.master_keys),
        configuration.secrets.log_key,
        configuration.region.id,
        clock.now,
    )


def world_of(configuration: Configuration) -> World:
    """What the commands may know of it."""
    ways = configuration.fallback.ways() if configuration.fallback else {}
    return World(configuration.region, configuration.protocols, ways)


def telegram_of(
    settings: Settings, configuration: Configuration, limiter: Limiter | None = None
) -> Messenger | None:
    """The region's bot on Telegram, if it has one."""
    telegram, secrets = configuration.region.telegram, configuration.secrets
    if telegram is None or secrets.telegram_token is None:
        return None
    # 13 MB of libraries that a region without Telegram does without.
    from bot.channels.telegram.channel import TelegramChannel
    from bot.channels.telegram.line import TelegramAccount
    from bot.channels.telegram.menu import face_of
    from bot.channels.telegram.webhook import WebhookPlace

    place = None
    if telegram.webhook is not None and secrets.telegram_webhook is not None:
        place = WebhookPlace(telegram.webhook, secrets.telegram_webhook)
    account = TelegramAccount(secrets.telegram_token, settings.telegram_api)
    face = face_of(configuration.region)
    return TelegramChannel(account, WallClock().now, place, face, limiter)


def account_of(settings: Settings, configuration: Configuration) -> MatrixAccount:
    """The bot's own login on Matrix."""
    matrix = configuration.region.matrix
    return MatrixAccount(
        matrix.homeserver,
        matrix.user,
        configuration.secrets.matrix_password,
        matrix.device_name,
        settings.data_dir / "matrix",
    )


@dataclass
class App:
    """The running program."""

    settings: Settings
    configuration: Configuration
    headline_every_ms: int = 3_000
    told_after_s: float = TOLD_AFTER_S
    limiter: Limiter | None = None  # how fast Telegram is sent to; None: as it allows
    port: int = 0
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _ready: bool = False

    def __post_init__(self) -> None:
        self.clock = clock_of(self.settings)
        self.world = world_of(self.configuration)
        self.store = store_of(self.settings, self.configuration, self.clock)
        self.metrics = Metrics()
        self.operators = OperatorLines(self.store, self.metrics, self.told_after_s)
        self._only_one = OnlyOne(self.settings.data_dir)
        self.kill = KillPoints(self.settings.kill_point)
        account = account_of(self.settings, self.configuration)
        self._identity = SharedIdentity(self.store, StateFolder(account.state_dir))
        self.channel: Messenger = MatrixChannel(account, WallClock().now)
        self.messengers: list[Messenger] = [self.channel]
        if telegram := telegram_of(self.settings, self.configuration, self.limiter):
            self.messengers.append(telegram)
        self.channels: dict[str, Channel] = {each.name: each for each in self.messengers}
        if fallback := self.configuration.fallback:
            self.channels[FallbackChannel.name] = FallbackChannel(fallback)
        self.echoes = Echoes()
        self.leader = self._elected() or Alone(self.channels)
        loops = (self.store, self.world, self.clock, self.kill, self.metrics, self.operators)
        self.dispatcher = Dispatcher(
            self.store,
            self.world,
            self.channels,
            self.kill,
            self.metrics,
            self.operators,
            leader=self.leader,
            echoes=self.echoes,
            headline_every_ms=self.headline_every_ms,
        )
        self.sweeper = Sweeper(*loops, "clocks")
        self.lines = Sweeper(*loops, "lines", self.dispatcher.pages_gone)
        self.inbox = Inbox(
            *loops, self.dispatcher.calm, self.leader, self.echoes, self._name_among_others()
        )
        url = self.configuration.secrets.heartbeat_url
        heartbeat = Heartbeat(url, self.metrics) if url else None
        self.auditor = Auditor(self.store, WallClock().now, self.metrics, self.operators, heartbeat)
        self.cron = Cron(self.store, self.world, self.clock)
        self.onboarding = Onboarding(self.store, self.world, self.channel)
        self._server = HealthServer(
            self.health,
            self.metrics,
            self.settings.health_host,
            self.settings.health_port,
            also=Feeds(self.store, self.world).routes(),
        )

    async def start(self) -> None:
        """Migrate, seed, log in, and run every loop. Returns once the bot is ready.

        Raises `AlreadyRunning`, and `NewerSchema` if we are too old for the database.
        """
        self._only_one.take()
        await migrate(self.store.engine)
        async with self.store.unit() as unit:
            await seed_people(unit, self.configuration.people)
            await seed_group(unit, self.configuration.region)
            await seed_roster(unit, self.configuration.roster)
            await tell_that_we_were_away(unit, self.channel.name)
        self.port = await self._server.start()
        self._run(checkpoint_for_ever(self.store.engine), "checkpoint")
        if isinstance(self.leader, Elected):
            self._run(self.leader.lead_for_ever(), "leader")
        self.inbox.expect(self.messengers)
        # Due timers fire and answers are decided while the messenger may still be away.
        self._run(self._sweep_after_answers(), "sweeper")
        self._run(self.inbox.work_for_ever(), "inbox")
        # While Matrix is away, Telegram and the fallback are not.
        self._run(self.dispatcher.dispatch_for_ever(), "dispatcher")
        self._run(self._audit(), "auditor")
        for channel in self.messengers[1:]:
            self._run(self.inbox.receive_for_ever(channel), f"receive {channel.name}")
        await self._start_channel()
        self._run(self.inbox.receive_for_ever(self.channel), f"receive {self.channel.name}")
        await self.onboarding.bring_everybody()
        await self.cron.start()
        self._ready = True
        log.info("ready", port=self.port, up_ms=self.metrics.up_ms())

    async def _sweep_after_answers(self) -> None:
        """A yes that waited at the messenger comes before the clock that it stops. But no clock
        waits long for a messenger that is away."""
        self.metrics.swept(self.clock.now())  # it waits by intention
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.inbox.caught_up.wait(), ANSWERS_FIRST_S)
        async with asyncio.TaskGroup() as hands:
            hands.create_task(self.sweeper.sweep_for_ever(), name="clocks")
            await self.sweeper.swept.wait()  # who is overdue to be called comes before any line
            hands.create_task(self.lines.sweep_for_ever(), name="lines")

    async def _audit(self) -> None:
        """One instance looks and tells."""
        await while_leading(self.leader, self.channel.name, self.auditor.audit_for_ever)

    def _elected(self) -> Elected | None:
        """On a database that several instances can share."""
        url = self.settings.database_url
        if url.startswith("sqlite"):
            return None
        store = self.store
        return Elected(url, store.region_id, self.channels, store.ring, store.others_come_and_go)

    def _name_among_others(self) -> str | None:
        shared = isinstance(self.leader, Elected)
        return instance_of(self.settings.data_dir) if shared else None

    async def _start_channel(self) -> None:
        while not await self._identity.take_up() and self.channel.name not in self.leader.led():
            await asyncio.sleep(_LOOK_EVERY_S)  # another one is making it
        await self._log_in()
        await self._identity.hand_over()

    async def _log_in(self) -> None:
        while True:
            try:
                await self.channel.start(await self.inbox.cursor(self.channel))
            except ChannelDown as down:
                log.warning("start_waits", channel=self.channel.name, why=down.reason)
                await self.operators.channel_down(self.channel.name, revoked=down.revoked)
                await asyncio.sleep(down.after_ms / 1000)
            else:
                await self.operators.channel_up(self.channel.name)
                return

    async def health(self) -> Health:
        """How the program stands now."""
        alive = all(not task.done() for task in self._tasks)
        leads = sorted(self.leader.led())
        return await take_health(self.store, self.metrics, ready=self._ready and alive, leads=leads)

    async def failed(self) -> None:
        """Returns when one of the loops ended by itself, which none of them may."""
        done, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            if not task.cancelled() and task.exception() is not None:
                log.error(
                    "loop_ended",
                    loop=task.get_name(),
                    error_type=type(task.exception()).__name__,
                    exc_info=task.exception(),
                )

    async def stop(self) -> None:
        """Stop taking on work, let running sends end, and let go of everything."""
        self._ready = False
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await task
        self._tasks.clear()
        await self.cron.stop()
        await self.dispatcher.finish(SENDS_END_WITHIN_S)
        for channel in self.channels.values():
            await channel.stop()
        await self.dispatcher.finish(CUT_OFF_WITHIN_S)  # what was cut off is put back
        await self._server.stop()
        await self.store.close()
        self._only_one.release()
        log.info("stopped")

    def _run(self, loop: Coroutine[None, None, None], name: str) -> None:
        self._tasks.append(asyncio.create_task(loop, name=name))
