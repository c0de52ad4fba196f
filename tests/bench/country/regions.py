"""A fictional region that does the work of many: every alarm of every region on one instance.

Each region is a protocol of its own, and calls a duty of its own of each of six partners. So the
pages of many alarms are for many people, as they would be for the country.
"""

import re
from collections.abc import Iterable
from pathlib import Path

PARTNERS = ("vt", "om", "politie", "rvdk", "ggd", "lvb")
_PARTNER = """
[[partners]]
key = "{key}"
label = {{ nl = "{label}", en = "{label}" }}
desk_name = {{ nl = "de {label}-lijn", en = "its desk" }}
desk_number = "0800-2009"
functions = [
]

[[partners]]"""
_FUNCTION = '    {{ key = "{key}", nl = "dienst {number}", en = "duty {number}" }},\n'
_CONTACT = """
[[people]]
key = "{partner}_ap"
partner = "{partner}"
label = "{partner} aanspreekpunt"
roles = ["contact_point"]
matrix = "@{partner}_ap:{server}"
"""
_ON_DUTY = """
[[people]]
key = "{key}"
partner = "{partner}"
label = "{partner} dienst {number}"
roles = ["duty"]
functions = ["{function}"]
matrix = "@{key}:{server}"
"""
_DUTY = """
[[duties]]
partner = "{partner}"
function = "{function}"
days = "elke dag"
from = "00:00"
to = "24:00"
primary = "{key}"
"""
_PAGE = '[[pages]]\npartner = "{partner}"\nfunction = "{function}"\n\n'
_PAGES = re.compile(r"(\[\[pages\]\].*?)(?=^# De klokken)", re.DOTALL | re.MULTILINE)


def alarm_of(number: int) -> str:
    """The key of the protocol of this region, which is also what people type."""
    return f"regio{number:02}"


def on_duty(regions: int) -> list[str]:
    """The keys of everybody whom an alarm of any region calls."""
    return [f"{partner}_{number:02}" for number in range(regions) for partner in PARTNERS]


def spread(config_dir: Path, server: str, regions: int) -> None:
    """Into the folder of the fictional region."""
    path = config_dir / "region.toml"
    text = path.read_text()
    fresh = [key for key in PARTNERS if f'key = "{key}"' not in text]
    for key in fresh:
        text = text.replace("\n[[partners]]", _PARTNER.format(key=key, label=key.upper()), 1)
    functions = "".join(
        _FUNCTION.format(key=f"dienst{number:02}", number=number) for number in range(regions)
    )
    path.write_text(text.replace("functions = [\n", f"functions = [\n{functions}"))
    _append(config_dir / "people.toml", _people(fresh, server, regions))
    _append(config_dir / "roster.toml", _duties(regions))
    protocol = (config_dir / "protocols" / "skm.toml").read_text()
    for number in range(regions):
        _write_protocol(config_dir, protocol, number)


def _people(fresh: Iterable[str], server: str, regions: int) -> Iterable[str]:
    for partner in fresh:
        yield _CONTACT.format(partner=partner, server=server)
    for partner, number, function, key in _slots(regions):
        yield _ON_DUTY.format(
            partner=partner, number=number, function=function, key=key, server=server
        )


def _duties(regions: int) -> Iterable[str]:
    for partner, _, function, key in _slots(regions):
        yield _DUTY.format(partner=partner, function=function, key=key)


def _slots(regions: int) -> Iterable[tuple[str, int, str, str]]:
    for number in range(regions):
        for partner in PARTNERS:
            yield partner, number, f"dienst{number:02}", f"{partner}_{number:02}"


def _write_protocol(config_dir: Path, like: str, number: int) -> None:
    name = alarm_of(number)
    function = f"dienst{number:02}"
    pages = "".join(_PAGE.format(partner=partner, function=function) for partner in PARTNERS)
    text = _PAGES.sub(pages, like, count=1)
    text = text.replace('key = "skm"', f'key = "{name}"', 1)
    text = re.sub(r"^words = .*$", f'words = ["{name}"]', text, count=1, flags=re.MULTILINE)
    text = re.sub(
        r"^(name|button) = .*$",
        rf'\1 = {{ nl = "{name}", en = "{name}" }}',
        text,
        flags=re.MULTILINE,
    )
    (config_dir / "protocols" / f"{name}.toml").write_text(text)


def _append(path: Path, entries: Iterable[str]) -> None:
    with path.open("a") as file:
        file.writelines(entries)
