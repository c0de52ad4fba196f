"""A fresh or an older database on the same homeserver: its former life stays what it was."""

from tests.kit.phone import Phone
from tests.kit.synapse import Synapse
from tests.program.conftest import PASSWORD, MakeRegion


async def test_nobody_comes_into_the_chat_of_somebody_else(
    synapse: Synapse, make_region: MakeRegion
) -> None:
    """The rows are numbered from one again, and somebody else stands first in the list."""
    region = await make_region(synapse)
    bot = synapse.user_id(region.user("kortelijn"))
    keys = ("vt_fo", "beheerder")
    users = [await synapse.register(region.user(key), PASSWORD) for key in keys]
    async with (
        Phone(synapse.base_url, users[0], PASSWORD, bot=bot) as first,
        Phone(synapse.base_url, users[1], PASSWORD, bot=bot) as other,
    ):
        running = await (await region.run()).ready()
        await running.quiet()
        await first.settle()
        await other.settle()
        before = {*first.rooms, *other.rooms}
        assert len(before) == 3, "two chats and the group"
        assert await running.stop() == 0

        for path in region.settings.data_dir.glob("kortelijn.sqlite3*"):
            path.unlink()
        people = (region.folder / "people.toml").read_text().split("\n[[people]]")
        people.insert(1, people.pop())
        (region.folder / "people.toml").write_text("\n[[people]]".join(people))
        running = await (await region.run()).ready()
        await running.quiet()
        await first.settle()
        await other.settle()
        fresh = {*first.rooms, *other.rooms} - before
        assert len(fresh) == 3
        shared = set(first.rooms) & set(other.rooms)
        assert {first.rooms[room] for room in shared} == {"Regio Lage Dijk"}
        assert await running.stop() == 0
