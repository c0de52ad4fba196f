"""A client that nobody of this project wrote takes a page and reads a whole case.

It runs matrix-js-sdk with its Rust crypto, in the mode that refuses unsigned devices.
"""

from pathlib import Path

import pytest

from tests.clients.node_phone import NodePhone, missing
from tests.kit.synapse import Synapse
from tests.stories.stage import PASSWORD, Stage, a_stage, amsterdam

WHY_NOT = missing()
pytestmark = [
    pytest.mark.clients,
    pytest.mark.skipif(WHY_NOT is not None, reason=str(WHY_NOT)),
]
FRIDAY = amsterdam(2026, 7, 10, 15, 40)


async def test_a_backup_who_joins_late_takes_it_by_reaction_and_reads_everything(
    synapse: Synapse, tmp_path: Path
) -> None:
    async with a_stage(synapse, tmp_path, FRIDAY, ["vt_fo", "om_ovj1"]) as stage:
        user = await synapse.register(f"rvdk_contact2-{stage.number}", PASSWORD)
        async with NodePhone(synapse.base_url, user, PASSWORD, bot=stage.bot_id) as rvdk:
            await rvdk.knows(stage.bot_id)
            await stage.at("15:41")  # the welcome waits a few seconds
            welcome = await rvdk.sees("Welkom")
            assert welcome.clean, welcome
            await _alarm_is_raised(stage)
            await stage.at("15:46")

            page = await rvdk.sees("Jij bent achterwacht")
            assert page.clean, page
            assert page.rings
            await rvdk.taps(page, "✅")
            await stage.quiet()
            taken = await rvdk.sees("Jij pakt")
            assert taken.edited

            headline = await rvdk.sees("RvdK: opgepakt 15:46 (achterwacht)")
            catch_up = await rvdk.sees("tot nu toe", room=headline.room)
            assert "Reden van het alarm: letsel past niet" in catch_up.text
            for room in await rvdk.rooms():
                for message in await rvdk.messages(room["room"]):
                    assert message.clean, message
        for phone in stage.phones.values():
            phone.ignore_so_far()


async def _alarm_is_raised(stage: Stage) -> None:
    vt = stage["vt_fo"]
    await vt.says(vt.direct_room, "alarm skm spoed Centrum letsel past niet bij uitleg")
    await stage.quiet()
    last_screen = await vt.expects("Er is nog niets verstuurd")
    await vt.taps(last_screen, "1️⃣")
    await stage.quiet()
