"""Everything on the wire is held against a description of the Bot API that is not ours."""

import aiohttp
import pytest

from tests.kit.telegram import description
from tests.kit.telegram.client import client
from tests.kit.telegram.server import FakeTelegram, Unclean


async def asked(server: FakeTelegram, method: str, **parameters: object) -> int:
    """The status of a request that no library of ours would make."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{server.base_url}{server.token}/{method}", json=parameters) as answer,
    ):
        return answer.status


@pytest.mark.parametrize(
    ("method", "parameters", "status", "violation"),
    [
        (
            "sendMessage",
            {"chat_id": 1, "text": "x", "loud": True},
            400,
            "sendMessage: unknown loud",
        ),
        ("sendMessage", {"chat_id": 1}, 400, "sendMessage: text: Field required"),
        ("getUpdates", {"offset": "soon"}, 400, "getUpdates: offset"),
        ("getMe", {"verbose": 1}, 200, "getMe: unknown verbose"),
        ("sendPigeon", {}, 404, "sendPigeon: no such method"),
        (
            "sendMessage",
            {
                "chat_id": 1,
                "text": "x",
                "reply_markup": {"inline_keyboard": [[{"text": "a", "colour": "red"}]]},
            },
            400,
            "sendMessage: unknown reply_markup.inline_keyboard.0.0.colour",
        ),
    ],
)
async def test_a_request_that_is_not_described_fails_the_end(
    method: str, parameters: dict[str, object], status: int, violation: str
) -> None:
    with pytest.raises(Unclean, match=violation):
        async with FakeTelegram() as server:
            assert await asked(server, method, **parameters) == status


async def test_a_described_method_that_the_fake_lacks_fails_the_end() -> None:
    with pytest.raises(Unclean, match="sendDice: this server does not have it"):
        async with FakeTelegram() as server:
            assert await asked(server, "sendDice", chat_id=1) == 404


async def test_what_the_library_sends_is_as_described() -> None:
    async with FakeTelegram() as server, client(server) as bot:
        await bot.set_my_commands([("alarm", "Sla alarm in 3 tikken")], language_code="nl")
        assert [one.command for one in await bot.get_my_commands(language_code="nl")] == ["alarm"]
        assert server.violations == []


async def test_an_update_of_ours_that_is_not_described_fails_the_end() -> None:
    with pytest.raises(Unclean, match="update: message"):
        async with FakeTelegram() as server:
            server.updates.add("message", {"message_id": 1})


async def broken_story() -> None:
    async with FakeTelegram() as server:
        server.violations.append("something")
        raise ZeroDivisionError


async def test_a_failure_inside_is_not_hidden_by_violations() -> None:
    with pytest.raises(ZeroDivisionError):
        await broken_story()


async def test_results_are_compared_to_the_letter() -> None:
    user = {"id": 1, "is_bot": True, "first_name": "x"}
    assert description.result("getMe", user) == []
    assert description.result("getMe", {"id": 1, "is_bot": True}) != []
    assert "unknown colour" in description.result("getMe", user | {"colour": "red"})[0]
    assert "which means" in description.result("getMe", user | {"id": "1"})[0]
    assert description.result("deleteMessage", True) == []


async def test_refusals_are_compared_to_the_letter() -> None:
    body = {"ok": False, "error_code": 429, "description": "x", "parameters": {"retry_after": 3}}
    assert description.refusal(body) == []
    assert description.refusal(body | {"parameters": {"retry_later": 3}}) != []
    assert description.refusal(body | {"error_code": "429"}) != []


async def test_updates_are_compared_to_the_letter() -> None:
    chat = {"id": 1, "type": "private", "first_name": "x"}
    message = {"message_id": 1, "date": 1_800_000_000, "chat": chat, "text": "x"}
    assert description.update({"update_id": 1, "message": message}) == []
    for wrong in ({"date": "gisteren"}, {"txet": "x"}, {"entities": [{"type": "bold"}]}):
        assert description.update({"update_id": 1, "message": message | wrong}) != []
