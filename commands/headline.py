"""The one message that tells how a case stands; edited on every change, never told twice."""

from collections.abc import Sequence

from sqlalchemy import bindparam
from sqlmodel import col, select

from commands.members import members_of, partners_there
from commands.messages import (
    Action,
    At,
    Listed,
    Message,
    Named,
    Param,
    Partners,
    Word,
    message,
)
from commands.outside_room import lines_outside
from commands.partner_line import partner_line
from commands.people import row_id
from commands.places import case_place
from commands.rows_of_chain import chains_of, pages_by_chain
from commands.rules.moments import MINUTE
from commands.tell import How, show_group, show_person, show_room, standing
from commands.world import World, frozen_protocol, kind_of
from storage import outbox
from storage.store import Unit
from storage.tables import Agreement, Case, Chain, Consultation
from storage.timers import is_live, set_timer

HEADLINE = "headline"
_LOOKS_FOR = 2 * MINUTE
_PLANNED = (
    select(Consultation)
    .where(Consultation.case_id == bindparam("case"), Consultation.state == "fixed")
    .order_by(col(Consultation.id).desc())
    .limit(1)
)


async def refresh(unit: Unit, world: World, case: Case) -> None:
    """Bring every standing headline up to date: room, initiator's chat, group room."""
    if case.reference is None:
        return
    chains = await chains_of(unit, case)
    planned = await _planned(unit, case)
    text = await _headline(unit, world, case, chains, planned)
    if await in_room(unit, case):
        await show_room(unit, case, HEADLINE, text, lane=outbox.HEADLINES)
    whom = await lines_outside(unit, world, case)
    await show_person(
        unit,
        case.initiator_id,
        f"alarm:{row_id(case)}",
        with_line(text, whom.pop(case.initiator_id, None)),
        actions=initiator_actions(case, planned),
        how=How(lane=_lane_of_initiator(unit, case), case=case),
    )
    for person_id, line in whom.items():
        how = How(lane=outbox.HEADLINES, case=case)
        slot = f"{HEADLINE}:{row_id(case)}"
        await show_person(unit, person_id, slot, with_line(text, line), how=how)
    await _show_progress(unit, world, case, chains)


def _lane_of_initiator(unit: Unit, case: Case) -> int:
    """Who has just pressed send looks at the screen: is it out? Behind the headlines of a busy
    afternoon that answer took minutes (measured: docs/soak.md)."""
    just_raised = unit.now - (case.opened_at or 0) < _LOOKS_FOR
    return outbox.ANSWERS if just_raised else outbox.HEADLINES


async def refresh_soon(unit: Unit, case: Case) -> None:
    """The same once the pages that are on their way have gone: one headline tells of them all."""
    subject = f"case:{row_id(case)}"
    soon: set[str] = unit.session.info.setdefault("headlines_soon", set())  # in this transaction
    if subject not in soon and not await is_live(unit, subject, "case_headline"):
        first_headline(unit, case)
    soon.add(subject)


def first_headline(unit: Unit, case: Case) -> None:
    """The same for a case that has just been opened: nothing else can have asked for it."""
    subject = f"case:{row_id(case)}"
    set_timer(unit, "case_headline", subject, unit.now, case_id=row_id(case))


def with_line(text: Message, line: Message | None) -> Message:
    """The headline with one more line above the last, which tells the time."""
    if line is None:
        return text
    return Message(text.key, text.params, (*text.lines[:-1], line, text.lines[-1]))


async def in_room(unit: Unit, case: Case) -> bool:
    """True once a headline was posted in the room, which happens when the first person joins."""
    if case.room is None:
        return False
    place = case_place(case)
    return (
        await standing(unit, place, HEADLINE) is not None
        or await outbox.waiting(unit, place, HEADLINE) is not None
        or await outbox.in_flight(unit, place, HEADLINE)
    )


def initiator_actions(case: Case, planned: Consultation | None) -> tuple[Action, ...]:
    """What the initiator can do from the own chat. Once an overleg is `planned` or runs, one at
    this moment is no longer offered; another one can be asked for in words."""
    if case.state != "open":
        return ()
    case_id = str(row_id(case))
    mistake = Action("withdraw", Word("button.mistake"), case_id, stop=True)
    if planned is not None:
        return (mistake,)
    return (Action("consult_now", Word("button.consult_now"), case_id), mistake)


async def headline(unit: Unit, world: World, case: Case) -> Message:
    """How the case stands at this instant."""
    planned = await _planned(unit, case)
    return await _headline(unit, world, case, await chains_of(unit, case), planned)


async def _planned(unit: Unit, case: Case) -> Consultation | None:
    """The overleg whose time is fixed, if there is one."""
    return (await unit.session.exec(_PLANNED, params={"case": row_id(case)})).first()


