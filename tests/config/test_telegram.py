"""A region with Telegram: its table, its secrets, and people who have no Matrix name."""

import re
from pathlib import Path

import pytest

from config.load import ConfigurationError, load, read_settings
from config.scaffold import Blueprint, scaffold
from config.settings import Settings
from tests.config.conftest import Broken

TOKEN = "123456789:AAverzonnen_token-van-niemand-0000000"
SECRET = "een_geheim_van_niemand_maar_lang_genoeg"
TABLE = '[telegram]\nbot = "lagedijk_kortelijn_bot"\n'


def _put(folder: Broken, name: str, content: str) -> Path:
    path = folder.settings.secrets_dir / name
    path.touch(0o600)
    path.write_text(content, encoding="utf-8")
    return path


@pytest.fixture
def both(folder: Broken) -> Broken:
    """The fictional region on both messengers."""
    folder.append("region.toml", f"\n{TABLE}")
    _put(folder, "telegram.token", f"{TOKEN}\n")
    return folder


def test_a_region_has_telegram_only_if_it_says_so(folder: Broken) -> None:
    configuration = folder.load()
    assert configuration.region.telegram is None
    assert configuration.region.channels == ("matrix",)
    assert configuration.secrets.telegram_token is None


def test_telegram_carries_no_case_unless_somebody_chose_that(both: Broken) -> None:
    configuration = both.load()
    assert configuration.region.channels == ("matrix", "telegram")
    telegram = configuration.region.telegram
    assert telegram is not None
    assert (telegram.mode, telegram.group, telegram.webhook) == ("pages", None, None)
    assert configuration.secrets.telegram_token == TOKEN
    assert configuration.secrets.telegram_webhook is None


@pytest.mark.parametrize(
    ("old", "new", "key", "mend"),
    [
        ("lagedijk_kortelijn_bot", "@lagedijk_bot", "telegram.bot", "lagedijk_kortelijn_bot"),
        ("lagedijk_kortelijn_bot", "kortelijn", "telegram.bot", "lagedijk_kortelijn_bot"),
        ("lagedijk_kortelijn_bot", "1_lagedijk_bot", "telegram.bot", "lagedijk_kortelijn_bot"),
        (TABLE, f'{TABLE}mode = "alles"\n', "telegram.mode", "pages, thread"),
        (TABLE, f'{TABLE}group = "de groep"\n', "telegram.group", "-1000000000001"),
        (TABLE, f'{TABLE}webhook = "http://x.example"\n', "telegram.webhook", "https://"),
        (TABLE, f'{TABLE}token = "{TOKEN}"\n', "telegram.token", "bot, mode"),
    ],
)
def test_a_wrong_value_is_named(both: Broken, old: str, new: str, key: str, mend: str) -> None:
    both.edit("region.toml", old, new)
    found = {(problem.file, problem.key): problem for problem in both.problems()}
    assert ("region.toml", key) in found, [str(problem) for problem in found.values()]
    assert mend in found[("region.toml", key)].mend
    assert TOKEN not in str(found[("region.toml", key)])


def test_a_bot_may_be_written_in_capitals(both: Broken) -> None:
    both.edit("region.toml", "lagedijk_kortelijn_bot", "LageDijkBOT")
    assert both.load().region.telegram is not None


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_conversation_on_telegram_needs_an_assessment(both: Broken, language: str) -> None:
    both.edit("region.toml", TABLE, f'{TABLE}mode = "thread"\ngroup = "-1000000000001"\n')
    both.edit("region.toml", 'language = "nl"', f'language = "{language}"')
    problem = both.problem()
    assert (problem.file, problem.key) == ("region.toml", "telegram.dpia_reference")
    assert problem.line
    said = {"nl": "onversleuteld op Telegram", "en": "on Telegram, unencrypted"}
    assert said[language] in problem.what
    assert "DPIA" in problem.mend
    assert 'mode = "pages"' in problem.mend


@pytest.mark.parametrize("reference", ["", "  "])
def test_an_empty_reference_is_none(both: Broken, reference: str) -> None:
    both.edit("region.toml", TABLE, f'{TABLE}mode = "thread"\ndpia_reference = "{reference}"\n')
    assert both.problem().key == "telegram.dpia_reference"


def test_a_conversation_on_telegram_needs_a_group(both: Broken) -> None:
    both.edit("region.toml", TABLE, f'{TABLE}mode = "thread"\ndpia_reference = "DPIA 1"\n')
    assert both.problem().key == "telegram.group"
    both.edit("region.toml", TABLE, f'{TABLE}group = "-1000000000001"\n')
    assert both.load().region.telegram is not None


def test_without_a_token_nobody_can_start(both: Broken) -> None:
    path = both.settings.secrets_dir / "telegram.token"
    path.write_text("\n")
    empty = both.problem()
    path.unlink()
    assert both.problem() == empty
    assert empty.file == "secrets/telegram.token"
    assert "@BotFather" in empty.mend
    assert f"chmod 600 {path}" in empty.mend


def test_a_missing_token_is_told_beside_every_other_problem(both: Broken) -> None:
    (both.settings.secrets_dir / "telegram.token").unlink()
    both.edit("roster.toml", 'to = "20:00"', 'to = "laat"')
    assert {p.file for p in both.problems()} == {"roster.toml", "secrets/telegram.token"}


