"""Secrets are made once, safely, and never read when others could read them too."""

import base64
import os
import stat
from pathlib import Path

import pytest
from cryptography.fernet import Fernet, MultiFernet

from config.secrets import create_secrets
from tests.config.conftest import Broken


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_new_secrets_are_for_their_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        written = create_secrets(tmp_path / "secrets")
    finally:
        os.umask(before)
    assert _mode(tmp_path / "secrets") == 0o700
    assert [path.name for path in written] == ["master.key", "log.key", "matrix.password"]
    assert {_mode(path) for path in written} == {0o600}


def test_existing_secrets_are_never_touched(tmp_path: Path) -> None:
    create_secrets(tmp_path, "eerste")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert create_secrets(tmp_path, "tweede") == []
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_two_regions_never_share_a_key(tmp_path: Path) -> None:
    create_secrets(tmp_path / "a")
    create_secrets(tmp_path / "b")
    keys = [(tmp_path / d / n).read_text() for d in "ab" for n in ("master.key", "log.key")]
    assert len(set(keys)) == 4


def test_the_first_master_key_encrypts_and_an_old_one_still_reads(folder: Broken) -> None:
    path = folder.settings.secrets_dir / "master.key"
    old = Fernet(folder.load().secrets.master_keys[0]).encrypt(b"regel")
    new = Fernet.generate_key()
    path.write_bytes(b"# nieuw, 2026-11-22\n" + new + b"\n" + path.read_bytes())
    keys = folder.load().secrets.master_keys
    assert len(keys) == 2
    sealed = MultiFernet([Fernet(key) for key in keys]).encrypt(b"nieuw")
    assert Fernet(new).decrypt(sealed) == b"nieuw"
    assert MultiFernet([Fernet(key) for key in keys]).decrypt(old) == b"regel"


def test_the_log_key_has_32_bytes(folder: Broken) -> None:
    assert len(folder.load().secrets.log_key) == 32


@pytest.mark.parametrize("name", ["master.key", "log.key", "matrix.password"])
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_file_that_others_can_open_is_refused(folder: Broken, name: str, mode: int) -> None:
    path = folder.settings.secrets_dir / name
    path.chmod(mode)
    problem = folder.problem()
    assert problem.file == f"secrets/{name}"
    assert problem.mend == f"Draai: chmod 600 {path}"
    path.chmod(0o600)
    folder.load()


def test_a_folder_that_others_can_open_is_refused(folder: Broken) -> None:
    folder.settings.secrets_dir.chmod(0o755)
    assert folder.problem().mend == f"Draai: chmod 700 {folder.settings.secrets_dir}"


@pytest.mark.parametrize("name", ["master.key", "log.key", "matrix.password"])
def test_a_missing_secret_is_named(folder: Broken, name: str) -> None:
    (folder.settings.secrets_dir / name).unlink()
    assert folder.problem().file == f"secrets/{name}"


def test_an_empty_password_asks_for_it(folder: Broken) -> None:
    (folder.settings.secrets_dir / "matrix.password").write_text("\n")
    assert "@kortelijn:lagedijk.example" in folder.problem().what


@pytest.mark.parametrize("name", ["master.key", "log.key"])
@pytest.mark.parametrize("content", ["", "# leeg\n", "abc\n", "é\n"])
def test_what_is_not_a_key_is_refused(folder: Broken, name: str, content: str) -> None:
    (folder.settings.secrets_dir / name).write_text(content, encoding="utf-8")
    problem = folder.problem()
    assert problem.file == f"secrets/{name}"
    assert "is geen sleutel" in problem.what


def test_both_keys_empty_are_both_told(folder: Broken) -> None:
    for name in ("master.key", "log.key"):
        (folder.settings.secrets_dir / name).write_text("")
    assert {problem.file for problem in folder.problems()} == {
        "secrets/master.key",
        "secrets/log.key",
    }


def test_secrets_are_not_printed(folder: Broken) -> None:
    configuration = folder.load()
    shown = f"{configuration!r} {configuration.secrets}"
    assert "wachtwoord" not in shown
    assert configuration.secrets.master_keys[0].decode() not in shown
    assert base64.urlsafe_b64encode(configuration.secrets.log_key).decode() not in shown


HEARTBEAT = "https://waak.example/ping/0f8a-een-geheim"


def _heartbeat(folder: Broken, content: str) -> Path:
    path = folder.settings.secrets_dir / "heartbeat.url"
    path.write_text(content, encoding="utf-8")
    path.chmod(0o600)
    return path


def test_a_region_may_do_without_a_heartbeat(folder: Broken) -> None:
    assert folder.load().secrets.heartbeat_url is None


@pytest.mark.parametrize("url", [HEARTBEAT, "http://127.0.0.1:8080/a?b=c", "https://waak.example"])
def test_the_address_of_the_heartbeat_is_read_and_not_printed(folder: Broken, url: str) -> None:
    _heartbeat(folder, f"{url}\n")
    secrets = folder.load().secrets
    assert secrets.heartbeat_url == url
    assert url not in repr(secrets)


@pytest.mark.parametrize(
    "content",
    ["waak.example/ping", "ftp://waak.example/x", "https://waak.example/a b", "https:///x"],
)
def test_what_is_no_address_is_refused_without_repeating_it(folder: Broken, content: str) -> None:
    _heartbeat(folder, content)
    problem = folder.problem()
    assert problem.file == "secrets/heartbeat.url"
    assert "https://" in problem.mend
    assert content not in str(problem)


def test_an_empty_address_asks_for_it(folder: Broken) -> None:
    path = _heartbeat(folder, "\n")
    assert str(path) in folder.problem().mend


def test_others_cannot_read_the_address(folder: Broken) -> None:
    path = _heartbeat(folder, HEARTBEAT)
    path.chmod(0o644)
    assert folder.problem().mend == f"Draai: chmod 600 {path}"