async def _headline(
    unit: Unit,
    world: World,
    case: Case,
    chains: Sequence[Chain],
    planned: Consultation | None,
) -> Message:
    stand = message("headline.stand", time=At(unit.now))
    if case.state == "withdrawn":
        first = message("headline.withdrawn", ref=case.reference or "", when=At(unit.now))
        return Message(first.key, first.params, (stand,))
    lines = [_progress(case, chains, planned, unit.now)]
    pages = await pages_by_chain(unit, case)
    lines += [partner_line(world, chain, pages.get(row_id(chain), [])) for chain in chains]
    if case.state == "closed":
        lines = [*await _agreements(unit, case), await _files(unit, world, case)]
    elif all(settled(chain) for chain in chains):
        lines += await _agreements(unit, case)
    return Message(*_first_line(case, chains), (*lines, stand))


def settled(chain: Chain) -> bool:
    """Taken, or nobody left to call."""
    return chain.acked_page_id is not None or chain.ended_at is not None


def _first_line(case: Case, chains: Sequence[Chain]) -> tuple[str, dict[str, Param]]:
    protocol = frozen_protocol(case)
    if case.state == "closed":
        outcome = protocol.outcome(case.outcome or "")
        return "headline.closed", {
            "ref": case.reference or "",
            "when": At(case.closed_at or 0),
            "outcome": Named(outcome.nl, outcome.en),
            "lead": lead_of(case),
        }
    key = "consult" if all(settled(chain) for chain in chains) else "alarm"
    return f"headline.{key}", {
        "ref": case.reference or "",
        "kind": kind_of(protocol),
        "place": case.place or Word("place.elsewhere"),
        "urgency": Word("urgency.urgent" if case.urgent else "urgency.calm"),
    }


def lead_of(case: Case) -> Partners | Word:
    """The partner with the case lead, or "nog niemand"."""
    return Partners((case.lead,)) if case.lead else Word("headline.nobody")


def _progress(
    case: Case, chains: Sequence[Chain], planned: Consultation | None, now: int
) -> Message:
    taken = [chain for chain in chains if chain.acked_page_id is not None]
    counts = {"taken": len(taken), "total": len(chains)}
    limit = At(case.consult_by or 0)
    if planned is not None and planned.fixed_at is not None:
        if planned.fixed_at <= now:
            return message("headline.running", time=At(planned.fixed_at), **counts)
        return message("headline.planned", when=At(planned.fixed_at), **counts)
    if not taken:
        deadline = At(case.take_by or 0)
        return message("headline.start", deadline=deadline, limit=limit, **counts)
    if len(taken) == len(chains):
        return message("headline.all_taken", limit=limit, **counts)
    waiting = Partners(tuple(chain.partner for chain in chains if chain not in taken))
    return message("headline.waiting", waiting=waiting, limit=limit, **counts)


async def _agreements(unit: Unit, case: Case) -> list[Message]:
    found = (
        await unit.session.exec(
            select(Agreement)
            .where(Agreement.case_id == row_id(case))
            .order_by(col(Agreement.number))
        )
    ).all()
    if case.state != "closed":
        return [message("headline.agreements", count=len(found), lead=lead_of(case))]
    still = [agreement for agreement in found if agreement.state in ("open", "confirmed")]
    done = sum(agreement.state == "done" for agreement in found)
    if not found:
        return []
    if not still:
        return [message("headline.agreements_done", done=done)]
    which = Listed(
        tuple(
            message(
                "headline.agreement_open",
                partner=Partners((agreement.partner,)),
                deadline=At(agreement.due_at),
            )
            for agreement in still
        )
    )
    return [message("headline.agreements_open", done=done, open=len(still), which=which)]


async def _files(unit: Unit, world: World, case: Case) -> Message:
    """Whose own file is complete: the room is wiped some days after everybody's is."""
    partners = await partners_there(unit, world, case)
    right = {each.partner for each in await members_of(unit, case) if each.file_right_at}
    ready = Partners(tuple(partner for partner in partners if partner in right))
    missing = Partners(tuple(partner for partner in partners if partner not in right))
    if not missing.keys:
        return message("headline.files_all")
    if not ready.keys:
        return message("headline.files_none")
    return message("headline.files_some", ready=ready, missing=missing)


async def _show_progress(unit: Unit, world: World, case: Case, chains: Sequence[Chain]) -> None:
    region = world.region
    groups = {
        "matrix": region.matrix.group_room_name,
        "telegram": region.telegram.group if region.telegram else None,
    }
    if not any(groups.values()):
        return
    reference = case.reference or ""
    if case.state == "open":
        taken = sum(chain.acked_page_id is not None for chain in chains)
        text = message("group.progress", ref=reference, taken=taken, total=len(chains))
    else:
        text = message(f"group.{case.state}", ref=reference)
    for channel, group in groups.items():
        if group is not None:
            await show_group(unit, channel, f"progress:{row_id(case)}", text, case)