@pytest.mark.parametrize("token", ["geheim", f"{TOKEN} of zo", "123456789:kort", f"bot{TOKEN}"])
def test_what_is_not_a_token_is_refused_and_not_shown(both: Broken, token: str) -> None:
    _put(both, "telegram.token", token)
    problem = both.problem()
    assert problem.file == "secrets/telegram.token"
    assert token not in str(problem)


@pytest.mark.parametrize("name", ["telegram.token", "telegram.webhook"])
def test_others_cannot_read_them(both: Broken, name: str) -> None:
    both.edit("region.toml", TABLE, f'{TABLE}webhook = "https://bot.lagedijk.example/tg"\n')
    _put(both, "telegram.webhook", SECRET)
    path = both.settings.secrets_dir / name
    path.chmod(0o640)
    assert both.problem().mend == f"Draai: chmod 600 {path}"
    path.chmod(0o600)
    secrets = both.load().secrets
    assert secrets.telegram_webhook == SECRET
    assert TOKEN not in repr(secrets)
    assert SECRET not in repr(secrets)


def test_a_webhook_needs_a_secret_that_nobody_guesses(both: Broken) -> None:
    both.edit("region.toml", TABLE, f'{TABLE}webhook = "https://bot.lagedijk.example/tg"\n')
    assert both.problem().file == "secrets/telegram.webhook"
    _put(both, "telegram.webhook", "kort")
    assert "32" in both.problem().mend


def test_secrets_of_telegram_are_not_read_without_telegram(folder: Broken) -> None:
    _put(folder, "telegram.token", "geen token").chmod(0o644)
    assert folder.load().secrets.telegram_token is None


def test_somebody_without_matrix_enrols_on_telegram(both: Broken) -> None:
    both.edit("people.toml", 'matrix = "@vt_gw2:lagedijk.example"\n', "")
    both.edit("people.toml", 'matrix = "@vt_gw1:lagedijk.example"\n', "")
    people = both.load().people
    assert (people["vt_gw1"].matrix, people["vt_gw2"].matrix) == (None, None)


def test_without_telegram_everybody_needs_a_matrix_name(folder: Broken) -> None:
    folder.edit("people.toml", 'matrix = "@vt_gw2:lagedijk.example"\n', "")
    problem = folder.problem()
    assert (problem.file, problem.key) == ("people.toml", "people[vt_gw2].matrix")
    assert problem.line
    assert "VT gedragswetenschapper 2" in problem.what
    assert "[telegram]" in problem.mend


@pytest.mark.parametrize("role", ["operator", "coordinator", "contact_point"])
def test_digest_faults_and_invitations_begin_on_matrix(both: Broken, role: str) -> None:
    text = (both.path / "people.toml").read_text(encoding="utf-8")
    start = text.index(f'roles = ["{role}"]')
    cut = re.sub(r'matrix = ".*"\n', "", text[start:], count=1)
    (both.path / "people.toml").write_text(text[:start] + cut, encoding="utf-8")
    problem = both.problem()
    assert problem.key.endswith("].matrix")
    assert role in problem.what


def test_the_token_goes_to_another_server_only_in_a_fictional_region(
    both: Broken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KORTELIJN_TELEGRAM_API", "http://127.0.0.1:8081/")
    settings = read_settings(config_dir=both.path)
    assert settings.telegram_api == "http://127.0.0.1:8081"
    assert load(settings).region.fictional
    both.edit("region.toml", "fictional = true", "fictional = false")
    assert "KORTELIJN_TELEGRAM_API" in both.problem(settings).mend
    monkeypatch.setenv("KORTELIJN_TELEGRAM_API", "https://api.telegram.org/")
    assert load(read_settings(config_dir=both.path)).region.telegram is not None


@pytest.mark.parametrize("address", ["api.telegram.org", "https://u:p@x.example", "https://x/bot"])
def test_the_server_is_only_a_server(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("KORTELIJN_TELEGRAM_API", address)
    with pytest.raises(ConfigurationError) as raised:
        read_settings()
    assert [problem.file for problem in raised.value.problems] == ["KORTELIJN_TELEGRAM_API"]


def test_init_writes_the_table_as_comment_and_no_secret(tmp_path: Path) -> None:
    settings = Settings(config_dir=tmp_path)
    scaffold(tmp_path, settings.secrets_dir, Blueprint())
    assert not [path for path in settings.secrets_dir.iterdir() if "telegram" in path.name]
    text = (tmp_path / "region.toml").read_text(encoding="utf-8")
    assert not re.search(r"^\[telegram\]", text, re.M)


def test_the_commented_table_is_right_once_it_is_no_comment(folder: Broken) -> None:
    path = folder.path / "region.toml"
    before, start, rest = path.read_text(encoding="utf-8").partition("# [telegram]\n")
    table, end, after = rest.partition("\n\n")
    lines = re.sub(r"^# (\w+ = )", r"\1", table, flags=re.M)
    path.write_text(f"{before}{start[2:]}{lines}{end}{after}", encoding="utf-8")
    _put(folder, "telegram.token", TOKEN)
    _put(folder, "telegram.webhook", SECRET)
    telegram = folder.load().region.telegram
    assert telegram is not None
    assert all(value is not None for value in telegram.model_dump().values()), "every key"
    lacking = re.findall(r"^\w+ = .*\n\w+ = ", lines, re.M)
    assert lacking == [], "a sentence before each key"
