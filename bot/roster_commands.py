"""`main.py roster …`: the roster for operators and for other programs."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.console import WRONG, Spoken, SpokenGroup, end, end_with, or_explain, settings_of, texts_of
from config.load import load

if TYPE_CHECKING:  # the help must not wait for the database
    from bot.roster_told import Told, Wanted
    from commands.world import World
    from storage.store import Unit

TWO_WEEKS_MS = 14 * 86_400_000


@click.group(cls=SpokenGroup)
def roster() -> None: ...


def _options(work: Callable[..., None]) -> Callable[..., None]:
    """What `show` and `gaps` can both be asked."""
    for option in (
        click.option("--from", "since"),
        click.option("--to", "until"),
        click.option("--partner"),
        click.option("--function"),
        click.option("--json", "as_json", is_flag=True),
    ):
        work = option(work)
    return work


@roster.command(cls=Spoken)
@click.option("--at")
@_options
@click.pass_context
def show(context: click.Context, /, at: str | None, as_json: bool, **span: str | None) -> None:
    from bot import roster_told

    whole_span = bool(span["since"] or span["until"])
    wanted = _wanted(context, span, at=at, whole_span=whole_span)
    _tell(context, roster_told.show, wanted, as_json=as_json)


@roster.command(cls=Spoken)
@click.option("--planned", is_flag=True)
@_options
@click.pass_context
def gaps(context: click.Context, /, planned: bool, as_json: bool, **span: str | None) -> None:
    from bot import roster_told

    wanted = _wanted(context, span, at=None, whole_span=True)
    tell = roster_told.show_planned_gaps if planned else roster_told.show_gaps
    _tell(context, tell, wanted, as_json=as_json)


def _wanted(
    context: click.Context, span: Mapping[str, str | None], *, at: str | None, whole_span: bool
) -> Wanted:
    """Ends the program if it is not to be understood. A span without an end is of two weeks."""
    settings = settings_of(context)
    region = or_explain(lambda: load(settings)).region
    from bot.app import clock_of
    from bot.roster_told import Wanted
    from commands.reading.moment import read_moment

    texts = texts_of(context)
    now = clock_of(settings).now()

    def moment(text: str) -> int:
        found = read_moment(text, now)
        if found is None:
            end(texts.get("cli.roster.no_moment", given=text), WRONG)
        return found

    partner = span["partner"]
    partners = [each.key for each in region.partners]
    if partner is not None and partner not in partners:
        choices = ", ".join(partners)
        end(texts.get("cli.roster.no_partner", given=partner, choices=choices), WRONG)
    begin = moment(span["since"] or at or "now")
    finish = begin + (TWO_WEEKS_MS if whole_span else 1)
    if span["until"]:
        finish = moment(span["until"])
    if finish <= begin:
        end(texts.get("cli.roster.reversed"), WRONG)
    return Wanted(begin, finish, partner, span["function"])


def _tell(
    context: click.Context,
    tell: Callable[[Unit, World, Wanted], Awaitable[Told]],
    wanted: Wanted,
    *,
    as_json: bool,
) -> None:
    settings = settings_of(context)
    configuration = or_explain(lambda: load(settings))
    from bot.app import world_of
    from bot.checking import in_database, voice_of
    from bot.moved import told
    from commands.messages import Message

    async def ask(unit: Unit) -> Told:
        return await tell(unit, world_of(configuration), wanted)

    found = asyncio.run(in_database(settings, configuration, ask, seeded=True))
    if isinstance(found, Message):
        end_with(False, voice_of(configuration).text(told(found)))
    else:
        lines, facts = found
        end_with(True, json.dumps(facts, indent=2) if as_json else "\n".join(lines))


@roster.command("import", cls=Spoken)
@click.argument("file")
@click.option("--partner")
@click.option("--function")
@click.option("--place")
@click.option("--subscribe", is_flag=True)
@click.option("--dry-run", is_flag=True)
@click.option("--yes", is_flag=True)
@click.pass_context
def import_roster(context: click.Context, /, **given: object) -> None:
    _roster_line(context, "import", given)


@roster.command("export", cls=Spoken)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--partner")
@click.option("--format", "form")
@click.option("--from", "first")
@click.option("--to", "last")
@click.pass_context
def export_roster(context: click.Context, /, **given: object) -> None:
    _roster_line(context, "export", given)


@roster.command("template", cls=Spoken)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--partner")
@click.pass_context
def roster_template(context: click.Context, /, **given: object) -> None:
    _roster_line(context, "template", given)


@roster.command("calendars", cls=Spoken)
@click.option("--stop", type=int)
@click.pass_context
def calendars(context: click.Context, /, stop: int | None) -> None:
    settings = settings_of(context)
    configuration = or_explain(lambda: load(settings))
    from bot import roster_calendars
    from bot.checking import voice_of

    code, said = asyncio.run(roster_calendars.calendars(settings, configuration, stop))
    click.echo(voice_of(configuration).text(said), err=code != 0)
    sys.exit(code)


def _roster_line(context: click.Context, what: str, given: dict[str, object]) -> None:
    settings = settings_of(context)
    configuration = or_explain(lambda: load(settings))
    from bot.roster_line import roster_line

    code, said = roster_line(what, settings, configuration, given)
    click.echo(said, err=code != 0)
    sys.exit(code)
