"""What each kind of timer means. The sweeper claims them; here is what then happens."""

from commands.after_change import timer_fired
from commands.agreement_clocks import agreement_timer
from commands.away import tell_rooms
from commands.close_case import case_timer
from commands.elsewhere import call_elsewhere
from commands.erase_topic import erase_topic
from commands.guide_alert import draft_timer
from commands.onboard import send_test, welcome
from commands.plan_consultation import consult_timer
from commands.roster.offer_shift import handover_timer
from commands.roster.shift_start import check_those_on_duty
from commands.roster.take_file import forget_import
from commands.roster.watch import watch
from commands.staff.prove_leaving import prove
from commands.staff.run_drill import drill_timer
from commands.waiting_words import forget_words
from commands.world import World
from storage.store import Unit
from storage.tables import TimerRow


class UnknownTimer(LookupError):
    """A timer whose kind this program does not know: written by another version."""


async def fire(unit: Unit, world: World, timer: TimerRow) -> None:
    """Do what was set for now. Raises `UnknownTimer`."""
    timer.state = "done"
    area, _, kind = timer.kind.partition("_")
    subject = int(timer.subject.split(":")[1])
    match area:
        case "page" if kind == "elsewhere":
            await call_elsewhere(unit, world, int(timer.argument))
        case "page":
            await timer_fired(unit, world, subject, kind, timer.argument)
        case "draft":
            await draft_timer(unit, world, subject, timer.kind)
        case "consult":
            await consult_timer(unit, world, subject, timer.kind)
        case "agreement":
            await agreement_timer(unit, world, subject, timer.kind)
        case "case":
            await case_timer(unit, world, subject, timer.kind)
        case "welcome":
            await welcome(unit, subject, timer.argument)
        case "test":
            await send_test(unit, subject, timer.argument)
        case "topic":
            await erase_topic(unit, subject)
        case "away":
            await tell_rooms(unit, timer.argument)
        case "shift":
            await check_those_on_duty(unit, world)
        case "roster":
            await watch(unit, world)
        case "handover":
            await handover_timer(unit, world, subject, timer.kind, timer.argument)
        case "import":
            await forget_import(unit, subject)
        case "words":
            await forget_words(unit, timer.subject, timer.argument)
        case "drill":
            await drill_timer(unit, world, subject, timer.kind)
        case "leave":
            await prove(unit, subject, timer.argument)
        case _:
            raise UnknownTimer(timer.kind)
