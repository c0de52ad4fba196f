"""Something for every blank, and what must never come out on Telegram."""

from pathlib import Path

from bot.channels.showing.blanks import blanks
from commands.messages import (
    At,
    Day,
    Listed,
    Message,
    Named,
    Number,
    Own,
    Param,
    Partners,
    Span,
    Word,
    message,
)
from config.catalogue import compiled
from config.load import load_folder
from config.region import Region
from config.scaffold import demo_region, scaffold
from config.settings import Settings

NOW = 1_783_690_800_000  # Friday 10 July 2026 15:40 in Amsterdam
MARK = "MARK"
PLACES = ("elders", "elsewhere")

KEYS = sorted(
    {
        key if isinstance(key, str) else key[0]
        for language in ("nl", "en")
        for key in compiled(language)._catalog  # type: ignore[attr-defined]
    }
    - {""}
)

HOSTILE: dict[str, Param] = {
    "own": Own("MARK-OWN"),
    "kind": Named("MARK-KIND", "MARK-KIND"),
    "place": "MARK-PLACE",
    "elsewhere": Word("place.elsewhere"),
    "dial-in": Number("MARK-DIAL-IN"),
    "link": "https://meet.example/MARK-LINK",
    "typed number": 612345678,
    "own in a list": Listed((At(NOW), Listed((Own("MARK-OWN"),)))),
    "a hidden message": message("room.reason", reason=Own("MARK-OWN")),
    "own in a shown message": message("onboard.welcome", function=Own("MARK-OWN"), seconds=30),
    "a message with a line": Message("wrong.chosen", {}, (message("room.reason", reason="MARK"),)),
}
"""What a blank must refuse."""

FITTING: dict[str, Param] = {
    "ref": "K7Q4",
    "urgency": Word("urgency.urgent"),
    "rest": Span(600_000),
    "late": Span(1_200_000),
    "date": Day(NOW),
    "partner": Partners(("om",)),
    "partners": Partners(("om", "rvdk")),
    "waiting": Partners(("om",)),
    "lead": Partners(("politie",)),
    "ready": Partners(("vt",)),
    "missing": Partners(("om",)),
    "next": Word("step.backup"),
    "role": Word("role.backup"),
    "backup": Word("word.yes"),
    "state": Word("state.page.acked"),
    "which": Listed(
        (message("headline.agreement_open", partner=Partners(("om",)), deadline=At(1)),)
    ),
    "slots": Listed((At(NOW), Word("button.now"))),
    "few": Word("digest.few"),
    "help": Word("help.how"),
    "steps": Word("onboard.quiet_steps"),
    "way": Word("way.sms"),
    "app": Word("app.telegram"),
    "finding": Word("finding.name"),
    "open": "1, 2",
    "week": "2025-52",
    "numbers": Listed((Number("0800-2001"), Number("0800-2002"))),
    "desk": Named("de spoedlijn", "its emergency line"),
    "help_number": Number("0800-2000"),
    "dates": Named("6–12 juli", "6–12 July"),
    "function": "RvdK-dienst",
    "label": "RvdK-dienst",
    "channel": "Telegram",
    "address": "-1002000000001",
    "link": "https://t.me/lagedijk_kortelijn_bot?start=0123456789_-abcdefghij",
    "choices": Named("om_ovj1, om_ovj2", "om_ovj1, om_ovj2"),
    "column": "C",
    "command": "alarm",
    "step": Word("handover.step.backup"),
    "who": "officier van justitie 2",
    "shift": message("roster.shift", partner=Partners(("om",)), slots=At(NOW)),
    "place": "Centrum",
}
_MOMENTS = "time deadline limit when since until duty now first second suggestion"
_COUNTS = "n taken total count done number highest example word previous days minutes seconds row"


def fitting(key: str, name: str) -> Param:
    """What really stands in this blank of this text."""
    if name == "kind":
        return "page_timer" if key.startswith("operator.") else Named("kindermishandeling", "abuse")
    if name == "number" and key.startswith(("chain.", "headline.", "handover.")):
        return Number("0800-2001")
    if key == "calendar.link":
        return f"https://kortelijn.lagedijk.example/rooster/{'A' * 30}.ics"
    if key == "duty.title" and name == "now":
        return Named("vr 15:40", "Fri 15:40")
    if key == "help.line" and name == "command":
        return Named("alarm", "alert")
    if name in _MOMENTS.split():
        return At(NOW)
    if name in _COUNTS.split():
        return 5
    return FITTING.get(name, Own(f"nothing fits {name}"))


def sample(key: str) -> Message:
    """A message with this text and everything that it asks for."""
    return Message(key, {name: fitting(key, name) for name in blanks(key)})


def demo(folder: Path) -> Region:
    """The fictional region."""
    settings = Settings(config_dir=folder)
    scaffold(
        settings.config_dir,
        settings.secrets_dir,
        demo_region("http://127.0.0.1:1", "lagedijk.example"),
    )
    return load_folder(settings).region
