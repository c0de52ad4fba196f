"""Settings come from KORTELIJN_ variables; a wrong one stops the start."""

from pathlib import Path

import pytest

from config.load import ConfigurationError, read_settings


def test_everything_lies_in_one_folder_by_default() -> None:
    settings = read_settings()
    assert settings.config_dir == Path("kortelijn")
    assert settings.data_dir == Path("kortelijn/data")
    assert settings.secrets_dir == Path("kortelijn/secrets")
    assert settings.database_url == "sqlite+aiosqlite:///kortelijn/data/kortelijn.sqlite3"
    assert (settings.health_host, settings.health_port) == ("127.0.0.1", 8470)


def test_the_rest_follows_the_folder_that_was_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KORTELIJN_CONFIG_DIR", "/srv/regio")
    monkeypatch.setenv("KORTELIJN_DATA_DIR", "/var/lib/regio")
    settings = read_settings()
    assert settings.secrets_dir == Path("/srv/regio/secrets")
    assert settings.database_url == "sqlite+aiosqlite:////var/lib/regio/kortelijn.sqlite3"


def test_postgresql_is_one_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KORTELIJN_DATABASE_URL", "postgresql+psycopg://db.example/kortelijn")
    assert read_settings().database_url == "postgresql+psycopg://db.example/kortelijn"


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KORTELIJN_STORY_CLOCK", "")
    assert read_settings().story_clock is None


def test_the_command_line_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KORTELIJN_CONFIG_DIR", "/srv/a")
    assert read_settings(config_dir="/srv/b", data_dir=None).data_dir == Path("/srv/b/data")


@pytest.mark.parametrize(
    ("name", "value", "mend"),
    [
        ("KORTELIJN_HEALTH_PORT", "70000", "65535"),
        ("KORTELIJN_HEALTH_PORT", "web", "heel getal"),
        ("KORTELIJN_LOG_LEVEL", "luid", "debug, info"),
        ("KORTELIJN_DATABASE_URL", "mysql://geheim@db.example/x", "postgresql+psycopg://"),
        ("KORTELIJN_KILL_AT", "outbox.sent:0", "outbox.sent:2"),
    ],
)
def test_a_wrong_value_names_its_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, mend: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError) as raised:
        read_settings()
    (problem,) = raised.value.problems
    assert problem.file == name
    assert "geheim" not in str(problem), "a database address can hold a password"
    assert mend in problem.mend


def test_a_variable_that_does_not_exist_is_no_silent_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KORTELIJN_DATABSE_URL", "postgresql+psycopg://db.example/x")
    with pytest.raises(ConfigurationError) as raised:
        read_settings()
    assert "KORTELIJN_DATABASE_URL" in raised.value.problems[0].mend


@pytest.mark.parametrize(
    ("given", "point"),
    [(None, None), ("outbox.sent", ("outbox.sent", 1)), ("commit:12", ("commit", 12))],
)
def test_a_kill_point_has_a_name_and_a_count(
    given: str | None, point: tuple[str, int] | None
) -> None:
    assert read_settings(kill_at=given).kill_point == point
