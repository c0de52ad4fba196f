"""The menu of commands: it stands in each language, and each word of it does what it says."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.channels.base import Say
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.check import log_in_and_check
from bot.channels.telegram.line import TelegramAccount
from bot.channels.telegram.menu import PLACES, Menu, Part, face_of
from commands.declare import COMMANDS
from commands.typed import find_command
from config.region import Region
from storage.tables import GroupRoom
from tests.channels.showing_samples import demo
from tests.channels.telegram.conftest import SHORT
from tests.commands.harness import Desk
from tests.commands.telegram_scene import TELEGRAM, enrolled, open_telegram_desk, types
from tests.kit.telegram.face import menu_of
from tests.kit.telegram.faults import Fault, Hang, Noise, Page, Refuse
from tests.kit.telegram.refusal import Json
from tests.kit.telegram.server import FakeTelegram

GROUP = "-4000001"
SAYS = {  # what comes of the bare word
    "alarm": "Wat is er aan de hand? Direct gevaar? Bel 112.",
    "status": "Je hebt geen open casus.",
    "duty": "Nu (",
    "test": "🔵 TEST, geen echt alarm.",
    "language": "Welke taal?",
    "help": "Wat kan hier:",
}
ENTRIES = [
    (place, command_words[0])
    for place, (_, names) in PLACES.items()
    for name in names
    for command_words in (COMMANDS[name].nl, COMMANDS[name].en)
]


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Region:
    return demo(tmp_path_factory.mktemp("region") / "lage-dijk")


@pytest.fixture
async def start(telegram: FakeTelegram, region: Region) -> AsyncIterator[Any]:
    """Starts the bot with its menu."""
    made: list[TelegramChannel] = []

    async def begin(face: tuple[Part, ...] = ()) -> TelegramChannel:
        account = TelegramAccount(telegram.token, telegram.url, SHORT)
        channel = TelegramChannel(account, telegram.clock.now, None, face or face_of(region))
        made.append(channel)
        await channel.start(None)
        return channel

    yield begin
    for channel in made:
        await channel.stop()


async def done(channel: TelegramChannel) -> bool:
    """Whether all of it stands, once that is over."""
    async with asyncio.timeout(10):
        assert channel._showing is not None
        return await channel._showing


def words(menu: list[Json]) -> list[str]:
    return [entry["command"] for entry in menu]


def settings(telegram: FakeTelegram) -> int:
    return sum(call.method.startswith("setMy") for call in telegram.log)


async def test_it_stands_in_dutch_for_everybody_and_in_english_for_who_reads_that(
    telegram: FakeTelegram, start: Any
) -> None:
    assert await done(await start())
    dutch = ["alarm", "stand", "dienst", "test", "taal", "hulp"]
    english = ["alert", "status", "duty", "test", "language", "help"]
    assert words(menu_of(telegram, "all_private_chats", "nl")) == dutch
    assert words(menu_of(telegram, "all_private_chats", "de")) == dutch
    assert words(menu_of(telegram, "all_private_chats", "en")) == english
    assert words(menu_of(telegram, "all_group_chats", "nl")) == ["alarm", "dienst", "hulp"]
    assert words(menu_of(telegram, "all_group_chats", "en")) == ["alert", "duty", "help"]
    first = menu_of(telegram, "all_private_chats", "nl")[0]
    assert first["description"] == "Sla alarm in 3 tikken"
    assert telegram.about["short", ""].startswith("Besloten kanaal")
    assert telegram.about["short", "en"].startswith("Closed channel")
    assert telegram.about["long", ""].startswith("Dit kanaal is besloten.")
    assert "0800-2000" in telegram.about["long", "en"]


async def test_what_stands_already_is_not_set_again(telegram: FakeTelegram, start: Any) -> None:
    await done(await start())
    assert settings(telegram) == 10
    telegram.log.clear()
    assert await done(await start())
    assert settings(telegram) == 0
    scope = next(key for key in telegram.commands if "private" in key and '"en"' in key)
    telegram.commands[scope] = [{"command": "old", "description": "From last year"}]
    assert await done(await start())
    assert settings(telegram) == 1
    assert words(telegram.commands[scope])[0] == "alert"


@pytest.mark.parametrize(
    "fault",
    [Refuse(400), Refuse(401, "Unauthorized"), Page(), Noise(), Noise(b'{"ok":true,"result":7}')],
    ids=["400", "401", "502", "half", "number"],
)
async def test_without_it_the_bot_works_all_the_same(
    telegram: FakeTelegram, start: Any, fault: Fault
) -> None:
    telegram.faults.always("getMyCommands", fault)
    channel = await start()
    assert not await done(channel)
    anna = telegram.person("anna")
    await anna.starts()
    assert (await channel.receive(None)).updates
    await channel.send(Say(str(anna.id), "k", "Pak je dit op?", loud=True, urgent=True))
    await anna.expects("Pak je dit op?")
    assert settings(telegram) == 0


async def test_nothing_waits_for_a_menu_that_hangs(telegram: FakeTelegram, start: Any) -> None:
    hang = Hang()
    telegram.faults.always("getMyCommands", hang)
    channel = await start()
    await hang.met.wait()
    anna = telegram.person("anna")
    await anna.starts()
    assert (await channel.receive(None)).updates
    await channel.stop()
    assert settings(telegram) == 0


async def test_check_says_whether_it_stands(
    telegram: FakeTelegram, start: Any, region: Region
) -> None:
    account, face = TelegramAccount(telegram.token, telegram.url, SHORT), face_of(region)

    async def line() -> tuple[str, bool, bool]:
        told = await log_in_and_check(account, telegram.clock.now, "", face)
        return next(
            (each.detail.key, each.ready, each.warns)
            for each in told
            if each.name == "check.telegram_menu"
        )

    assert await line() == ("check.telegram_menu.unset", True, True)
    assert settings(telegram) == 0
    await done(await start())
    assert await line() == ("check.telegram_menu.ready", True, False)
    telegram.faults.once("getMyDescription", Page())
    assert await line() == ("check.telegram_menu.unknown", True, True)


def test_a_region_that_speaks_english_has_dutch_beside_it(region: Region) -> None:
    face = face_of(region.model_copy(update={"language": "en"}))
    first = {part.language: part.entries[0][0] for part in face if isinstance(part, Menu)}
    assert first == {"": "alert", "nl": "alarm"}


def test_the_walk_knows_every_entry(region: Region) -> None:
    parts = [part for part in face_of(region) if isinstance(part, Menu)]
    found = {(part.place, word) for part in parts for word, _ in part.entries}
    assert found == set(ENTRIES)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_telegram_desk(tmp_path) as desk:
        yield desk
        desk.nothing_unexpected()


@pytest.mark.parametrize(("place", "word"), ENTRIES)
async def test_each_word_of_the_menu_does_what_it_says(desk: Desk, place: str, word: str) -> None:
    """The menu sends the bare word, with our name behind it in groups (taken off by then)."""
    phone = await enrolled(desk, "politie_cvd1", "5001", "politie_ap")
    async with desk.store.unit() as unit:
        unit.session.add(GroupRoom(channel=TELEGRAM, address=GROUP))
    desk.expect_so_far()
    found = find_command(f"/{word}")
    assert found is not None
    in_group = PLACES[place][0] == "group"
    await types(phone, f"/{word}", GROUP if in_group else None)
    name = found[0].name
    if in_group and name == "alarm":
        phone.expects("Ik vraag de rest in ons eigen gesprek.")
    phone.expects(SAYS[name], GROUP if in_group and name == "duty" else None)
