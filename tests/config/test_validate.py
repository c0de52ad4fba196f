"""The files fit each other, or the one that does not is named."""

import pytest

from config.load import load
from config.settings import Settings
from tests.config.conftest import Broken


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "what"),
    [
        # references that lead nowhere
        (
            "protocols/skm.toml",
            'raised_by = ["vt"',
            'raised_by = ["vtt"',
            "raised_by[1]",
            "vtt staat niet in region.toml",
        ),
        (
            "protocols/skm.toml",
            'function = "ovj"',
            'function = "officier"',
            "pages[2].function",
            "officier bestaat niet bij om",
        ),
        (
            "roster.toml",
            'primary = "vt_gw1"',
            'primary = "vt_gw9"',
            "duties[1].primary",
            "vt_gw9 staat niet in people.toml",
        ),
        (
            "roster.toml",
            'primary = "vt_gw1"',
            'primary = "vt_fo"',
            "duties[1].primary",
            "vt_fo heeft de functie",
        ),
        (
            "roster.toml",
            'primary = "vt_gw1"',
            'primary = "om_ovj1"',
            "duties[1].primary",
            "hoort bij om, niet bij vt",
        ),
        (
            "roster.toml",
            'partner = "om"',
            'partner = "3ro"',
            "duties[3].partner",
            "3ro staat niet in region.toml",
        ),
        (
            "roster.toml",
            'function = "ovj"',
            'function = "ovd"',
            "duties[3].function",
            "ovd bestaat niet bij om",
        ),
        (
            "people.toml",
            'functions = ["frontoffice"]',
            'functions = ["balie"]',
            "people[vt_fo].functions",
            "balie bestaat niet bij vt",
        ),
        (
            "people.toml",
            'partner = "vt"',
            'partner = "vvt"',
            "people[vt_fo].partner",
            "vvt staat niet in region.toml",
        ),
        (
            "people.toml",
            'partner = "vt"\n',
            "",
            "people[vt_fo].partner",
            "De rol melder hoort bij een partner",
        ),
        # things that are there twice
        (
            "people.toml",
            'key = "vt_gw2"',
            'key = "vt_gw1"',
            "people[vt_gw1].key",
            "staat er al: people[2].key",
        ),
        ("people.toml", "@vt_gw2:", "@vt_gw1:", "people[vt_gw2].matrix", "ook van vt_gw1"),
        ("people.toml", "@vt_gw2:", "@VT_GW1:", "people[vt_gw2].matrix", "ook van vt_gw1"),
        ("people.toml", "@vt_fo:", "@kortelijn:", "people[vt_fo].matrix", "is de bot zelf"),
        (
            "region.toml",
            'name = "Oost"',
            'name = "noord"',
            "places[3]",
            "noord staat er al: places[2]",
        ),
        (
            "region.toml",
            "words = []",
            'words = ["zuid"]',
            "places[5]",
            "zuid staat er al: places[1]",
        ),
        (
            "protocols/skm.toml",
            'key = "police"',
            'key = "plan"',
            "outcomes[plan]",
            "plan staat er al",
        ),
        (
            "protocols/skm.toml",
            '"kind", "child"',
            '"kind", "elder"',
            "words",
            "elder staat er al: protocols/ouderen.toml",
        ),
        # clocks and leads that cannot be
        (
            "protocols/skm.toml",
            "remind = 5",
            "remind = 11",
            "clocks.urgent.remind",
            "na de tijd om op te pakken",
        ),
        (
            "protocols/skm.toml",
            "asks_children = false",
            'default_lead = "gemeente"',
            "default_lead",
            "wordt niet opgeroepen",
        ),
        (
            "protocols/ouderen.toml",
            "asks_children = true",
            "asks_children = false",
            "pages[4].only_with_children",
            "Niemand vraagt naar kinderen",
        ),
    ],
)
def test_what_does_not_fit_is_named(
    folder: Broken, file: str, old: str, new: str, key: str, what: str
) -> None:
    folder.edit(file, old, new)
    found = {(problem.file, problem.key): problem for problem in folder.problems()}
    assert (file, key) in found, [str(problem) for problem in found.values()]
    problem = found[(file, key)]
    assert what in problem.what
    assert problem.mend
    assert problem.line


