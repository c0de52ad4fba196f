"""What does not move, and that nothing has changed then, on neither side."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.moving.move import BrokenLog, Differs, NotEmpty, NotMovable, move, rehearse
from storage.moving.rows import Unfit
from storage.schema import NewerSchema, migrate, standing
from storage.store import Store
from storage.tables import Person
from tests.commands.harness import Desk
from tests.commands.morning import open_desk
from tests.kit.postgres import Postgres
from tests.storage.moving_scene import (
    before_insert,
    change,
    empty,
    everything,
    is_bare,
    there,
    use,
    write,
)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path) as desk:
        await use(desk)
        yield desk


@pytest.fixture
async def target(desk: Desk, postgres: Postgres) -> AsyncIterator[Store]:
    async with empty(desk, postgres) as store:
        yield store


@pytest.mark.parametrize(
    ("harm", "number"),
    [
        ("UPDATE access_log SET what = 'iets' WHERE number = 5", 5),
        ("DELETE FROM access_log WHERE number = 7", 7),
    ],
)
@pytest.mark.parametrize("how", [move, rehearse])
async def test_a_broken_log_does_not_move(
    desk: Desk, target: Store, harm: str, number: int, how: object
) -> None:
    change(desk, harm)
    with pytest.raises(BrokenLog) as broken:
        await (move if how is move else rehearse)(desk.store, target)
    assert (broken.value.number, broken.value.before) == (number, number - 1)
    assert await is_bare(target)
    assert await standing(desk.store.engine) == "current"


async def test_a_database_that_somebody_uses_is_left_alone(desk: Desk, target: Store) -> None:
    await migrate(target.engine)
    async with target.unit() as unit:
        unit.session.add(
            Person(region_id="elders", key="a", partner="om", label="a", roles="", functions="")
        )
    before = await everything(target)
    for how in (move, rehearse):
        with pytest.raises(NotEmpty):
            await how(desk.store, target)
    assert await everything(target) == before
    assert await standing(desk.store.engine) == "current"


async def test_tables_without_a_row_are_as_good_as_none(desk: Desk, target: Store) -> None:
    await migrate(target.engine)
    before = await everything(desk.store)
    await move(desk.store, target)
    assert await everything(target) == before


async def test_a_newer_target_is_refused(desk: Desk, target: Store) -> None:
    await migrate(target.engine)
    await write(target, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerSchema, match="9999"):
        await move(desk.store, target)
    assert await standing(desk.store.engine) == "current"


async def test_an_older_or_empty_source_is_started_on_first(
    desk: Desk, target: Store, tmp_path: Path
) -> None:
    nothing = there(desk, f"sqlite+aiosqlite:///{tmp_path}/leeg.sqlite3")
    try:
        with pytest.raises(NotMovable):
            await move(nothing, target)
    finally:
        await nothing.close()
    change(desk, "UPDATE alembic_version SET version_num = '0005'")
    with pytest.raises(NotMovable):
        await move(desk.store, target)
    assert await is_bare(target)


async def test_what_the_server_does_not_take_is_told_by_its_table(
    desk: Desk, target: Store
) -> None:
    change(desk, "UPDATE person SET label = ? WHERE key = 'om_ovj1'", "a\x00b")
    with pytest.raises(Unfit) as unfit:
        await move(desk.store, target)
    assert unfit.value.table == "person"
    assert await is_bare(target)
    assert await standing(desk.store.engine) == "current"


@pytest.mark.parametrize(
    "harm",
    [
        "NEW.label := 'iets'; RETURN NEW;",
        "IF NEW.key = 'om_ovj1' THEN NEW.active := false; END IF; RETURN NEW;",
        "IF NEW.key = 'om_ovj2' THEN NEW.language := ''; END IF; RETURN NEW;",
    ],
)
async def test_a_row_that_arrives_otherwise_is_found(desk: Desk, target: Store, harm: str) -> None:
    await migrate(target.engine)
    await write(
        target, f"CREATE FUNCTION harm() RETURNS trigger AS $$ BEGIN {harm} END $$ LANGUAGE plpgsql"
    )
    await write(
        target, "CREATE TRIGGER harm BEFORE INSERT ON person FOR EACH ROW EXECUTE FUNCTION harm()"
    )
    with pytest.raises(Differs) as differs:
        await move(desk.store, target)
    assert differs.value.table == "person"
    assert await is_bare(target)


async def test_a_row_that_does_not_arrive_is_found(desk: Desk, target: Store) -> None:
    await migrate(target.engine)
    await before_insert(target, "measure", "RETURN NULL;")
    with pytest.raises(Differs) as differs:
        await move(desk.store, target)
    assert differs.value.table == "measure"
