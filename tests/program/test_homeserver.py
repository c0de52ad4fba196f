"""The homeserver is away, sick or shuts us out: no hot loop, nothing lost, and back by itself."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from bot.channels.matrix.homeserver import Homeserver
from tests.kit.phone import Phone
from tests.kit.synapse import Synapse
from tests.program.conftest import PASSWORD, MakeRegion

WATCH_S = 3.0  # a hot loop asks hundreds of times in it
CALM = 15


@pytest.fixture
async def own_synapse() -> AsyncIterator[Synapse]:
    """A homeserver that this test may stop and freeze."""
    async with Synapse.temporary() as server:
        yield server


async def test_away_at_start_and_frozen_at_the_end(
    own_synapse: Synapse, make_region: MakeRegion
) -> None:
    region = await make_region(own_synapse)
    await own_synapse.stop()
    running = await region.run()
    await running.until_logged("start_waits")
    await asyncio.sleep(WATCH_S)
    assert len(running.logged("start_waits")) < CALM
    assert running.alive
    assert (await running.health())[0] == 503
    assert 'kortelijn_channel_down{channel="matrix"} 1.0' in await running.metrics()

    await own_synapse.start()
    await running.ready()
    assert (await running.health())[0] == 200
    assert 'kortelijn_channel_down{channel="matrix"} 0.0' in await running.metrics()

    own_synapse.pause()  # in the middle of making everybody's chat
    try:
        assert (await running.health())[1]["outbox_open"] > 0, "it is sending"
        assert await running.stop() == 0
    finally:
        own_synapse.resume()

    again = await (await region.run()).ready()
    await again.quiet()
    bot = own_synapse.user_id(region.user("kortelijn"))
    user = await own_synapse.register(region.user("om_ovj1"), PASSWORD)
    async with Phone(own_synapse.base_url, user, PASSWORD, bot=bot) as phone:
        await phone.settle()
        assert len(phone.invitations) == 2, "one chat and the group, also after the stop"
    assert await again.stop() == 0


async def test_a_revoked_login_is_told_to_the_operator(
    synapse: Synapse, make_region: MakeRegion
) -> None:
    region = await make_region(synapse)
    bot = synapse.user_id(region.user("kortelijn"))
    user = await synapse.register(region.user("beheerder"), PASSWORD)
    async with Phone(synapse.base_url, user, PASSWORD, bot=bot) as phone:
        running = await (await region.run()).ready()
        await running.quiet()
        await phone.settle()
        session = json.loads((region.settings.data_dir / "matrix" / "session.json").read_text())
        homeserver = Homeserver(synapse.base_url, session["access_token"])
        await homeserver.call("POST", "client/v3/logout", {})
        await homeserver.close()
        told = await running.until_logged("channel_down")
        assert told["revoked"] is True
        await asyncio.sleep(WATCH_S)
        assert len(running.logged("receiving_failed")) < CALM
        assert running.alive
        assert (await running.health())[1]["outbox_open"] > 0, "the operator's line waits"
        assert await running.stop() == 0

        again = await (await region.run()).ready()  # the password is still good
        await phone.expects("weigert onze sleutel", loud=True)
        assert await again.stop() == 0
