"""`oefening`: the coordinator lets the phones of those on duty ring, clearly marked.

It is no alarm: no case, no page, no figure of alarms; and it waits for every page that is real.
"""

from sqlalchemy import bindparam
from sqlmodel import col, select

from commands.ask import Ask
from commands.declare import command
from commands.messages import Action, At, Partners, Word, message
from commands.people import by_key, row_id
from commands.reading.words import phrase
from commands.roster.seats import callable_roster, paged_seats
from commands.rules.moments import MINUTE
from commands.rules.roster.course import stretches
from commands.staff.run_drill import begin
from storage.tables import Case, Chain, DrillCall

EVERYBODY = ("allemaal", "alle", "iedereen", "all", "everybody")
_LOOK = 1_000


@command(
    "drill",
    right="coordinator",
    nl=("oefening",),
    en=("drill",),
    where=("direct",),
    about="nothing",
    takes_words=True,
)
async def drill(ask: Ask) -> None:
    """Bare: who? `oefening RvdK`, `oefening allemaal`: at once."""
    wanted = phrase(ask.words)
    partners = ask.world.region.partners
    if not wanted:
        buttons = [Action("drill_start", Word("button.everybody"), "all")]
        buttons += [Action("drill_start", Partners((each.key,)), each.key) for each in partners[:7]]
        stop = Action("drill_stop", Word("button.stop"), stop=True)
        await ask.answer(message("drill.ask"), actions=(*buttons, stop), slot="drill")
        return
    if wanted in EVERYBODY:
        await _start(ask, "all")
        return
    for each in partners:
        if wanted in {phrase(each.key), phrase(each.label.nl), phrase(each.label.en)}:
            await _start(ask, each.key)
            return
    await ask.answer(message("drill.unknown"))


@command("drill_start", right="coordinator", about="nothing")
async def drill_start(ask: Ask) -> None:
    """Of this partner, or of all."""
    await _start(ask, ask.argument)


@command("drill_stop", right="coordinator", about="nothing")
async def drill_stop(ask: Ask) -> None:
    """[Stop]."""
    await ask.settle(message("drill.kept"))


async def _start(ask: Ask, which: str) -> None:
    if await _somebody_is_paged(ask):
        await ask.settle(message("drill.not_now"))
        return
    calls = await _on_duty(ask, which)
    if all(call.state == "empty" for call in calls):
        await ask.settle(message("drill.nobody"))
        return
    started = await begin(ask.unit, ask.who.id, calls)
    await ask.log("create", "drill", right="coordinator")
    partners = tuple(dict.fromkeys(call.partner for call in calls))
    text = message(
        "drill.running",
        ref=started.reference,
        time=At(started.until_at),
        partners=Partners(partners),
    )
    await ask.settle(text)


_WAITS = (
    select(Chain.id)
    .join(Case)
    .where(
        Case.region_id == bindparam("region"),
        Case.state == "open",
        col(Chain.acked_page_id).is_(None),
        col(Chain.ended_at).is_(None),
    )
    .limit(1)
)


async def _somebody_is_paged(ask: Ask) -> bool:
    """While a real alarm waits for an answer nobody is to wonder which one rings."""
    asked = {"region": ask.unit.region_id}
    return (await ask.unit.session.exec(_WAITS, params=asked)).first() is not None


async def _on_duty(ask: Ask, which: str) -> list[DrillCall]:
    """A row for each seat that alarms page, with who would be called now and next."""
    roster = await callable_roster(ask.unit, ask.world, span_ms=MINUTE)
    calls = []
    for seat in paged_seats(roster, ask.world):
        if which not in ("all", seat.partner):
            continue
        now = stretches(roster, seat, ask.unit.now, ask.unit.now + 1)[0]
        primary, backup = await _id_of(ask, now.primary), await _id_of(ask, now.backup)
        calls.append(
            DrillCall(
                drill_id=0,
                partner=seat.partner,
                function=seat.function,
                place=seat.place,
                primary_id=primary,
                backup_id=backup,
                step="primary" if primary is not None else "backup",
                state="called" if primary is not None or backup is not None else "empty",
            )
        )
    return calls


async def _id_of(ask: Ask, key: str | None) -> int | None:
    person = await by_key(ask.unit, key) if key is not None else None
    return row_id(person) if person is not None else None
