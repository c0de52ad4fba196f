"""What tells one running instance from another: a name that stays with its data folder."""

import secrets
from pathlib import Path


def instance_of(folder: Path) -> str:
    """The name, made at the first start."""
    file = folder / "instance"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(secrets.token_hex(4), encoding="ascii")
    return file.read_text(encoding="ascii").strip()
