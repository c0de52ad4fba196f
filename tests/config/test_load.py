"""A folder loads whole, or every mistake is told with file, key, line and mend."""

from pathlib import Path

import pytest

from config.load import ConfigurationError, load, load_folder
from config.protocol import Protocol
from config.settings import Settings
from tests.config.conftest import Broken


def test_a_whole_folder_loads(folder: Broken) -> None:
    configuration = folder.load()
    assert configuration.region.id == "lage-dijk"
    assert [partner.key for partner in configuration.region.partners] == [
        "vt",
        "om",
        "politie",
        "rvdk",
    ]
    assert list(configuration.protocols) == ["skm", "ouderen"], "the order of the buttons"
    assert configuration.people["vt_fo"].roles == {"melder"}
    assert len(configuration.roster) == 6
    assert configuration.secrets.matrix_password == "wachtwoord"


def test_a_frozen_protocol_comes_back_the_same(folder: Broken) -> None:
    for protocol in folder.load().protocols.values():
        assert Protocol.model_validate_json(protocol.model_dump_json()) == protocol


def test_clocks_of_the_published_practice(folder: Broken) -> None:
    skm = folder.load().protocols["skm"]
    urgent, calm = skm.timing(True), skm.timing(False)
    assert (urgent.take, urgent.silent, urgent.next_step, urgent.consult) == (10, 5, 5, 180)
    assert calm.take <= 60
    assert calm.consult > urgent.consult


def test_the_council_is_not_offered_without_children(folder: Broken) -> None:
    ouderen = folder.load().protocols["ouderen"]
    assert ouderen.asks_children
    assert [page.partner for page in ouderen.called(children=False)] == ["vt", "om", "politie"]
    assert "rvdk" in [page.partner for page in ouderen.called(children=True)]


def test_no_folder_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as raised:
        load(Settings(config_dir=tmp_path / "nowhere"))
    (problem,) = raised.value.problems
    assert problem.file.endswith("nowhere")
    assert "main.py init" in problem.mend


@pytest.mark.parametrize("name", ["region.toml", "people.toml", "roster.toml"])
def test_a_missing_file_is_named(folder: Broken, name: str) -> None:
    (folder.path / name).unlink()
    assert folder.problem().file == name


def test_no_protocols_at_all(folder: Broken) -> None:
    for path in folder.path.glob("protocols/*.toml"):
        path.unlink()
    assert folder.problem().file == "protocols/"


def test_bad_notation_names_the_line(folder: Broken) -> None:
    text = (folder.path / "roster.toml").read_text(encoding="utf-8")
    line = text.splitlines().index('from = "08:00"') + 1
    folder.edit("roster.toml", 'from = "08:00"', "from = 08:00")
    problem = folder.problem()
    assert (problem.file, problem.line) == ("roster.toml", line)
    assert "aanhalingstekens" in problem.mend


def test_bad_notation_at_the_very_end_still_has_a_line(folder: Broken) -> None:
    folder.append("people.toml", '\n[[people]]\nkey = "')
    assert folder.problem().line


def test_a_file_that_is_not_utf8(folder: Broken) -> None:
    (folder.path / "people.toml").write_bytes(b'[[people]]\nlabel = "co\xf6rdinator"\n')
    assert "UTF-8" in folder.problem().what


def test_an_unknown_key_is_guessed_at(folder: Broken) -> None:
    folder.edit("region.toml", "help_number", "help_numer")
    unknown, missing = sorted(folder.problems(), key=lambda problem: problem.key, reverse=True)
    assert unknown.key == "help_numer"
    assert "Bedoel je help_number?" in unknown.mend
    assert missing.key == "help_number"
    assert missing.what == "Dit ontbreekt."


def test_an_unknown_key_deep_inside_is_located(folder: Broken) -> None:
    folder.edit("protocols/skm.toml", "[clocks.calm]\ntake", "[clocks.calm]\ntakes = 1\ntake")
    problem = folder.problem()
    text = (folder.path / "protocols/skm.toml").read_text(encoding="utf-8")
    assert problem.key == "clocks.calm.takes"
    assert problem.line == text.splitlines().index("takes = 1") + 1
    assert "Bedoel je take?" in problem.mend


