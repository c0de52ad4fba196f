"""The secret files: made once with safe permissions, read at every start.

`master.key` holds Fernet keys, one a line; the first encrypts, all decrypt, so a new key is put
on top. `log.key` keys the chain of the access log. `matrix.password` is filled in by a human,
and so are `telegram.token` and `telegram.webhook`, for a region that has those. A region may
also have `heartbeat.url`, which is asked for every minute as long as all is well, and
`fallback.toml`, which `config.fallback` reads.
"""

import base64
import binascii
import os
import re
import stat
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from config.problem import Report

MASTER_KEY, LOG_KEY, MATRIX_PASSWORD = "master.key", "log.key", "matrix.password"
TELEGRAM_TOKEN, TELEGRAM_WEBHOOK = "telegram.token", "telegram.webhook"
HEARTBEAT_URL = "heartbeat.url"  # a secret, for who knows it can say that all is well
_FORMS = {
    TELEGRAM_TOKEN: re.compile(r"[0-9]{6,12}:[A-Za-z0-9_-]{30,}"),
    # 256 is Telegram's own limit for the header; 32 signs cannot be guessed.
    TELEGRAM_WEBHOOK: re.compile(r"[A-Za-z0-9_-]{32,256}"),
    HEARTBEAT_URL: re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[!-~]*)?"),
}


@dataclass(frozen=True)
class Secrets:
    """Never printed: the fields are left out of the representation."""

    master_keys: tuple[bytes, ...] = field(repr=False)  # as `cryptography.fernet.Fernet` takes it
    log_key: bytes = field(repr=False)  # 32 bytes
    matrix_password: str = field(repr=False)
    telegram_token: str | None = field(default=None, repr=False)
    telegram_webhook: str | None = field(default=None, repr=False)  # comes with every update
    heartbeat_url: str | None = field(default=None, repr=False)


def create_secrets(folder: Path, matrix_password: str = "") -> list[Path]:
    """Make what is not there yet (folder 0700, files 0600) and return what was made.

    An existing file is never touched: without its master key a database cannot be read.
    """
    if not folder.exists():
        folder.mkdir(mode=0o700, parents=True)
    contents = {
        MASTER_KEY: _new_key(),
        LOG_KEY: _new_key(),
        MATRIX_PASSWORD: matrix_password,
    }
    return [
        folder / name
        for name, content in contents.items()
        if _write_new(folder / name, content + "\n" if content else "")
    ]


def read_secrets(
    folder: Path, shown: str, user: str, report: Report, also: Collection[str] = ()
) -> Secrets | None:
    """The secrets, or None when the report has a reason why not.

    `shown` is the folder's name in problems, `user` the Matrix account of the password,
    `also` the secrets of Telegram that this region needs.
    """
    before = len(report.problems)
    if folder.is_dir():
        _refuse_open(folder, shown, 0o700, report)
    master = _keys(folder / MASTER_KEY, shown, report)
    log = _keys(folder / LOG_KEY, shown, report)
    password = _password(folder / MATRIX_PASSWORD, shown, user, report)
    asked = {*also, *({HEARTBEAT_URL} if (folder / HEARTBEAT_URL).is_file() else ())}
    more = {name: _of_form(folder / name, shown, report) for name in _FORMS if name in asked}
    if len(report.problems) > before:
        return None
    return Secrets(
        master_keys=tuple(base64.urlsafe_b64encode(key) for key in master),
        log_key=log[0],
        matrix_password=password,
        telegram_token=more.get(TELEGRAM_TOKEN),
        telegram_webhook=more.get(TELEGRAM_WEBHOOK),
        heartbeat_url=more.get(HEARTBEAT_URL),
    )


def _new_key() -> str:
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


def _write_new(path: Path, content: str) -> bool:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        os.fchmod(handle, 0o600)  # a strange umask could have made it unreadable for ourselves
        file.write(content)
        file.flush()
        os.fsync(handle)
    return True


def _keys(path: Path, shown: str, report: Report) -> list[bytes]:
    """One key a line, comments left out; a file without any key is a problem too."""
    text = read_secret(path, shown, report)
    if text is None:
        return []
    file = f"{shown}/{path.name}"
    keys = [
        _key(line.strip(), number, file, report)
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip() and not line.startswith("#")
    ]
    if not keys:
        report.add(file, (), "bad_key", number=1)
    return keys


def _password(path: Path, shown: str, user: str, report: Report) -> str:
    text = read_secret(path, shown, report)
    if text is None:
        return ""
    first = text.split("\n", 1)[0].rstrip("\r")
    if not first.strip():
        report.add(f"{shown}/{path.name}", (), "no_password", user=user)
    return first


def _of_form(path: Path, shown: str, report: Report) -> str:
    """Unlike the other secrets `init` does not make this file: it says how to make it."""
    file, code = f"{shown}/{path.name}", path.name.replace(".", "_")
    text = read_secret(path, shown, report) if path.is_file() else ""
    if text is None:
        return ""
    first = text.split("\n", 1)[0].strip()
    if not first:
        report.add(file, (), f"no_{code}", path=path)
    elif not _FORMS[path.name].fullmatch(first):
        report.add(file, (), f"bad_{code}")
    return first


def read_secret(path: Path, shown: str, report: Report) -> str | None:
    """The text of a secret file, or None when the report has a reason why not."""
    file = f"{shown}/{path.name}"
    if not path.is_file():
        report.add(file, (), "no_secret")
        return None
    if _refuse_open(path, file, 0o600, report):
        return None
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        report.add(file, (), "not_utf8")
    except OSError as error:
        report.add(file, (), "unreadable", reason=error.strerror or type(error).__name__)
    return None


def _refuse_open(path: Path, shown: str, mode: int, report: Report) -> bool:
    if stat.S_IMODE(path.stat().st_mode) & 0o077 == 0:
        return False
    report.add(shown, (), "open_secret", mode=f"{mode:o}", path=path)
    return True


def _key(line: str, number: int, file: str, report: Report) -> bytes:
    try:
        key = base64.urlsafe_b64decode(line.encode())
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32:
        report.add(file, (), "bad_key", number=number, line=number)
    return key