def test_a_duty_needs_the_duty_role(folder: Broken) -> None:
    folder.edit("people.toml", 'roles = ["melder", "duty"]', 'roles = ["melder"]')
    keys = {problem.key for problem in folder.problems()}
    assert "duties[1].primary" in keys


def test_the_duty_role_needs_a_function(folder: Broken) -> None:
    folder.edit("people.toml", 'roles = ["melder"]', 'roles = ["melder", "duty"]')
    folder.edit("people.toml", 'functions = ["frontoffice"]\n', "")
    problem = folder.problem()
    assert problem.key == "people[vt_fo].functions"
    assert "frontoffice" in problem.mend


def test_a_paged_partner_needs_somebody_with_the_function(folder: Broken) -> None:
    for _ in range(2):
        folder.edit("people.toml", 'functions = ["ovj"]\n', "")
    whats = [problem.what for problem in folder.problems() if problem.file.startswith("protocols")]
    assert whats == ["Niemand bij om heeft de functie ovj."] * 2, "once per protocol"


def test_a_paged_partner_needs_a_contact_point(folder: Broken) -> None:
    text = (folder.path / "people.toml").read_text(encoding="utf-8")
    start = text.index('[[people]]\nkey = "rvdk_ap"')
    end = text.index("[[people]]", start + 1)
    (folder.path / "people.toml").write_text(text[:start] + text[end:], encoding="utf-8")
    assert folder.problem().what == "rvdk heeft geen aanspreekpunt."


def test_several_contact_points_are_welcome(folder: Broken) -> None:
    folder.edit("people.toml", 'roles = ["duty"]', 'roles = ["duty", "contact_point"]')
    loaded = load(folder.settings)
    points = [key for key, each in loaded.people.items() if "contact_point" in each.roles]
    assert {"om_ovj1", "om_ap"} <= set(points)


def test_somebody_must_hear_when_it_breaks(folder: Broken) -> None:
    folder.edit("people.toml", 'roles = ["operator"]', 'roles = ["coordinator"]')
    assert folder.problem().what == "Er is geen beheerder."


def test_every_kind_of_alarm_has_somebody_who_may_raise_it(folder: Broken) -> None:
    folder.edit("protocols/skm.toml", 'raised_by = ["vt", "politie"]', 'raised_by = ["om"]')
    problem = folder.problem()
    assert (problem.file, problem.key) == ("protocols/skm.toml", "raised_by")


def test_a_protocol_is_in_the_file_of_its_name(folder: Broken) -> None:
    (folder.path / "protocols/skm.toml").rename(folder.path / "protocols/kind.toml")
    assert folder.problem().mend == "Noem het bestand skm.toml."


def test_an_empty_slot_in_the_roster_is_no_mistake(folder: Broken) -> None:
    empty = [duty for duty in folder.load().roster if duty.primary is None]
    assert [(duty.partner, duty.backup) for duty in empty] == [("rvdk", "rvdk_contact2")]


@pytest.mark.parametrize(
    ("name", "value"), [("story_clock", "clock.json"), ("kill_at", "outbox.sent")]
)
def test_a_real_region_has_no_story_clock_and_no_kill_point(
    folder: Broken, name: str, value: str
) -> None:
    settings = Settings(**{"config_dir": folder.path, name: value})  # type: ignore[arg-type]
    folder.edit("region.toml", "fictional = true", "fictional = false")
    problem = folder.problem(settings)
    assert f"KORTELIJN_{name.upper()}" in problem.mend


def test_a_fictional_region_may_have_both(folder: Broken) -> None:
    from config.load import load

    settings = Settings(
        config_dir=folder.path, story_clock=folder.path / "clock.json", kill_at="outbox.sent:2"
    )
    assert load(settings).region.fictional


def test_a_broken_file_does_not_hide_what_is_wrong_in_another(folder: Broken) -> None:
    folder.edit("roster.toml", 'to = "20:00"', 'to = "laat"')
    folder.edit("people.toml", "@vt_gw2:", "@vt_gw1:")
    assert {p.file for p in folder.problems()} == {"roster.toml", "people.toml"}
