"""A region moves from SQLite to PostgreSQL: everything is there, and work goes on."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from storage.access_log import BOT, note, verify
from storage.moving.marks import Mark, standing_or_mark
from storage.moving.move import AlreadyMoved, move, rehearse
from storage.schema import NewerSchema, migrate, standing
from storage.store import Store
from storage.tables import Page
from tests.commands.harness import Desk
from tests.commands.morning import open_desk
from tests.kit.postgres import Postgres
from tests.storage.moving_scene import (
    POLICE,
    TABLES,
    before_insert,
    change,
    empty,
    everything,
    is_bare,
    next_number,
    on,
    there,
    url_of,
    use,
)

ODD = 'zij zei: "\\n" of \t é 🔴 \x7f \\N \u2028 ’'


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A region that was used for a while."""
    async with open_desk(tmp_path) as desk:
        await use(desk)
        yield desk
        desk.nothing_unexpected()


@pytest.fixture
async def target(desk: Desk, postgres: Postgres) -> AsyncIterator[Store]:
    async with empty(desk, postgres) as store:
        yield store


async def test_every_row_of_every_table_is_there(desk: Desk, target: Store) -> None:
    change(desk, "UPDATE person SET label = ? WHERE key = 'om_ovj1'", ODD)
    before = await everything(desk.store)
    assert sum(map(bool, before.values())) > 12, "most tables were used"
    copied = await move(desk.store, target)
    assert copied is not None
    assert await everything(target) == before
    assert copied.rows == sum(map(len, before.values()))
    assert copied.log_lines == len(before["access_log"])
    assert await standing(target.engine) == "current"
    async with target.view() as unit:
        assert (await verify(unit)).broken_at is None
        connection = await unit.session.connection()
        known = "SELECT reltuples FROM pg_class WHERE relname = 'access_log'"
        rows = (await connection.exec_driver_sql(known)).scalar_one()
        assert rows == copied.log_lines, "PostgreSQL can plan by its sizes at once"


async def test_new_rows_get_new_numbers(desk: Desk, target: Store) -> None:
    before = await everything(desk.store)
    await move(desk.store, target)
    numbered = [table for table in TABLES if table.autoincrement_column is not None]
    assert len(numbered) > 12
    expected = {
        table.name: max((row[0] for row in before[table.name]), default=0) + 1 for table in numbered
    }
    assert {table.name: await next_number(target, table) for table in numbered} == expected


async def test_an_ack_from_before_counts_and_who_did_not_answer_is_called_on(
    desk: Desk, target: Store
) -> None:
    pages = await _pages(desk.store)
    await move(desk.store, target)
    desk = on(desk, target)
    await desk.advance(30)
    after = await _pages(target)
    acked = [page for page in pages if page.state == "acked"]
    assert len(acked) > 2
    for page in acked:
        chain = [each.id for each in after if each.chain_id == page.chain_id]
        assert chain == [page.id], "nobody else of that partner was called"
    waiting = {page.chain_id for page in pages if page.state in ("called", "queued", "seen")}
    assert waiting
    for chain_id in waiting:
        assert len([page for page in after if page.chain_id == chain_id]) > 1, "the next was called"
    desk.expect_so_far()


async def test_the_region_goes_on_with_the_same_words(desk: Desk, target: Store) -> None:
    await move(desk.store, target)
    desk = on(desk, target)
    await desk["om_ovj1"].says("regie politie", desk.case_room())
    desk["om_ovj1"].expects("Regie van ", desk.case_room())
    await desk["vt_fo"].says("alarm skm Centrum")
    desk["vt_fo"].expects("Je sloeg om 15:40 al alarm")
    await desk["vt_fo"].taps("❌")
    await desk["vt_fo"].taps("1️⃣")
    desk[POLICE].expects("🔴 Alarm")
    desk.expect_so_far()
    async with target.view() as unit:
        assert (await verify(unit)).broken_at is None, "the log goes on where it was"


async def test_nobody_starts_on_the_old_one_and_it_moves_only_once(
    desk: Desk, target: Store, postgres: Postgres
) -> None:
    before = await everything(desk.store)
    await move(desk.store, target)
    found = await standing_or_mark(desk.store)
    assert found == Mark("moved", desk.now, getattr(found, "token", ""))
    for start in (migrate, standing):
        with pytest.raises(NewerSchema):
            await start(desk.store.engine)
    assert await everything(desk.store) == before, "its rows stay"
    async with empty(desk, postgres) as other:
        for again in (move, rehearse):
            for place in (target, other):
                with pytest.raises(AlreadyMoved):
                    await again(desk.store, place)
        assert await is_bare(other)


async def test_a_rehearsal_leaves_nothing_anywhere(desk: Desk, target: Store) -> None:
    before = await everything(desk.store)
    copied = await rehearse(desk.store, target)
    assert copied.rows == sum(map(len, before.values()))
    assert await standing(target.engine) == "empty"
    assert await standing(desk.store.engine) == "current"
    assert await everything(desk.store) == before
    assert await move(desk.store, target) == copied, "the real one does the same"


async def test_a_region_that_works_meanwhile_is_not_held_up(desk: Desk, target: Store) -> None:
    """The rehearsal sees one moment. Else the end of the log would not fit its lines."""
    running = there(desk, url_of(desk))
    try:
        rehearsing = asyncio.create_task(rehearse(desk.store, target))
        written = 0
        while not rehearsing.done():
            async with running.unit() as unit:
                await note(unit, BOT, "create", "test", right="test")
            written += 1
            await asyncio.sleep(0.005)
        lines = (await rehearsing).log_lines
        assert written
        async with running.view() as unit:
            verdict = await verify(unit)
        assert verdict.broken_at is None
        assert lines < verdict.rows
    finally:
        await running.close()


async def test_the_server_does_not_throw_it_out_while_it_walks_the_log(
    desk: Desk, target: Store
) -> None:
    await migrate(target.engine)
    patience = "current_setting('idle_in_transaction_session_timeout')"
    refuse = f"IF {patience} <> '0' THEN RAISE 'impatient'; END IF; RETURN NEW;"
    await before_insert(target, "measure", refuse)
    assert await move(desk.store, target)
    async with target.view() as unit:
        connection = await unit.session.connection()
        now = (await connection.exec_driver_sql(f"SELECT {patience}")).scalar_one()
        assert now != "0", "in that transaction only"


async def _pages(store: Store) -> list[Page]:
    async with store.view() as unit:
        return list(await unit.session.exec(select(Page).order_by(col(Page.id))))
