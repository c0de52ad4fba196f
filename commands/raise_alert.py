"""The alarm is confirmed: the case opens and every partner's chain starts, in one transaction."""

from commands import measures
from commands.ask import Ask
from commands.declare import command
from commands.draft import ask_again, complete, show
from commands.guide_alert import may_raise
from commands.headline import first_headline
from commands.messages import Word, message
from commands.new_page import add_page
from commands.open_cases import fresh_reference
from commands.open_room import ask_for_room
from commands.people import identity_on, row_id
from commands.places import is_topic
from commands.roster.candidates import candidates
from commands.rows_of_chain import candidates_to, chain_state, timing_of
from commands.rules import clocks, paging
from commands.rules.moments import DAY, HOUR, MINUTE
from commands.run_chain import ChainRun
from commands.unsigned_devices import look_for_unsigned
from config.protocol import Protocol
from storage.tables import Case, Chain, Identity, Member
from storage.timers import cancel_case_timers, set_timer

# A press that waited longer than this for us (we or the server were away) is asked again.
STALE_MS = 15 * MINUTE


@command("send_urgent", right="melder", about="nothing")
async def send_urgent(ask: Ask) -> None:
    """The third tap, with urgency."""
    await _send(ask, urgent=True)


@command("send_calm", right="melder", about="nothing")
async def send_calm(ask: Ask) -> None:
    """The third tap, without urgency."""
    await _send(ask, urgent=False)


async def _send(ask: Ask, *, urgent: bool) -> None:
    case = await ask.unit.session.get(Case, int(ask.argument))
    if case is None or case.initiator_id != ask.who.id or case.state != "draft":
        if case is None or case.state == "dropped":
            await ask.answer(message("alarm.gone"), loud=True)
        else:
            await ask.answer(message("wrong.stale", state=Word(f"state.case.{case.state}")))
        return
    allowed = may_raise(ask.world, ask.who.person)
    protocol = next((each for each in allowed if each.key == case.protocol), None)
    if protocol is None or not complete(ask.world, case):
        await show(ask.unit, ask.world, case, allowed)
        return
    if clocks.confirm_is_stale(ask.received_at, ask.unit.now, STALE_MS):
        await ask_again(ask.unit, ask.world, case, ask.received_at)
        return
    await open_case(ask, case, protocol, urgent=urgent)


async def open_case(ask: Ask, case: Case, protocol: Protocol, *, urgent: bool) -> None:
    """Everything that an alarm sets going. Clocks count from receipt of the confirmation."""
    with ask.unit.session.no_autoflush:  # nothing that is read here depends on what is added
        await _open_case(ask, case, protocol, urgent=urgent)


async def _open_case(ask: Ask, case: Case, protocol: Protocol, *, urgent: bool) -> None:
    unit = ask.unit
    await cancel_case_timers(unit, row_id(case))
    case.reference = await fresh_reference(unit)
    case.state = "open"
    ask.case = case
    _freeze(ask, case, protocol, urgent=urgent)
    await ask.log("create", "alarm", right="melder")
    unit.session.add(
        Member(
            case_id=row_id(case),
            person_id=ask.who.id,
            partner=ask.who.person.partner,
            since=unit.now,
        )
    )
    measures.record(unit, case, "alarm", ask.who.person.partner)
    if clocks.is_late_alarm(case.opened_at or unit.now):
        measures.record(unit, case, "late_alarm", ask.who.person.partner)
    await _start_chains(ask, case, protocol)
    await _open_room(ask, case)
    _set_case_clocks(ask, case, protocol)
    # Telling how it stands takes as long as calling: pages do not wait for it (docs/figures.md).
    first_headline(unit, case)


def _freeze(ask: Ask, case: Case, protocol: Protocol, *, urgent: bool) -> None:
    timing = protocol.timing(urgent)
    case.channel = ask.world.region.rooms_on  # the region may have changed it since the draft
    case.urgent = urgent
    case.frozen = protocol.model_dump_json()
    case.opened_at = min(ask.received_at, ask.unit.now)
    limits = clocks.Limits(timing.take * MINUTE, timing.consult * MINUTE)
    case.take_by = clocks.take_by(case.opened_at, limits)
    case.consult_by = clocks.consult_by(case.opened_at, limits)
    case.lead = protocol.default_lead


async def _start_chains(ask: Ask, case: Case, protocol: Protocol) -> None:
    unit = ask.unit
    functions = protocol.called(bool(case.has_children))
    in_order, people = await candidates(
        unit,
        [(each.partner, each.function) for each in functions],
        unit.now,
        case.place or None,
        ask.world.fallback,
    )
    chains = [
        Chain(
            case_id=row_id(case),
            partner=called.partner,
            function=called.function,
            position=position,
            candidates=candidates_to(whom),
        )
        for position, (called, whom) in enumerate(zip(functions, in_order, strict=True))
    ]
    unit.session.add_all(chains)
    await unit.session.flush()
    started = []
    for chain in chains:
        state = chain_state(case, chain, ())
        decided = paging.start(state, timing_of(case), unit.now, ask.who.person.key)
        new = await add_page(unit, case, chain, decided, people)
        started.append((chain, decided, new))
    await unit.session.flush()  # all at once: nothing that the pages wait for may take long
    for chain, decided, new in started:
        await ChainRun(unit, ask.world, case, chain).carry_out(decided, new)


async def _open_room(ask: Ask, case: Case) -> None:
    if is_topic(case):
        ask_for_room(ask.unit, case)
        return
    initiator: Identity | None = ask.who.identity
    if ask.who.identity.channel != case.channel:
        initiator = await identity_on(ask.unit, ask.who.id, case.channel)
    ask_for_room(ask.unit, case, (initiator.address,) if initiator else ())
    if initiator is not None:
        look_for_unsigned(ask.unit, initiator, case)


def _set_case_clocks(ask: Ask, case: Case, protocol: Protocol) -> None:
    closing = protocol.closing
    for kind, length in (
        ("case_open_reminder", closing.remind_hours * HOUR),
        ("case_last_date", closing.last_days * DAY),
    ):
        set_timer(
            ask.unit,
            kind,
            f"case:{row_id(case)}",
            ask.unit.now + length,
            case_id=row_id(case),
        )
