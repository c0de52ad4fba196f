"""The order in which the outbox is emptied."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlmodel import select

from storage import leases, outbox
from storage.engine import open_engine
from storage.schema import migrate
from storage.sealing import Vault
from storage.store import Store, Unit
from storage.tables import OutboxRow

CHANNELS = ("matrix", "telegram")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """An empty database."""
    engine = open_engine(f"sqlite+aiosqlite:///{tmp_path}/a.sqlite3")
    await migrate(engine)
    store = Store(engine, Vault([Fernet.generate_key()]), b"log", "r", lambda: 1_000)
    yield store
    await store.close()


def say(unit: Unit, place: str, text: str, lane: int, slot: str | None = None) -> OutboxRow:
    """Something to send."""
    payload = {"text": text}
    return outbox.queue(
        unit,
        channel="matrix",
        destination=place,
        kind="say",
        payload=payload,
        lane=lane,
        slot=slot,
    )


async def claimed(store: Store, **given: object) -> list[str]:
    """What would be sent now, by its words."""
    async with store.unit() as unit:
        rows = await leases.claim(unit, limit=10, lanes=outbox.HEADLINES, **given)  # type: ignore[arg-type]
        return [outbox.opened(unit, row, None)["text"] for row in rows]


async def sent(store: Store) -> None:
    """What was claimed has arrived."""
    async with store.unit() as unit:
        await leases.release_leases(unit, CHANNELS, known=CHANNELS)
        rows = await leases.claim(unit, limit=10, lanes=outbox.HEADLINES)
        for row in rows:
            outbox.finish(unit, row, "sent")


async def test_pages_go_first_and_alone(store: Store) -> None:
    async with store.unit() as unit:
        say(unit, "case:1", "headline", outbox.HEADLINES)
        say(unit, "person:1", "answer", outbox.ANSWERS)
        say(unit, "person:2", "page", outbox.PAGES)
        say(unit, "person:3", "page too", outbox.PAGES)
    assert await claimed(store) == ["page", "page too"]
    await sent(store)
    assert await claimed(store) == ["answer", "headline"]


async def test_within_a_destination_nothing_overtakes(store: Store) -> None:
    async with store.unit() as unit:
        say(unit, "person:1", "first", outbox.ANSWERS)
        say(unit, "person:1", "second", outbox.ANSWERS)
        say(unit, "person:2", "other", outbox.ANSWERS)
    assert await claimed(store) == ["first", "other"]
    assert await claimed(store) == [], "the second waits until the first has arrived"
    await sent(store)
    assert await claimed(store) == ["second"]


async def test_a_page_overtakes_what_waits_for_the_same_person(store: Store) -> None:
    async with store.unit() as unit:
        say(unit, "person:1", "answer", outbox.ANSWERS)
        say(unit, "person:1", "page", outbox.PAGES)
    assert await claimed(store) == ["page"]


async def test_a_page_overtakes_what_is_on_its_way_but_no_other_page(store: Store) -> None:
    async with store.unit() as unit:
        say(unit, "person:1", "answer", outbox.ANSWERS)
    assert await claimed(store) == ["answer"]
    async with store.unit() as unit:
        say(unit, "person:1", "page", outbox.PAGES)
        say(unit, "person:1", "answer too", outbox.ANSWERS)
    assert await claimed(store) == ["page"]
    async with store.unit() as unit:
        say(unit, "person:1", "reminder", outbox.PAGES)
    assert await claimed(store) == [], "the answer and the reminder wait until those have arrived"
    await sent(store)
    assert await claimed(store) == ["reminder"]


async def test_a_resting_destination_holds_up_nobody_else(store: Store) -> None:
    async with store.unit() as unit:
        say(unit, "person:1", "held", outbox.PAGES)
        say(unit, "person:2", "goes", outbox.PAGES)
    assert await claimed(store, held_for_all=["person:1"]) == ["goes"]


async def test_a_page_goes_where_only_the_others_rest(store: Store) -> None:
    async with store.unit() as unit:
        say(unit, "person:1", "held", outbox.ANSWERS)
    assert await claimed(store, held=["person:1"]) == []
    async with store.unit() as unit:
        say(unit, "person:1", "page", outbox.PAGES)
    assert await claimed(store, held=["person:1"]) == ["page"]


async def test_only_that_headline_rests(store: Store) -> None:
    async with store.unit() as unit:
        say(unit, "group", "agreement", outbox.REST, "progress:1")
        rests = say(unit, "group", "headline 1", outbox.HEADLINES, "progress:1")
        say(unit, "group", "headline 2", outbox.HEADLINES, "progress:2")
        say(unit, "case:1", "headline", outbox.HEADLINES, "progress:1")
        held = [leases.standing_at(rests)]
    assert await claimed(store, held_headlines=held) == ["agreement", "headline"]
    async with store.unit() as unit:
        for row in await unit.session.exec(select(OutboxRow).where(OutboxRow.state == "sending")):
            outbox.finish(unit, row, "sent")
    assert await claimed(store, held_headlines=held) == ["headline 2"]


async def test_what_was_being_sent_goes_again_after_a_restart_with_the_same_row(
    store: Store,
) -> None:
    async with store.unit() as unit:
        row = say(unit, "person:1", "page", outbox.PAGES)
    assert await claimed(store) == ["page"]
    async with store.unit() as unit:
        assert await leases.release_leases(unit, CHANNELS, known=CHANNELS) == 1
        again = await leases.claim(unit, limit=1, lanes=outbox.PAGES)
        assert [each.id for each in again] == [row.id]


async def test_what_was_sent_is_blanked(store: Store) -> None:
    async with store.unit() as unit:
        row = say(unit, "person:1", "page", outbox.PAGES)
        outbox.finish(unit, row, "sent")
    assert row.payload == ""
