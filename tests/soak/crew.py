"""More people on duty than the fictional region has, in shifts of five minutes of story time.

Telegram takes one message a second for one person. Who was on duty all the time would get more than
that, at 20 alarms a minute, and the soak would only show how a heap grows.
"""

from pathlib import Path

FUNCTIONS = {
    "vt": ("gedragswetenschapper", "vt_gw"),
    "om": ("ovj", "om_ovj"),
    "politie": ("chef_van_dienst", "politie_cvd"),
    "rvdk": ("contact", "rvdk_contact"),
}
EACH = 4  # people by function
BY_CONFIGURATION = 2  # of them the region has already
SHIFT_MIN = 5
FIRST_H, LAST_H = 15, 23


def crew(partner: str) -> list[str]:
    """Keys of who can be on duty."""
    return [f"{FUNCTIONS[partner][1]}{number}" for number in range(1, EACH + 1)]


def whole_crew() -> list[str]:
    return [key for partner in FUNCTIONS for key in crew(partner)]


def write_crew(folder: Path) -> None:
    """Into the configuration folder of a region that nobody has read yet."""
    with (folder / "people.toml").open("a") as people:
        for partner in FUNCTIONS:
            people.writelines(_person(key, partner) for key in crew(partner)[BY_CONFIGURATION:])
    shifts = [line for partner in FUNCTIONS for line in _shifts(partner)]
    (folder / "roster.toml").write_text("".join(shifts))


def _person(key: str, partner: str) -> str:
    return f"""
[[people]]
key = "{key}"
partner = "{partner}"
label = "{key}"
roles = ["duty"]
functions = ["{FUNCTIONS[partner][0]}"]
"""


def _shifts(partner: str) -> list[str]:
    begins = range(FIRST_H * 60, LAST_H * 60, SHIFT_MIN)
    people = crew(partner)
    by_day = [
        _duty(partner, begin, begin + SHIFT_MIN, people[turn % EACH], people[(turn + 1) % EACH])
        for turn, begin in enumerate(begins)
    ]
    return [*by_day, _duty(partner, LAST_H * 60, FIRST_H * 60, people[0], people[1])]


def _duty(partner: str, begins: int, ends: int, primary: str, backup: str) -> str:
    return f"""
[[duties]]
partner = "{partner}"
function = "{FUNCTIONS[partner][0]}"
days = "elke dag"
from = "{begins // 60:02}:{begins % 60:02}"
to = "{ends // 60:02}:{ends % 60:02}"
primary = "{primary}"
backup = "{backup}"
"""
