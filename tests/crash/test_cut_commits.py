"""The line to PostgreSQL breaks around commits, and whoever committed cannot know whether it was
done: nothing is lost by it, nothing done twice."""

from pathlib import Path

from tests.crash.campaign import SHORTEST, run
from tests.crash.relay import Relay
from tests.kit.postgres import Postgres
from tests.kit.synapse import Synapse

SEED = 1122


async def test_what_nobody_knows_the_fate_of_is_not_lost(
    synapse: Synapse, postgres: Postgres, tmp_path: Path
) -> None:
    address = postgres.url(await postgres.fresh())
    async with Relay.to(address, SEED) as relay:
        outcome = await run(synapse, tmp_path, SHORTEST, SEED, address=address, relay=relay)
    print(relay.cuts, *outcome.lines(), sep="\n")
    assert outcome.ledger.faults == []
    assert outcome.kills == 0
    assert relay.cuts["done"] > 0 < relay.cuts["not done"], "no line was cut"