def test_an_alias_is_suggested_as_the_file_writes_it(folder: Broken) -> None:
    folder.edit("roster.toml", 'from = "08:00"', 'fron = "08:00"')
    keys = {problem.key: problem.mend for problem in folder.problems()}
    assert "Bedoel je from?" in keys["duties[1].fron"]
    assert "duties[1].from" in keys


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "mend"),
    [
        (
            "region.toml",
            'help_number = "0800-2000"',
            'help_number = "bel ons"',
            "help_number",
            "0800-2000",
        ),
        (
            "region.toml",
            'help_number = "0800-2000"',
            "help_number = 8002000",
            "help_number",
            "aanhalingstekens",
        ),
        (
            "region.toml",
            "fictional = true",
            'fictional = "misschien"',
            "fictional",
            "true of false",
        ),
        ("region.toml", 'language = "nl"', 'language = "fr"', "language", "nl, en"),
        ("region.toml", "retention_days = 14", "retention_days = 0", "retention_days", "1 of meer"),
        (
            "region.toml",
            "retention_days = 14",
            'retention_days = "twee weken"',
            "retention_days",
            "heel getal",
        ),
        ("region.toml", 'weekday = "mon"', 'weekday = "maandag"', "digest.weekday", "mon, tue"),
        ("region.toml", 'time = "08:00"', 'time = "8 uur"', "digest.time", '"08:30"'),
        (
            "region.toml",
            "[digest]",
            '[calendar]\naddress = "http://kortelijn.lagedijk.example"\n\n[digest]',
            "calendar.address",
            "https://kortelijn.lagedijk.example",
        ),
        (
            "region.toml",
            "[digest]",
            '[calendar]\naddress = "https://kortelijn.lagedijk.example/rooster"\n\n[digest]',
            "calendar.address",
            "https://kortelijn.lagedijk.example",
        ),
        ("region.toml", "kortelijn-{secret}", "kortelijn", "meeting.link", "{secret}"),
        ("region.toml", 'link = "https://', 'link = "http://', "meeting.link", "https://"),
        ("region.toml", 'user = "@kortelijn:', 'user = "kortelijn:', "matrix.user", "@ovj1:"),
        (
            "region.toml",
            'group_room = "Regio Lage Dijk"',
            "group_room = 7",
            "matrix.group_room",
            "",
        ),
        (
            "people.toml",
            'roles = ["melder"]',
            'roles = ["meldr"]',
            "people[vt_fo].roles[1]",
            "melder",
        ),
        ("people.toml", 'roles = ["melder"]', 'roles = "melder"', "people[vt_fo].roles", "["),
        ("people.toml", "@vt_fo:", "vt_fo@", "people[vt_fo].matrix", "@ovj1:"),
        ("roster.toml", 'to = "20:00"', 'to = "25:00"', "duties[1].to", "uren en minuten"),
        ("roster.toml", 'to = "20:00"', 'to = "20:60"', "duties[1].to", "uren en minuten"),
        ("roster.toml", 'from = "08:00"', 'from = "24:00"', "duties[1].from", "Alleen een einde"),
        ("roster.toml", 'days = "elke dag"', 'days = "maandags"', "duties[1].days", "werkdagen"),
        ("roster.toml", 'backup = "vt_gw2"', 'backup = "vt_gw1"', "duties[1]", "Kies een ander"),
        (
            "roster.toml",
            'to = "20:00"',
            'to = "20:00"\nvalid_from = "morgen"',
            "duties[1].valid_from",
            "2026-12-31",
        ),
        ("protocols/skm.toml", "take = 10", "take = 0", "clocks.urgent.take", "1 of meer"),
        ("protocols/skm.toml", "take = 10", "take = 1.5", "clocks.urgent.take", "heel getal"),
        ("protocols/skm.toml", 'key = "skm"', 'key = "SKM"', "key", "lage-dijk"),
        (
            "protocols/skm.toml",
            'nl = "Wat is er gebeurd?"',
            'nl = ""',
            "questions[1].nl",
            "Vul iets in",
        ),
    ],
)
def test_one_mistake_is_one_problem_with_its_mend(
    folder: Broken, file: str, old: str, new: str, key: str, mend: str
) -> None:
    folder.edit(file, old, new)
    first = folder.problems()[0]
    assert (first.file, first.key) == (file, key)
    assert mend in first.mend
    assert first.line, "the line can be found"
    own = [problem for problem in folder.problems() if problem.key == key]
    assert own == [first], "one mistake, one problem"


def test_four_questions_are_too_few(folder: Broken) -> None:
    folder.edit(
        "protocols/skm.toml",
        '[[questions]]\nnl = "Wat is er bekend?"\nen = "What is known?"\n',
        "",
    )
    assert "5" in folder.problem().mend


def test_mistakes_in_several_files_are_told_together(folder: Broken) -> None:
    folder.edit("region.toml", 'help_number = "0800-2000"', 'help_number = ""')
    folder.edit("people.toml", 'roles = ["melder"]', 'roles = ["baas"]')
    folder.edit("roster.toml", 'to = "20:00"', 'to = "laat"')
    assert {"region.toml", "people.toml", "roster.toml"} == {p.file for p in folder.problems()}


def test_problems_are_english_when_the_region_is(folder: Broken) -> None:
    folder.edit("region.toml", 'language = "nl"', 'language = "en"')
    folder.edit("region.toml", 'help_number = "0800-2000"', 'help_number = ""')
    problem = folder.problem()
    assert problem.what == "This is not filled in yet."
    assert problem.mend == "Fill in help_number, such as: 0800-2000"


def test_a_printed_problem_has_place_and_mend(folder: Broken) -> None:
    folder.edit("region.toml", "retention_days = 14", "retention_days = 0")
    assert str(folder.problem()) == (
        "region.toml:15 · retention_days\n  0 is te weinig. Neem 1 of meer."
    )


def test_the_folder_alone_needs_no_secrets(folder: Broken) -> None:
    for path in folder.settings.secrets_dir.iterdir():
        path.unlink()
    assert load_folder(folder.settings).region.id == "lage-dijk"
    with pytest.raises(ConfigurationError):
        folder.load()
