"""`main.py init` and what comes after it: every blank is named until the bot is ready."""

import re
import stat
from pathlib import Path

import click
import pytest

import main
from config.catalogue import Texts
from tests.kit.synapse import Synapse
from tests.program.conftest import PASSWORD
from tests.program.program import Program

FILLED = {
    'help_number = ""': 'help_number = "0800-2000"',
    '[[places]]\nname = ""': '[[places]]\nname = "Centrum"',
    'desk_number = ""': 'desk_number = "0800-2001"',
    'link = ""': 'link = "https://meet.example/{secret}"',
}


async def test_from_an_empty_folder_to_ready(synapse: Synapse, tmp_path: Path) -> None:
    program = Program(tmp_path / "regio")
    user = await synapse.register("kortelijn-init", PASSWORD)
    said = await program.call("init", "--region", "lage-dijk", "--name", "Regio Lage Dijk")
    assert (said.code, said.err) == (0, "")
    assert "Vul aan in region.toml: help_number, places[1].name" in said.out
    assert f"main.py --config {program.folder} check" in said.out
    _is_private(program.folder)

    said = await program.call("check")
    assert said.code == 2
    problems = re.findall(r"^❌ (\S+?)(?::\d+)?(?: · (\S+))?$", said.err, re.M)
    assert ("region.toml", "matrix.homeserver") in problems
    assert ("secrets/matrix.password", "") in problems
    assert len(problems) == 10

    for old, new in FILLED.items():
        program.edit("region.toml", old, new)
    program.edit("region.toml", 'homeserver = ""', f'homeserver = "{synapse.base_url}"')
    program.edit("region.toml", 'user = ""', f'user = "{user}"')
    (program.folder / "secrets" / "matrix.password").write_text(PASSWORD)

    said = await program.call("check")
    assert (said.code, said.err) == (0, "")
    assert [line.split(":")[0] for line in said.lines()] == [
        "✅ Configuratie",
        "✅ Database",
        "✅ Toegangslog",
        "✅ Matrix",
        "✅ Versleuteling",
        "✅ Klok",
        "⚠️ Rooster",
        "⚠️ Mensen",
        "⚠️ Aanspreekpunten",
        "Klaar.",
    ]
    assert "niemand in dienst" in said.lines()[6]
    assert "RvdK" in said.lines()[6]
    assert said.lines()[7].startswith("⚠️ Mensen: 15 van 15 nog niet in hun gesprek")

    running = await (await program.run()).ready()
    status, health = await running.health()
    assert (status, health["ok"], health["ready"]) == (200, True, True)
    assert "kortelijn_last_receive_timestamp_ms" in await running.metrics()
    assert await running.stop() == 0
    await program.close()
    _is_private(program.folder)


def _is_private(folder: Path) -> None:
    everything = [folder, *folder.rglob("*")]
    assert len(everything) > 10
    for path in everything:
        wanted = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path


async def test_options_fill_in_and_nothing_is_asked(tmp_path: Path) -> None:
    program = Program(tmp_path / "regio")
    said = await program.call(
        *("init", "--region", "r1", "--name", "R 1", "--language", "en"),
        *("--homeserver", "https://matrix.example", "--user", "@bot:matrix.example"),
        *("--password-file", "-"),
        stdin="geheim woord\nnog een regel\n",
    )
    assert said.code == 0
    assert "geheim" not in said.out + said.err
    assert (program.folder / "secrets" / "matrix.password").read_text() == "geheim woord\n"
    assert "Written: " in said.out
    said = await program.call("check")
    assert said.code == 2
    assert "matrix" not in said.err, "what was given is not asked for again"
    assert "Fill in help_number" in said.err, "the region speaks English"
    assert "Kortelijn pages every partner" in (await program.call("--help")).out


async def test_a_second_time_changes_nothing(tmp_path: Path) -> None:
    program = Program(tmp_path / "regio")
    await program.call("init")
    before = {path: path.read_bytes() for path in program.folder.rglob("*") if path.is_file()}
    said = await program.call("init", "--region", "anders")
    assert said.code == 0
    assert "Geschreven" not in said.out
    assert f"Blijft zoals het is: {program.folder / 'region.toml'}" in said.out
    assert before == {p: p.read_bytes() for p in program.folder.rglob("*") if p.is_file()}


async def test_wrong_options_write_nothing(tmp_path: Path) -> None:
    program = Program(tmp_path / "regio")
    said = await program.call("init", "--region", "Lage Dijk", "--homeserver", "matrix")
    assert said.code == 2
    assert re.findall(r"^❌ (\S+)$", said.err, re.M) == ["--region", "--homeserver"]
    missing = await program.call("init", "--password-file", str(tmp_path / "nergens"))
    assert missing.code == 2
    assert "wachtwoord" in missing.err
    assert not program.folder.exists()


async def test_a_command_that_does_not_exist_is_told_calmly(tmp_path: Path) -> None:
    program = Program(tmp_path / "regio")
    for wrong in (("chekc",), ("check", "--snel"), ("audit", "verifieer")):
        said = await program.call(*wrong)
        assert said.code == 2
        assert " ".join(wrong) in said.err
        assert "main.py --help" in said.err
        assert "Traceback" not in said.err


@pytest.mark.parametrize("language", ["nl", "en"])
def test_help_names_every_command_and_every_option(language: str) -> None:
    texts = Texts("en" if language == "en" else "nl")
    page = texts.get("cli.help")
    for name, command in main.main.commands.items():
        assert re.search(rf"^  {name}\b", page, re.M), name
        own = texts.get(f"cli.help.{name}")
        for option in command.params:
            assert isinstance(option, click.Option)
            assert f"  {option.opts[0]}" in own, f"{name} {option.opts}"
