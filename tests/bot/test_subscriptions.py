"""A calendar that is kept is brought up to date every night; what is wrong with it is told once."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import select

from bot import subscriptions
from bot.calendars import Fetched, NotFetched
from bot.subscriptions import refresh_calendars
from commands.roster.files.given import Given
from commands.roster.subscription import forget_calendar, keep_calendar, kept_calendars
from commands.rules.moments import DAY, HOUR
from storage.access_log import BOT
from storage.tables import CalendarSource
from tests.commands.harness import Desk
from tests.commands.morning import open_desk
from tests.commands.roster.scene import on_duty, without_gaps

ADDRESS = "https://agenda.example/geheim.ics"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """The RvdK keeps a calendar."""
    async with open_desk(tmp_path, after=without_gaps) as desk:
        async with desk.store.unit() as unit:
            await keep_calendar(unit, ADDRESS, Given("rvdk", "contact"))
        yield desk
        desk.nothing_unexpected()


class Server:
    """What the calendar's server answers next, and what it was asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.answers: list[Fetched | NotFetched] = []
        self.asked: list[tuple[str, str | None]] = []
        monkeypatch.setattr(subscriptions, "fetch_calendar", self._fetch)

    async def _fetch(self, address: str, etag: str | None) -> Fetched:
        self.asked.append((address, etag))
        answer = self.answers.pop(0)
        if isinstance(answer, NotFetched):
            raise answer
        return answer


def calendar(person: str, begin: str = "20260711T060000Z", end: str = "20260711T200000Z") -> bytes:
    """Saturday from eight to ten, on the wall."""
    lines = (
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//x//NL", "BEGIN:VEVENT", "UID:1@x"),
        *("DTSTAMP:20260701T000000Z", f"DTSTART:{begin}", f"DTEND:{end}"),
        *(f"SUMMARY:{person}", "END:VEVENT", "END:VCALENDAR", ""),
    )
    return "\r\n".join(lines).encode()


async def test_what_changes_in_it_changes_the_roster(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server(monkeypatch)
    saturday = desk.now + DAY
    server.answers = [Fetched(calendar("rvdk_contact2"), "1"), Fetched(None, "1")]
    assert await refresh_calendars(desk.store, desk.world) == 1
    assert await on_duty(desk, saturday) == ("rvdk_contact2", None), "nobody is their own backup"
    await refresh_calendars(desk.store, desk.world)
    assert server.asked == [(ADDRESS, None), (ADDRESS, "1")]
    assert await on_duty(desk, saturday) == ("rvdk_contact2", None)
    server.answers = [Fetched(calendar("rvdk_contact1"), "2")]
    await refresh_calendars(desk.store, desk.world)
    assert await on_duty(desk, saturday) == ("rvdk_contact1", "rvdk_contact2")
    await desk.settle()
    desk.expect_so_far()  # the gap that came and went


async def test_what_is_wrong_is_told_once_and_the_shifts_stay(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server(monkeypatch)
    server.answers = [
        Fetched(calendar("rvdk_contact1"), None),
        NotFetched("url_slow"),
        NotFetched("url_slow"),
        Fetched(calendar("iemand anders"), None),
    ]
    for _ in range(3):
        await refresh_calendars(desk.store, desk.world)
    await desk.settle()
    told = desk["rvdk_ap"].expects("⚠️ De agenda van RvdK kan ik niet lezen: De agenda kwam niet")
    assert "De diensten blijven zoals ze waren." in told.text
    assert sum("kan ik niet lezen" in each.text for each in desk["rvdk_ap"].screen()) == 1
    assert await refresh_calendars(desk.store, desk.world) == 0
    await desk.settle()
    desk["rvdk_ap"].expects("kan ik niet lezen: er staat iets in dat niet klopt.")
    assert await on_duty(desk, desk.now + DAY) == ("rvdk_contact1", "rvdk_contact2")


async def test_the_address_stands_sealed_and_its_shifts_go_with_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    Server(monkeypatch).answers = [Fetched(calendar("rvdk_contact2"), None)]
    await refresh_calendars(desk.store, desk.world)
    async with desk.store.view() as unit:
        (row,) = (await unit.session.exec(select(CalendarSource))).all()
        assert "agenda.example" not in row.address
    async with desk.store.unit() as unit:
        assert await forget_calendar(unit, desk.world, 1, BOT, "console")
        assert not await forget_calendar(unit, desk.world, 1, BOT, "console")
    async with desk.store.view() as unit:
        assert not await kept_calendars(unit)
    saturday = desk.now + DAY
    assert await on_duty(desk, saturday) == ("rvdk_contact1", "rvdk_contact2")
    assert await on_duty(desk, saturday + 7 * HOUR) == ("rvdk_contact2", "rvdk_contact1")


async def test_once_a_week_it_is_read_even_if_it_did_not_change(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes back is laid out thirteen months ahead, and would run out one day."""
    server = Server(monkeypatch)
    server.answers = [Fetched(calendar("rvdk_contact1"), "1"), Fetched(None, "1")]
    await refresh_calendars(desk.store, desk.world)
    desk.time[0] += 6 * DAY
    await refresh_calendars(desk.store, desk.world)
    desk.time[0] += DAY
    server.answers = [Fetched(calendar("rvdk_contact1"), "1")]
    await refresh_calendars(desk.store, desk.world)
    assert [etag for _, etag in server.asked] == [None, "1", None]
