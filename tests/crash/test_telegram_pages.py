"""kill -9 between the states of a page on Telegram: it comes, and what comes twice says so."""

from pathlib import Path

from tests.crash.page_kills import SHORT, OneAlarm
from tests.crash.region import a_region
from tests.kit.synapse import Synapse


async def test_a_page_arrives_and_a_repeat_says_so(synapse: Synapse, tmp_path: Path) -> None:
    """It dies when the pages are claimed, when the first is accepted, when the first is marked."""
    async with a_region(synapse, tmp_path, ["vt_melder"]) as region:
        told = await OneAlarm(region, "vt_melder", SHORT).run()
    print(told.line())
    assert told.faults == []
    assert told.deaths == len(SHORT)
    assert told.sending[:2] == [4, 4], "it did not die while the pages were on their way"
    assert told.repeats > 0, "what was accepted and not marked goes out once more"
