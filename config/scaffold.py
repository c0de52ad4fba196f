"""Write a commented configuration folder that only needs its numbers and accounts filled in."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

from config.entry import Language
from config.secrets import create_secrets

_TEMPLATE = Path(__file__).parent / "template"
_FILES = {
    "region.toml": "region.toml",
    "people.toml": "people.toml",
    "roster.toml": "roster.toml",
    "protocols/skm.toml": "protocols/skm.toml",
    "protocols/ouderen.toml": "protocols/ouderen.toml",
    "gitignore": ".gitignore",
}
_DESKS = ("vt", "om", "politie", "rvdk")
_UNKNOWN_SERVER = "example.org"


@dataclass(frozen=True)
class Blueprint:
    """What is filled in from the start. An empty text is a blank that `load` asks a human for."""

    region_id: str = "mijn-regio"
    region_name: str = "Mijn regio"
    language: Language = "nl"
    homeserver: str = ""
    bot_user: str = ""
    fictional: bool = False
    places: tuple[str, ...] = ("",)
    help_number: str = ""
    desks: Mapping[str, str] = field(default_factory=dict)  # desk number by partner
    meeting_link: str = ""
    dial_in: str = ""
    group_room: str = ""

    @property
    def server(self) -> str:
        """The server name of the bot's account, which the staff's accounts have too."""
        return self.bot_user.partition(":")[2] or _UNKNOWN_SERVER


def demo_region(
    homeserver: str, server: str, *, meeting_link: str = "https://meet.example/kortelijn-{secret}"
) -> Blueprint:
    """The fictional Regio Lage Dijk; every number and account in it is invented."""
    return Blueprint(
        region_id="lage-dijk",
        region_name="Regio Lage Dijk",
        homeserver=homeserver,
        bot_user=f"@kortelijn:{server}",
        fictional=True,
        places=("Centrum", "Noord", "Oost", "West", "Zuid"),
        help_number="0800-2000",
        desks={"vt": "0800-2001", "om": "0800-2002", "politie": "0800-2003", "rvdk": "0800-2004"},
        meeting_link=meeting_link,
        dial_in="0800-2005",
        group_room="Regio Lage Dijk",
    )


def scaffold(
    config_dir: Path, secrets_dir: Path, blueprint: Blueprint, matrix_password: str = ""
) -> list[Path]:
    """Write what is not there yet and return what was written, in order.

    An existing file is never touched, so a second call mends a folder that lost a file.
    """
    filled = _fillings(blueprint)
    written: list[Path] = []
    for source, target in _FILES.items():
        text = Template((_TEMPLATE / source).read_text(encoding="utf-8")).substitute(filled)
        path = config_dir / target
        path.parent.mkdir(parents=True, exist_ok=True)
        if _write_new(path, text):
            written.append(path)
    return written + create_secrets(secrets_dir, matrix_password)


def _fillings(blueprint: Blueprint) -> dict[str, str]:
    quoted = {
        "id": blueprint.region_id,
        "name": blueprint.region_name,
        "language": blueprint.language,
        "homeserver": blueprint.homeserver,
        "bot_user": blueprint.bot_user,
        "help_number": blueprint.help_number,
        "meeting_link": blueprint.meeting_link,
        **{f"desk_{key}": blueprint.desks.get(key, "") for key in _DESKS},
    }
    dial_in = blueprint.dial_in
    return {
        **{name: _quoted(value) for name, value in quoted.items()},
        "fictional": "true" if blueprint.fictional else "false",
        "group_room": _quoted(blueprint.group_room) if blueprint.group_room else "false",
        "places": "\n".join(
            f"[[places]]\nname = {_quoted(name)}\nwords = []\n" for name in blueprint.places
        ),
        "dial_in": f"dial_in = {_quoted(dial_in)}" if dial_in else '# dial_in = "0800-2000"',
        "server": blueprint.server,
    }


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a JSON string is a TOML basic string


def _write_new(path: Path, text: str) -> bool:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        return False
    return True
