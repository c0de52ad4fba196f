"""Updates are kept until the bot confirms them, go to one reader, and say what people did."""

import asyncio

import pytest
from aiohttp import web
from telegram import Bot, MessageOriginUser, Update
from telegram.error import Conflict

from tests.kit.telegram.server import FakeTelegram


def texts(updates: tuple[Update, ...]) -> list[str | None]:
    return [update.message.text if update.message else None for update in updates]


async def test_start_by_a_link_is_a_command_with_its_token(server: FakeTelegram, bot: Bot) -> None:
    anna = server.person("anna")
    await anna.starts(payload="k7-token")
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.text == "/start k7-token"
    assert update.message.chat.id == anna.id
    assert list(update.message.parse_entities().values()) == ["/start"]


async def test_a_long_poll_ends_when_something_comes(server: FakeTelegram, bot: Bot) -> None:
    anna = server.person("anna")
    poll = asyncio.create_task(bot.get_updates(timeout=50))
    while not server.log.of("getUpdates"):
        await asyncio.sleep(0)
    assert not poll.done()
    await anna.starts()
    assert texts(await poll) == ["/start"]


async def test_what_is_not_confirmed_comes_again(server: FakeTelegram, bot: Bot) -> None:
    anna = server.person("anna")
    await anna.starts()
    for word in ("een", "twee", "drie"):
        await anna.writes(word)
    first = await bot.get_updates(limit=2)
    assert texts(first) == ["/start", "een"]
    assert texts(await bot.get_updates(limit=2)) == ["/start", "een"]
    offset = first[-1].update_id + 1
    rest = await bot.get_updates(offset=offset)
    assert texts(rest) == ["twee", "drie"]
    assert texts(await bot.get_updates(offset=offset)) == ["twee", "drie"]
    assert server.updates.confirmed == [update.update_id for update in first]
    assert texts(await bot.get_updates(offset=-1)) == ["drie"]
    assert texts(await bot.get_updates()) == ["drie"]
    assert await bot.get_updates(offset=rest[-1].update_id + 1) == ()


async def test_nothing_is_kept_longer_than_a_day(server: FakeTelegram, bot: Bot) -> None:
    anna = server.person("anna")
    await anna.starts()
    server.clock.move(hours=23)
    await anna.writes("later")
    server.clock.move(hours=2)
    assert texts(await bot.get_updates()) == ["later"]


async def test_only_the_kinds_asked_for_come_and_that_is_remembered(
    server: FakeTelegram, bot: Bot
) -> None:
    anna = server.person("anna")
    await anna.starts()
    said = await anna.writes("stand")
    await anna.reacts(said, "👍")
    assert len(await bot.get_updates(allowed_updates=["message", "message_reaction"])) == 2
    await anna.edits(said, "status")
    await anna.reacts(said, "👍")
    assert len(await bot.get_updates()) == 3
    assert (await bot.get_updates())[-1].message_reaction is not None


async def test_a_second_poller_sends_the_first_away(server: FakeTelegram, bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=50))
    while not server.log.of("getUpdates"):
        await asyncio.sleep(0)
    second = asyncio.create_task(bot.get_updates(timeout=50))
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await first
    await server.person("anna").starts()
    assert texts(await second) == ["/start"]


async def test_a_poll_and_a_webhook_exclude_each_other(server: FakeTelegram, bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=50))
    while not server.log.of("getUpdates"):
        await asyncio.sleep(0)
    await bot.set_webhook("https://bot.example/hook")
    with pytest.raises(Conflict, match="terminated by setWebhook"):
        await poll
    with pytest.raises(Conflict, match="while webhook is active"):
        await bot.get_updates()
    assert (await bot.get_webhook_info()).url == "https://bot.example/hook"
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


async def test_a_webhook_gets_each_update_until_it_takes_it(server: FakeTelegram, bot: Bot) -> None:
    came: asyncio.Queue[tuple[str | None, int]] = asyncio.Queue()
    answers = iter([500, 200, 200])

    async def hook(request: web.Request) -> web.Response:
        update = await request.json()
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token")
        came.put_nowait((secret, update["update_id"]))
        return web.Response(status=next(answers))

    app = web.Application()
    app.router.add_post("/hook", hook)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port = runner.addresses[0][1]
        await bot.set_webhook(f"http://127.0.0.1:{port}/hook", secret_token="geheim")
        anna = server.person("anna")
        await anna.starts()
        await anna.writes("stand")
        got = [await asyncio.wait_for(came.get(), 30) for _ in range(3)]
        first, second = got[0][1], got[2][1]
        assert got == [("geheim", first), ("geheim", first), ("geheim", second)]
        assert "500" in ((await bot.get_webhook_info()).last_error_message or "")
        while server.updates.pending:
            await asyncio.sleep(0)
    finally:
        await runner.cleanup()


async def test_an_update_that_the_library_cannot_parse_is_there_as_json(
    server: FakeTelegram, bot: Bot
) -> None:
    anna = server.person("anna")
    await anna.starts()
    number = server.updates.add_garbled()
    await anna.writes("stand")
    with pytest.raises((AttributeError, TypeError, ValueError)):
        await bot.get_updates()
    body = await bot.request.post(f"{server.base_url}{server.token}/getUpdates")
    assert isinstance(body, list)
    assert [update["update_id"] for update in body] == [number - 1, number, number + 1]


async def test_an_update_can_come_twice(server: FakeTelegram, bot: Bot) -> None:
    anna = server.person("anna")
    await anna.starts()
    (update,) = await bot.get_updates()
    assert await bot.get_updates(offset=update.update_id + 1) == ()
    server.updates.repeat(update.update_id)
    (again,) = await bot.get_updates()
    assert again.to_dict() == update.to_dict()


async def test_what_people_do_in_their_own_chat(server: FakeTelegram, bot: Bot) -> None:
    anna, bea = server.person("anna"), server.person("bea", language="en")
    await anna.starts()
    said = await anna.writes("alarm skm")
    await anna.edits(said, "alarm ouderen")
    await anna.forwards("alarm skm", by=bea)
    await anna.sends_photo("letsel")
    await anna.sends_file("verslag.pdf", b"%PDF")
    await anna.blocks()
    await anna.unblocks()
    _, wrote, edited, forwarded, photo, file, blocked, unblocked = await bot.get_updates()
    assert wrote.message is not None
    assert edited.edited_message is not None
    assert edited.edited_message.text == "alarm ouderen"
    assert edited.edited_message.message_id == wrote.message.message_id
    assert forwarded.message is not None
    origin = forwarded.message.forward_origin
    assert isinstance(origin, MessageOriginUser)
    assert origin.sender_user.id == bea.id
    assert photo.message is not None
    assert photo.message.photo
    assert photo.message.caption == "letsel"
    assert file.message is not None
    assert file.message.document is not None
    statuses = [
        (update.my_chat_member.old_chat_member.status, update.my_chat_member.new_chat_member.status)
        for update in (blocked, unblocked)
        if update.my_chat_member
    ]
    assert statuses == [("member", "kicked"), ("kicked", "member")]


async def test_a_start_ends_a_block(server: FakeTelegram, bot: Bot) -> None:
    anna = server.person("anna")
    await anna.starts()
    await anna.blocks()
    await anna.starts("nieuw")
    kinds = [bool(update.my_chat_member) for update in await bot.get_updates()]
    assert kinds == [False, True, True, False]
    await bot.send_message(anna.id, "welkom terug")
    await anna.expects("welkom terug")
