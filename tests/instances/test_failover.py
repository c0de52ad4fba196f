"""Two bots on one database: one dies, stands still or is cut off. No page is lost or doubled."""

import signal
from collections.abc import AsyncIterator

import pytest
from psycopg import sql

from bot.kill_points import KillPoint
from tests.instances.region import Region, two_instances
from tests.kit.postgres import Postgres
from tests.kit.synapse import Synapse

_CUT = sql.SQL(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {} AND pid IN"
    " (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ExclusiveLock')"
)
SENDING = (KillPoint.PAGES_CLAIMED, KillPoint.PAGE_SENT, KillPoint.PAGE_MARKED)


@pytest.fixture(scope="module")
async def region(
    synapse: Synapse, postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Region]:
    """One for all: whoever leads at the end of a test leads in the next one."""
    async with two_instances(synapse, postgres, tmp_path_factory.mktemp("instances")) as region:
        yield region


@pytest.mark.parametrize("point", SENDING)
async def test_who_dies_with_pages_on_their_way_is_followed_at_once(
    region: Region, point: KillPoint
) -> None:
    """What it had sent and not marked is not sent again: the other one saw it stand there."""
    leader, other = await region.roles()
    await region.again(leader, kill_at=f"{point}:2" if point != SENDING[0] else point)
    await region.leads(leader, other)
    reference = await region.alarm()
    await leader.died()
    await region.called_once(reference)
    page = region.page("om_ovj1", reference)
    await region["om_ovj1"].taps(page, "✅")
    await region["om_ovj1"].shows(page, f"Jij pakt {reference} op")
    await region["vt_fo"].expects("OM: opgepakt")
    assert other.leads == {"matrix"}
    await leader.start()


async def test_who_stands_still_is_thrown_out_and_does_no_harm_when_it_goes_on(
    region: Region,
) -> None:
    leader, other = await region.roles()
    leader.send(signal.SIGSTOP)
    await other.until(lambda: "matrix" in other.leads, "to lead")
    reference = await region.alarm()
    await region.called_once(reference)
    leader.send(signal.SIGCONT)
    await leader.until(lambda: not leader.leads, "to see that it leads no more")
    await region.called_once(await region.alarm())
    await region.called_once(reference)


async def test_who_is_cut_off_from_the_database_comes_back(
    region: Region, postgres: Postgres
) -> None:
    leader, other = await region.roles()
    before = len(leader.told("line_cut"))
    await postgres.run(_CUT.format(sql.Literal(region.database)))
    await leader.until(lambda: len(leader.told("line_cut")) > before, "to notice")
    await leader.until(lambda: leader.leads or other.leads, "to have a leader")
    await region.called_once(await region.alarm())


async def test_an_orderly_stop_hands_over(region: Region) -> None:
    leader, other = await region.roles()
    await leader.stop()
    await other.until(lambda: "matrix" in other.leads, "to lead")
    await region.called_once(await region.alarm())
    await leader.start()
