"""kill -9 in the middle of bursts of updates: none lost, none acted upon twice."""

from pathlib import Path

from tests.crash.campaign import SHORT, SHORTEST, TWICE, Outcome, Size, run
from tests.kit.postgres import Postgres
from tests.kit.synapse import Synapse

SEED = 1122


async def test_no_update_is_lost_or_acted_upon_twice(synapse: Synapse, tmp_path: Path) -> None:
    _judge(await run(synapse, tmp_path, SHORT, SEED), SHORT)


async def test_nor_is_one_on_postgresql(
    synapse: Synapse, postgres: Postgres, tmp_path: Path
) -> None:
    address = postgres.url(await postgres.fresh())
    _judge(await run(synapse, tmp_path, SHORTEST, SEED, address=address), SHORTEST)


async def test_of_two_instances_the_other_one_goes_on(
    synapse: Synapse, postgres: Postgres, tmp_path: Path
) -> None:
    """One is killed in the middle of a burst, and in another burst one stands still."""
    address = postgres.url(await postgres.fresh())
    outcome = await run(synapse, tmp_path, TWICE, SEED, address=address, instances=2)
    _judge(outcome, TWICE)
    assert outcome.stills == 1


def _judge(outcome: Outcome, size: Size) -> None:
    print(f"seed {outcome.seed}", *outcome.at_death, *outcome.lines(), sep="\n")
    assert outcome.ledger.faults == []
    assert outcome.harms >= size.kills
    assert outcome.ledger.updates >= size.updates
