"""Documents in the own chat: what is fetched, for whom, and what is said of the rest."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from bot.channels.base import Fetch
from commands.files import MOST_BYTES, MOST_FETCHES
from commands.update import Document, update_from
from storage.tables import OutboxRow
from tests.commands.harness import Desk
from tests.commands.morning import open_desk

NOT_TAKEN = "Foto's en spraak neem ik niet aan."


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path) as desk:
        yield desk
        desk.nothing_unexpected()


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, bytes]]:
    """Who sent what, as it was handed on: reading rosters is tested where it is done."""
    came: list[tuple[str, str, bytes]] = []

    async def read(
        _unit: Any, _world: Any, person: Any, name: str, content: bytes
    ) -> tuple[str, str, bytes]:
        return person.key, name, content

    async def take(_unit: Any, _world: Any, _who: Any, read: tuple[str, str, bytes]) -> None:
        came.append(read)

    monkeypatch.setattr("commands.files.read_file", read)
    monkeypatch.setattr("commands.files.take_file", take)
    return came


async def sends(desk: Desk, key: str, name: str, size: int | None = 3, **more: Any) -> None:
    phone = desk[key]
    document = Document(name, "text/csv", size, "where")
    room = more.pop("room", phone.direct)
    await desk.update("file", room, phone.address, document=document, **more)


async def rows(desk: Desk) -> list[OutboxRow]:
    async with desk.store.view() as unit:
        return list(await unit.session.exec(select(OutboxRow).where(OutboxRow.kind == "fetch")))


@pytest.mark.parametrize("name", ["r.xlsx", "R.XLSX", "r.xlsm", "r.xls", "r.csv", "r.ics", "r.txt"])
async def test_a_contact_point_sends_a_roster(
    desk: Desk, taken: list[tuple[str, str, bytes]], name: str
) -> None:
    desk.sent_files["where"] = b"a;b"
    await sends(desk, "om_ap", name)
    assert taken == [("om_ap", name, b"a;b")]
    (fetch,) = desk.carried(Fetch)
    assert (fetch.room, fetch.source, fetch.most_bytes) == (desk["om_ap"].direct, "where", 2**21)
    (row,) = await rows(desk)
    assert (row.state, row.payload) == ("sent", ""), "its key is gone as well"


async def test_a_name_is_made_plain(desk: Desk, taken: list[tuple[str, str, bytes]]) -> None:
    desk.sent_files["where"] = b"a"
    await sends(desk, "om_ap", "C:\\werk\\../r\u202exslx.csv\n.csv")
    assert taken[0][1] == "r xslx.csv .csv"
    await sends(desk, "om_ap", "x" * 300 + ".csv")
    assert (len(taken[1][1]), taken[1][1][-5:]) == (100, "x.csv")


async def test_others_and_other_things_get_the_answer_as_before(
    desk: Desk, taken: list[tuple[str, str, bytes]]
) -> None:
    await sends(desk, "om_ovj1", "r.csv")
    desk["om_ovj1"].expects(NOT_TAKEN)
    await desk.update("file", desk["om_ap"].direct, desk["om_ap"].address)  # a photo
    desk["om_ap"].expects(NOT_TAKEN)
    group = desk.rooms_named[desk.world.region.matrix.group_room_name or ""]
    await sends(desk, "om_ap", "r.csv", room=group)
    assert (taken, await rows(desk)) == ([], [])


async def test_another_kind_and_too_much_are_not_fetched(desk: Desk) -> None:
    for name in ("rooster.pdf", "csv", "", "r.csv.exe"):
        await sends(desk, "om_ap", name)
        desk["om_ap"].expects("Dit bestand kan ik niet lezen.")
    await sends(desk, "om_ap", "r.csv", MOST_BYTES + 1)
    desk["om_ap"].expects("Dit bestand is te groot. Ik neem hoogstens 2 MB.")
    assert await rows(desk) == []
    desk.expect_so_far()


async def test_who_lied_about_the_size_hears_the_same(
    desk: Desk, taken: list[tuple[str, str, bytes]]
) -> None:
    desk.sent_files["where"] = b"x" * (MOST_BYTES + 1)
    await sends(desk, "om_ap", "r.csv", size=None)
    desk["om_ap"].expects("Dit bestand is te groot.")
    assert taken == []


async def test_what_cannot_be_had_is_asked_for_again(
    desk: Desk, taken: list[tuple[str, str, bytes]]
) -> None:
    desk.refuses_kinds.add(Fetch)
    await sends(desk, "om_ap", "r.csv")
    desk["om_ap"].expects("Het bestand kwam niet goed aan. Stuur het nog eens.")
    assert taken == []
    (row,) = await rows(desk)
    assert (row.state, row.payload) == ("failed", "")


async def test_who_is_no_contact_point_any_more_is_not_heard(
    desk: Desk, taken: list[tuple[str, str, bytes]]
) -> None:
    from commands.files import file_came
    from commands.people import by_key

    desk.sent_files["where"] = b"a"
    await sends(desk, "om_ap", "r.csv")
    async with desk.store.unit() as unit:
        person = await by_key(unit, "om_ap")
        assert person is not None
        person.roles = "duty"
    (row,) = await rows(desk)
    async with desk.store.unit() as unit:
        await file_came(unit, desk.world, row, ())
    assert len(taken) == 1


def test_an_update_survives_the_inbox() -> None:
    import json
    from dataclasses import asdict

    from commands.update import Update

    update = Update("1", "file", "r", "s", 1, document=Document("r.csv", "", None, "where"))
    assert update_from(json.loads(json.dumps(asdict(update)))) == update
    text = Update("1", "text", "r", "s", 1, text="stand")
    assert update_from(json.loads(json.dumps(asdict(text)))) == text


async def test_after_some_attempts_it_is_given_up(desk: Desk) -> None:
    from commands.delivered import put_off
    from storage import outbox

    async with desk.store.unit() as unit:
        row = outbox.queue(
            unit,
            channel="matrix",
            destination="person:1:matrix",
            kind="fetch",
            payload={"name": "r.csv", "source": "where", "most_bytes": 1},
        )
        for attempt in range(1, MOST_FETCHES):
            row.attempts = attempt
            await put_off(unit, desk.world, row, "HTTP 502")
            assert row.state == "pending"
        row.attempts = MOST_FETCHES
        await put_off(unit, desk.world, row, "HTTP 502")
        assert row.state == "failed"
    await desk.settle()
    first = next(each for each in desk.shown if "Stuur het nog eens." in each.text)
    first.expected = True
