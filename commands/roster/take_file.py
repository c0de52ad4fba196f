"""Somebody sent the bot a file: a roster of their organisation, if they are its contact point.

What it would change is shown first. The understood roster waits sealed for at most an hour;
whoever carries it out is checked again, and so is the roster.
"""

import asyncio
from dataclasses import replace
from pathlib import PurePath

from sqlalchemy import delete
from sqlmodel import col

from commands.ask import Ask
from commands.declare import command
from commands.messages import Action, Word, message
from commands.people import Known, by_id, row_id
from commands.roster.change import whole_roster_changed
from commands.roster.files.given import Given
from commands.roster.files.parsed import ParsedRoster, from_text, to_text
from commands.roster.files.problem import Problem, problems_told
from commands.roster.files.read import read_roster
from commands.roster.plan_import import Plan, carry_out, names_of, no_longer_fits, plan_import
from commands.roster.preview import done, preview
from commands.rules.moments import HOUR
from commands.tell import show_person, tell_identity
from commands.world import World
from storage.access_log import Actor, note
from storage.store import Unit
from storage.tables import Person, RosterImport
from storage.timers import set_timer

WAITS_MS = HOUR
_MOST_DAYS = 500_000
MOST_EVENTS = 1_000  # of a second of processor: longer calendars go by command line
_EVENT = b"BEGIN:VEVENT"


Understood = ParsedRoster | tuple[Problem, ...]


async def read_file(
    unit: Unit, world: World, person: Person, name: str, content: bytes
) -> Understood | None:
    """What stands in the file, or all that is wrong with it. None: this person sends no rosters.

    It can take a second: for a view, never for a transaction in which others wait to write.
    """
    if not _sends_rosters(person):
        return None
    names = await names_of(unit, world)
    given = Given(
        person.partner,
        only=person.partner,
        hint=PurePath(name).stem,
        most_days=_MOST_DAYS,
        now=unit.now,
    )
    if content.count(_EVENT) > MOST_EVENTS:
        return (Problem("too_many_events", params={"n": MOST_EVENTS}),)
    return await asyncio.to_thread(read_roster, name, content, names, given)


async def take_file(unit: Unit, world: World, who: Known, parsed: Understood | None) -> None:
    """Answers with what would change, or with all that is wrong. Nothing is changed by it."""
    if parsed is None or not _sends_rosters(who.person):
        await note(unit, _actor(who), "refuse", "roster", right="none")
        tell_identity(unit, who.identity, message("import.not_for_you"))
        return
    if not isinstance(parsed, ParsedRoster):
        tell_identity(unit, who.identity, problems_told(parsed))
        return
    plan = await plan_import(unit, world, parsed)
    if plan.change.changes_nothing:
        tell_identity(unit, who.identity, preview(world, plan))
        return
    row = await _keep(unit, who, plan)
    tell_identity(unit, who.identity, preview(world, plan), actions=_actions(row), slot=_slot(row))


@command("import_apply", right="contact_point", about="nothing")
async def import_apply(ask: Ask) -> None:
    """[Voer door]: what was shown, if it still is what would happen."""
    row = await _waiting(ask)
    if row is None:
        await ask.settle(message("import.gone"))
        return
    parsed = from_text(ask.unit.vault.unseal(row.parsed))
    names = await names_of(ask.unit, ask.world)
    problems = no_longer_fits(parsed, names, ask.who.person.partner or "-")
    if problems:
        await ask.unit.session.delete(row)
        await ask.settle(problems_told(problems))
        return
    plan = await plan_import(ask.unit, ask.world, parsed)
    if plan.mark != row.mark:
        row.mark = plan.mark
        shown = preview(ask.world, plan)
        again = replace(shown, lines=(message("import.changed_meanwhile"), *shown.lines))
        await ask.settle(again, _actions(row))
        return
    await carry_out(ask.unit, plan, Actor.of(ask.who.person, ask.role, ask.channel), right=ask.role)
    for partner in plan.parsed.partners:
        await whole_roster_changed(ask.unit, ask.world, partner)
    await ask.unit.session.delete(row)
    await ask.settle(done(ask.world, plan))


@command("import_stop", right="anyone", about="nothing")
async def import_stop(ask: Ask) -> None:
    """[Stop]: forgotten, nothing was changed."""
    row = await _waiting(ask)
    if row is not None:
        await ask.unit.session.delete(row)
    await ask.settle(message("import.stopped" if row is not None else "import.gone"))


async def forget_import(unit: Unit, import_id: int) -> None:
    """The hour is over: nobody presses a plan of yesterday."""
    row = await unit.session.get(RosterImport, import_id)
    if row is None:
        return
    person = await by_id(unit, row.person_id)
    await unit.session.delete(row)
    await show_person(unit, row_id(person), f"import:{import_id}", message("import.expired"))


def _sends_rosters(person: Person) -> bool:
    return person.has_role("contact_point") and bool(person.partner)


async def _keep(unit: Unit, who: Known, plan: Plan) -> RosterImport:
    """Of one person one file waits: the last."""
    await unit.session.exec(delete(RosterImport).where(col(RosterImport.person_id) == who.id))
    row = RosterImport(
        region_id=unit.region_id,
        person_id=who.id,
        parsed=unit.vault.seal(to_text(plan.parsed)),
        mark=plan.mark,
        expires_at=unit.now + WAITS_MS,
    )
    unit.session.add(row)
    await unit.session.flush()
    set_timer(unit, "import_over", f"import:{row_id(row)}", row.expires_at)
    return row


async def _waiting(ask: Ask) -> RosterImport | None:
    """The file under whose preview was pressed, if it waits and is theirs."""
    row = await ask.unit.session.get(RosterImport, int(ask.argument))
    if row is None or row.person_id != ask.who.id or row.expires_at <= ask.unit.now:
        return None
    return row


def _slot(row: RosterImport) -> str:
    return f"import:{row_id(row)}"


def _actions(row: RosterImport) -> tuple[Action, ...]:
    argument = str(row_id(row))
    return (
        Action("import_apply", Word("button.carry_out"), argument),
        Action("import_stop", Word("button.stop"), argument, stop=True),
    )


def _actor(who: Known) -> Actor:
    return Actor.of(who.person, "known", who.identity.channel)
