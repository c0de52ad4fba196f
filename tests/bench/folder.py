"""The configuration folder of the fictional region, as the bench needs it."""

import re
from collections.abc import Iterable
from pathlib import Path

from config.scaffold import demo_region, scaffold

PASSWORD = "een wachtwoord van niemand"
LONGER = 100  # no clock of a case may come due within the bench
MELDER = """
[[people]]
key = "{key}"
partner = "vt"
label = "VT frontoffice"
roles = ["melder"]
functions = ["frontoffice"]
matrix = "@{key}:{server}"
"""


def configure(folder: Path, homeserver: str, server: str, melders: Iterable[str]) -> Path:
    """Write it, with these people who may raise alarms as well; returns where it is."""
    config_dir = folder / "kortelijn"
    scaffold(config_dir, config_dir / "secrets", demo_region(homeserver, server), PASSWORD)
    with (config_dir / "people.toml").open("a") as people:
        for key in melders:
            people.write(MELDER.format(key=key, server=server))
    protocol = config_dir / "protocols" / "skm.toml"
    text = protocol.read_text()
    clocks = r"^(take|silent|remind|next_step|consult|repeat_notice) = (\d+)"
    text = re.sub(clocks, lambda it: f"{it[1]} = {int(it[2]) * LONGER}", text, flags=re.MULTILINE)
    protocol.write_text(text)
    return config_dir
