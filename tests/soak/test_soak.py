"""A short soak with trouble all the time: nothing is lost. The long one: `python -m tests.soak`."""

from pathlib import Path

from tests.soak.report import page
from tests.soak.soak import Plan, soak
from tests.soak.troubles import Pace

SHORT = Plan(minutes=0.5, rate=16, seed=4711, pace=Pace((0.5, 2.0), (2.0, 5.0)), sample_every_s=1.0)
FEWEST_TROUBLES = 8


async def test_nothing_is_lost_while_things_go_wrong(tmp_path: Path) -> None:
    outcome = await soak(SHORT, tmp_path)
    told = page(outcome)
    print(told)
    assert outcome.ledger.faults == []
    assert outcome.ledger.chains == SHORT.alarms * 4
    assert outcome.ledger.pages >= outcome.ledger.chains, "every chain calls somebody"
    assert outcome.came.total() >= FEWEST_TROUBLES, "hardly anything went wrong"
    assert f"{outcome.ledger.pages}" in told
