"""`main.py init`: what it writes loads, says what a human must fill in, and overwrites nothing."""

import tomllib
from pathlib import Path

import pytest

from config.load import ConfigurationError, load
from config.scaffold import Blueprint, demo_region, scaffold
from config.settings import Settings
from tests.config.conftest import Broken


def test_a_new_region_asks_only_for_what_a_human_must_fill_in(tmp_path: Path) -> None:
    settings = Settings(config_dir=tmp_path / "regio")
    scaffold(settings.config_dir, settings.secrets_dir, Blueprint())
    with pytest.raises(ConfigurationError) as raised:
        load(settings)
    assert [(problem.file, problem.key) for problem in raised.value.problems] == [
        ("region.toml", "help_number"),
        ("region.toml", "places[1].name"),
        ("region.toml", "partners[vt].desk_number"),
        ("region.toml", "partners[om].desk_number"),
        ("region.toml", "partners[politie].desk_number"),
        ("region.toml", "partners[rvdk].desk_number"),
        ("region.toml", "meeting.link"),
        ("region.toml", "matrix.homeserver"),
        ("region.toml", "matrix.user"),
        ("secrets/matrix.password", ""),
    ]


def test_the_demo_region_needs_only_its_password(tmp_path: Path) -> None:
    settings = Settings(config_dir=tmp_path)
    scaffold(tmp_path, settings.secrets_dir, demo_region("http://127.0.0.1:1", "demo.example"))
    with pytest.raises(ConfigurationError) as raised:
        load(settings)
    assert [problem.file for problem in raised.value.problems] == ["secrets/matrix.password"]


def test_the_demo_staff_covers_every_step_of_every_chain(folder: Broken) -> None:
    configuration = folder.load()
    staff = configuration.people.values()
    for partner in configuration.region.partners:
        own = [person for person in staff if person.partner == partner.key]
        assert sum("contact_point" in person.roles for person in own) == 1
        assert sum("duty" in person.roles for person in own) >= 2, "a primary and a backup"
    roles = {role for person in staff for role in person.roles}
    assert roles == {"melder", "duty", "contact_point", "coordinator", "operator"}
    assert {(person.matrix or "").partition(":")[2] for person in staff} == {"lagedijk.example"}


def test_a_second_time_writes_nothing_and_keeps_what_was_edited(folder: Broken) -> None:
    folder.edit("region.toml", "0800-2000", "0800-2999")
    demo = demo_region("http://127.0.0.1:8008", "lagedijk.example")
    assert scaffold(folder.path, folder.settings.secrets_dir, demo, "ander") == []
    configuration = folder.load()
    assert configuration.region.help_number == "0800-2999"
    assert configuration.secrets.matrix_password == "wachtwoord"


def test_a_lost_file_comes_back_alone(folder: Broken) -> None:
    (folder.path / "roster.toml").unlink()
    demo = demo_region("http://127.0.0.1:8008", "lagedijk.example")
    written = scaffold(folder.path, folder.settings.secrets_dir, demo)
    assert written == [folder.path / "roster.toml"]
    folder.load()


@pytest.mark.parametrize(
    "name", ['Regio "De Dijk"', "Regio \\ Dijk", "Regio $id {secret}", "Súdwest"]
)
def test_a_name_with_odd_signs_stays_that_name(tmp_path: Path, name: str) -> None:
    scaffold(tmp_path, tmp_path / "secrets", Blueprint(region_name=name, group_room=name))
    data = tomllib.loads((tmp_path / "region.toml").read_text(encoding="utf-8"))
    assert data["name"] == name
    assert data["matrix"]["group_room"] == name


def test_every_file_explains_itself(folder: Broken) -> None:
    for path in folder.path.rglob("*.toml"):
        assert path.read_text(encoding="utf-8").startswith("# "), path.name


def test_secrets_and_data_stay_out_of_version_control(folder: Broken) -> None:
    ignored = (folder.path / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"secrets/", "data/"} <= set(ignored)
