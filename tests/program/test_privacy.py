"""What somebody typed is on the phones and nowhere else: not in the log, not on the disk."""

from datetime import datetime
from pathlib import Path

from bot.clock import write_story
from commands.rules.moments import AMSTERDAM
from tests.kit.phone import Phone
from tests.kit.synapse import Synapse
from tests.program.conftest import PASSWORD, MakeRegion, Region
from tests.program.program import Running

REASON, TALK, AGREED = "kersenpitkussen", "zonnebloempit", "vlierbessensap"
FRIDAY = datetime(2026, 7, 10, 15, 40, tzinfo=AMSTERDAM)


async def test_typed_words_are_nowhere_in_clear(
    synapse: Synapse, make_region: MakeRegion, tmp_path: Path
) -> None:
    clock = tmp_path / "klok"
    write_story(clock, int(FRIDAY.timestamp() * 1000), 1.0)
    region = await make_region(
        synapse, KORTELIJN_STORY_CLOCK=str(clock), KORTELIJN_LOG_LEVEL="debug"
    )
    bot = synapse.user_id(region.user("kortelijn"))
    user = await synapse.register(region.user("vt_fo"), PASSWORD)
    async with Phone(synapse.base_url, user, PASSWORD, bot=bot) as phone:
        running = await (await region.run()).ready()
        await running.quiet()
        await phone.settle()
        await phone.says(phone.direct_room, f"alarm skm spoed Centrum blauwe plek {REASON}")
        draft = await phone.expects(f"Reden: blauwe plek {REASON}")
        await running.quiet()
        _nowhere_in_clear(region, running)
        await phone.taps(draft, "1️⃣")
        await phone.shows(draft, "0 van 4 opgepakt")
        room = await phone.sees(lambda: next(iter(phone.case_rooms.values()), None), "the room")
        await phone.expects(REASON, room=room)
        await phone.says(room, f"wij praten hier over {TALK}")
        await phone.says(room, f"afspraak politie: {AGREED} veiligstellen vóór 18:00")
        await phone.expects(f"{AGREED} veiligstellen", room=room)
        await running.quiet()
        _nowhere_in_clear(region, running)
    assert await running.stop() == 0
    _nowhere_in_clear(region, running)
    assert running.logged("ready"), "the log that was searched is the bot's"


def _nowhere_in_clear(region: Region, running: Running) -> None:
    """The database, its journal, the key store and every other file, and the log."""
    files = [path for path in region.folder.rglob("*") if path.is_file()]
    assert region.database in files
    places = {str(path): path.read_bytes() for path in files}
    places["log"] = running.log_text().encode()
    found = [
        (place, word)
        for place, content in places.items()
        for word in (REASON, TALK, AGREED)
        if word.encode() in content.lower() or word.encode("utf-16-le") in content
    ]
    assert found == []
