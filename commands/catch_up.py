"""What a late joiner needs to know, made from rows."""

from sqlmodel import col, select

from commands.messages import At, Message, Own, Partners, message
from commands.people import Known, row_id
from commands.rows_of_chain import chains_of
from storage.store import Unit
from storage.tables import Agreement, Case, Consultation


async def catch_up(unit: Unit, case: Case, who: Known | None = None) -> Message:
    """The case so far: reason, times, overleg, agreements, what is open for this person."""
    lines: list[Message] = []
    if case.reason is not None:
        reason = Own(unit.vault.unseal(case.reason, case.wrapped_key))
        lines.append(message("room.reason", reason=reason))
    lines.append(message("catchup.alarm", time=At(case.opened_at or 0)))
    lines.append(await _taken(unit, case))
    lines += await _consultation(unit, case)
    agreements = (
        await unit.session.exec(
            select(Agreement)
            .where(Agreement.case_id == row_id(case))
            .order_by(col(Agreement.number))
        )
    ).all()
    for agreement in agreements:
        lines.append(
            message(
                "catchup.agreement",
                number=agreement.number,
                partner=Partners((agreement.partner,)),
                deadline=At(agreement.due_at),
            )
        )
    if case.lead:
        lines.append(message("catchup.lead", partner=Partners((case.lead,))))
    if who is not None:
        mine = sum(
            agreement.partner == who.person.partner and agreement.state in ("open", "confirmed")
            for agreement in agreements
        )
        lines.append(message("catchup.yours", n=mine) if mine else message("catchup.nothing"))
    return message("catchup.title", *lines, ref=case.reference or "", time=At(unit.now))


async def _taken(unit: Unit, case: Case) -> Message:
    chains = await chains_of(unit, case)
    taken = [chain.acked_at for chain in chains if chain.acked_at is not None]
    if len(taken) == len(chains):
        return message("catchup.all_taken", time=At(max(taken)), total=len(chains))
    return message("catchup.taken", taken=len(taken), total=len(chains))


async def _consultation(unit: Unit, case: Case) -> list[Message]:
    found = await unit.session.exec(
        select(Consultation)
        .where(Consultation.case_id == row_id(case), Consultation.state == "fixed")
        .order_by(col(Consultation.id).desc())
    )
    planned = found.first()
    if planned is None or planned.fixed_at is None:
        return []
    return [message("catchup.consult", time=At(planned.fixed_at))]
