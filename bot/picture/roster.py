"""The roster of one organisation as a picture: read when it is sent, in the reader's words."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sqlmodel import select

from bot.picture.draw import Artist, Drawing, Words
from bot.picture.sheet import Sheet, midnight, sheet_of
from commands.messages import At, Day, Message, Partners, message
from commands.roster.seats import callable_roster, seats_to_show
from commands.rules.moments import DAY
from commands.rules.roster.rule import Seat
from commands.spoken import Voice
from commands.world import World
from storage.store import Unit
from storage.tables import Person


async def picture_of(
    unit: Unit, world: World, voice: Voice, meaning: Mapping[str, Any]
) -> tuple[Drawing, Message]:
    """The picture that a row means, and the same in a sentence."""
    partner, days = str(meaning["partner"]), int(meaning["days"])
    first = date.fromisoformat(meaning["from"])
    roster = await callable_roster(
        unit, world, (days + 1) * DAY, partners=(partner,), since=midnight(first)
    )
    sheet = sheet_of(roster, seats_to_show(roster, world, partner), first, days, unit.now)
    labels = await _labels(unit, sheet)
    drawing = Artist(sheet, _words(sheet, world, partner, voice, labels)).draw()
    return drawing, message("picture.sent", partner=Partners((partner,)), count=len(sheet.gaps))


async def _labels(unit: Unit, sheet: Sheet) -> dict[str, str]:
    found = await unit.session.exec(
        select(Person.key, Person.label).where(Person.region_id == unit.region_id)
    )
    labels = dict(found.all())
    return {person: labels.get(person, person) for person in sheet.people}


def _words(
    sheet: Sheet, world: World, partner: str, voice: Voice, labels: Mapping[str, str]
) -> Words:
    def say(key: str, **params: Any) -> str:
        return voice.text(Message(key, params))

    first, last = sheet.days[0].start, sheet.days[-1].start
    return Words(
        title=say("picture.title", partner=Partners((partner,))),
        dates=say("picture.dates", first=Day(first), second=Day(last)),
        days=[_column(each.start, each.date, voice) for each in sheet.days],
        seats=[_seat(world, row.seat, voice) for row in sheet.rows],
        labels=labels,
        gaps=_gap_lines(sheet, world, voice),
        gaps_title=_verdict(sheet, say),
        gap=say("picture.gap"),
        gap_short=say("picture.gap_short"),
        no_backup=say("picture.no_backup"),
        now=say("picture.now"),
        off=say("picture.off"),
        backup=say("picture.backup"),
    )


def _verdict(sheet: Sheet, say: Callable[..., str]) -> str:
    if not sheet.rows:
        return say("picture.no_roster")
    return say("picture.gaps", count=len(sheet.gaps)) if sheet.gaps else say("picture.no_gaps")


def _column(at: int, day: date, voice: Voice) -> str:
    weekday = voice.word(Day(at)).partition(" ")[0]
    return f"{weekday} {day.day}"


def _seat(world: World, seat: Seat, voice: Voice) -> str:
    words = world.region.partner(seat.partner).function(seat.function)
    name = words.of(voice.language) if words is not None else seat.function
    return name if seat.place is None else f"{name} {seat.place}"


def _gap_lines(sheet: Sheet, world: World, voice: Voice) -> list[tuple[str, str]]:
    """The first of each seat, and how many more there are."""
    lines = []
    for row in sheet.rows:
        mine = [gap for gap in sheet.gaps if gap.seat == row.seat]
        if mine:
            times = {"when": At(mine[0].start), "until": At(mine[0].end)}
            key = "picture.gap_line_more" if len(mine) > 1 else "picture.gap_line"
            told = voice.text(Message(key, {**times, "count": len(mine) - 1}))
            lines.append((told, _seat(world, row.seat, voice)))
    return lines
