"""A wrong configuration: the program does not start, and says which file, which key, what to do."""

import re

import pytest

from tests.program.conftest import MakeRegion

BREAKS = {
    "a number": ("region.toml", "0800-2004", "bel", "partners[rvdk].desk_number"),
    "a key": ("region.toml", "elsewhere = true", "elswhere = true", "elswhere"),
    "a person": ("roster.toml", '"om_ovj2"', '"om_ovj9"', "duties[3].backup"),
    "the protocol": ("protocols/skm.toml", 'function = "ovj"', 'function = "jvo"', "pages"),
}


@pytest.mark.parametrize("what", BREAKS)
@pytest.mark.parametrize("command", ["run", "check"])
async def test_it_names_file_key_and_mend(make_region: MakeRegion, what: str, command: str) -> None:
    region = await make_region()
    file, old, new, key = BREAKS[what]
    region.edit(file, old, new)
    said = await region.call(command)
    assert (said.code, said.out) == (2, "")
    first, second, *_ = said.err.splitlines()
    assert first.startswith(f"❌ {file}:")
    assert key in first
    assert len(re.findall(r"[.?](?: |$)", second)) >= 2, "what is wrong, and how to mend it"
    assert "Traceback" not in said.err
    assert not region.database.exists()


async def test_open_secrets_and_wrong_variables(make_region: MakeRegion) -> None:
    region = await make_region()
    key = region.folder / "secrets" / "master.key"
    key.chmod(0o644)
    said = await region.call("run")
    assert said.code == 2
    assert f"chmod 600 {key}" in said.err
    assert key.read_text().strip() not in said.err
    key.chmod(0o600)
    said = await region.call("run", KORTELIJN_HEALTH_HOST="0.0.0.0")  # noqa: S104
    assert said.code == 2
    assert "KORTELIJN_HEALTH_HOST" in said.err
    assert "127.0.0.1" in said.err


async def test_a_story_clock_is_for_a_fictional_region_only(make_region: MakeRegion) -> None:
    region = await make_region(KORTELIJN_STORY_CLOCK="klok", KORTELIJN_KILL_AT="outbox.sent")
    region.edit("region.toml", "fictional = true", "fictional = false")
    said = await region.call("run")
    assert said.code == 2
    assert "KORTELIJN_STORY_CLOCK" in said.err
    assert "KORTELIJN_KILL_AT" in said.err
