"""The roster commands of the command line: from options to what they do, and asking for a yes."""

import asyncio
import sys
from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.checking import voice_of
from bot.roster_export import export_roster, write_template
from bot.roster_import import About, import_roster
from bot.roster_store import WRONG, Said
from commands.messages import Message, message
from commands.roster.files.spoken_days import read_date
from config.load import Configuration
from config.settings import Settings


def roster_line(
    what: str, settings: Settings, configuration: Configuration, given: Mapping[str, Any]
) -> tuple[int, str]:
    """The exit code and the last words of `import`, `export` or `template`. `given`: the options
    by name, as they were typed."""
    voice = voice_of(configuration)
    file = given["file"]

    def agreed(shown: Message) -> bool:
        print(voice.text(shown))
        if given["yes"]:
            return True
        if not sys.stdin.isatty():
            print(voice.text(message("cli.roster.say_yes")), file=sys.stderr)
            return False
        print(voice.text(message("cli.roster.ask")), end=" ", flush=True)
        return sys.stdin.readline().strip().lower() in ("j", "ja", "y", "yes")

    async def carried_out() -> Said:
        if what == "import":
            about = About(given["partner"], given["function"], given["place"], given["subscribe"])
            dry_run = given["dry_run"]
            return await import_roster(
                settings, configuration, file, about, agreed, dry_run=dry_run
            )
        if what == "template":
            return await write_template(settings, configuration, file, given["partner"])
        first, last = _day(given["first"]), _day(given["last"])
        if (given["first"] and not first) or (given["last"] and not last):
            return WRONG, message("import.problem.unknown_date")
        return await export_roster(
            settings, configuration, file, given["partner"], given["form"], (first, last)
        )

    code, said = asyncio.run(carried_out())
    return code, voice.text(said)


def _day(text: str | None) -> date | None:
    return read_date(text) if text else None
