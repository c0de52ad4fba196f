"""The feeds over HTTP: what a calendar program sees of them, and what everybody else does."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from icalendar import Calendar
from sqlmodel import col, select

from bot.feeds import Feeds
from commands.roster.feed_link import link
from config.region import Calendar as PublicCalendar
from storage.tables import Person
from tests.commands.harness import Desk
from tests.commands.morning import open_desk

ADDRESS = "https://kortelijn.lagedijk.example"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path) as desk:
        region = desk.world.region.model_copy(update={"calendar": PublicCalendar(address=ADDRESS)})
        desk.world = replace(desk.world, region=region)
        yield desk


@pytest.fixture
async def web_client(desk: Desk) -> AsyncIterator[ClientSession]:
    """Somebody outside, with the reverse proxy left out."""
    app = web.Application()
    app.router.add_routes(Feeds(desk.store, desk.world).routes())
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    async with ClientSession(f"http://127.0.0.1:{port}") as session:
        yield session
    await runner.cleanup()


async def path_of(desk: Desk, key: str) -> str:
    async with desk.store.view() as unit:
        person = (await unit.session.exec(select(Person).where(col(Person.key) == key))).one()
        return (link(unit, desk.world, person, "own") or "").removeprefix(ADDRESS)


async def test_a_calendar_program_gets_it_and_then_only_what_is_new(
    desk: Desk, web_client: ClientSession
) -> None:
    path = await path_of(desk, "rvdk_contact1")
    async with web_client.get(path) as answer:
        assert answer.status == 200
        assert answer.content_type == "text/calendar"
        assert answer.headers["Cache-Control"].startswith("private")
        tag = answer.headers["ETag"]
        calendar = Calendar.from_ical(await answer.read())
        assert len(calendar.walk("VEVENT")) > 90
    desk.time[0] += 60_000
    async with web_client.get(path, headers={"If-None-Match": tag}) as answer:
        assert (answer.status, await answer.read()) == (304, b"")
        assert answer.headers["ETag"] == tag
    async with desk.store.unit() as unit:
        found = await unit.session.exec(select(Person).where(Person.key == "rvdk_contact1"))
        found.one().language = "en"
    async with web_client.get(path, headers={"If-None-Match": tag}) as answer:
        assert answer.status == 200
        assert "SUMMARY:Duty: RvdK" in await answer.text()


async def test_wrong_old_and_ended_look_the_same(desk: Desk, web_client: ClientSession) -> None:
    old, left = await path_of(desk, "rvdk_contact1"), await path_of(desk, "rvdk_contact2")
    async with desk.store.unit() as unit:
        people = {each.key: each for each in await unit.session.exec(select(Person))}
        people["rvdk_contact1"].feed_version += 1
        people["rvdk_contact2"].active = False
    answers = set()
    for path in (old, left, "/rooster/AAAA.ics", f"/rooster/{'A' * 500}.ics", "/rooster/é.ics"):
        async with web_client.get(path) as answer:
            answers.add((answer.status, await answer.text(), answer.headers.get("ETag")))
    assert answers == {(404, "404: Not Found", None)}


async def test_nothing_else_is_there(desk: Desk, web_client: ClientSession) -> None:
    for path in ("/", "/rooster/", "/rooster/x", "/rooster/a/b.ics"):
        async with web_client.get(path) as answer:
            assert answer.status == 404
    async with web_client.post(await path_of(desk, "rvdk_contact1")) as answer:
        assert answer.status == 405


async def test_without_a_public_address_there_are_no_feeds(tmp_path: Path) -> None:
    async with open_desk(tmp_path / "other") as desk:
        assert Feeds(desk.store, desk.world).routes() == []
