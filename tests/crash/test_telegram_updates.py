"""kill -9 in the middle of bursts of updates: none lost, none acted upon twice."""

from pathlib import Path

from tests.crash.campaign import SHORT, run
from tests.kit.synapse import Synapse

SEED = 1122


async def test_no_update_is_lost_or_acted_upon_twice(synapse: Synapse, tmp_path: Path) -> None:
    outcome = await run(synapse, tmp_path, SHORT, SEED)
    print(f"seed {outcome.seed}", *outcome.at_death, *outcome.ledger.lines(), sep="\n")
    assert outcome.ledger.faults == []
    assert outcome.kills >= SHORT.kills
    assert outcome.ledger.updates >= SHORT.updates
