"""A region that has its bot on a Telegram that runs here, who is enrolled there, and the links that
lead to that bot."""

import re
from collections.abc import Iterable
from pathlib import Path

from storage.tables import Identity
from tests.kit.device import PhoneFailed

BOT = "lagedijk_kortelijn_bot"
_LINK = re.compile(rf"https://t\.me/{BOT}\?start=([\w-]{{22}})$")


def join_telegram(config: Path, secrets: Path, token: str, only_telegram: Iterable[str]) -> None:
    """Write the bot into the configuration folder of a region, and its token into a secret file.
    Those in `only_telegram` (keys of people) have no Matrix account from now on."""
    with (config / "region.toml").open("a", encoding="utf-8") as region:
        region.write(f'\n[telegram]\nbot = "{BOT}"\n')
    secret = secrets / "telegram.token"
    secret.touch(mode=0o600)
    secret.write_text(f"{token}\n")
    path = config / "people.toml"
    people = path.read_text(encoding="utf-8")
    for key in only_telegram:
        people, taken = re.subn(rf'^matrix = "@{key}[-:].*\n', "", people, flags=re.MULTILINE)
        assert taken == 1, f"{key} is not in people.toml"
    path.write_text(people, encoding="utf-8")


def enrolled(person_id: int, number: int, now: int) -> Identity:
    """Somebody (row id) who came in long ago as this user of Telegram and tapped the test page.
    `now`: UTC epoch milliseconds."""
    return Identity(
        person_id=person_id,
        channel="telegram",
        address=str(number),
        direct_room=str(number),
        joined_at=now,
        proven_at=now,
    )


def payload_in(text: str) -> str:
    """What the bot's `t.me` link at the end of a text carries; pressing Start sends it. Raises
    `PhoneFailed` if there is none."""
    found = _LINK.search(text)
    if found is None:
        raise PhoneFailed(f"no link of the bot in {text!r}")
    return found.group(1)
