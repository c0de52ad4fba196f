"""The question when somebody can: one message per person, edited with each of their votes."""

from sqlmodel import col, or_, select

from commands.messages import Action, At, Listed, Message, Partners, Word, message
from commands.people import row_id
from commands.places import direct_chats
from commands.rows_of_consultation import last_moment, slots_of
from commands.tell import How, show_person, tell_person
from storage import outbox
from storage.store import Unit
from storage.tables import Case, Consultation, OutboxRow, Vote


async def ask(
    unit: Unit, case: Case, planned: Consultation, vote: Vote, *, loud: bool = True
) -> None:
    """Ring somebody with the question. Asked once more, the older message lets go of its
    buttons: there is one place to answer."""
    before = await asked_in(unit, planned, vote.person_id)
    text = question(case, planned)
    slot = f"consult:{row_id(planned)}"
    if before is not None:
        await show_person(unit, vote.person_id, before, text, how=_how(case))
        slot = f"{slot}:{int(before.partition(':')[2].partition(':')[2] or 0) + 1}"
        text = message("consult.nonvoter", **text.params)
    await tell_person(
        unit,
        vote.person_id,
        text,
        actions=actions(planned),
        slot=slot,
        how=_how(case, loud=loud),
    )


async def show_vote(
    unit: Unit, case: Case, planned: Consultation, vote: Vote, waiting: Partners
) -> None:
    """Put somebody's present vote on their screen; it may be changed until a time is fixed."""
    slot = await asked_in(unit, planned, vote.person_id)
    if slot is not None:
        await show_person(
            unit,
            vote.person_id,
            slot,
            voted(case, planned, vote, waiting),
            actions=actions(planned),
            how=_how(case),
        )


async def close(
    unit: Unit,
    case: Case,
    planned: Consultation,
    person_id: int,
    text: Message,
    buttons: tuple[Action, ...] = (),
) -> bool:
    """The question is over and says what became of it. False if it was never asked."""
    slot = await asked_in(unit, planned, person_id)
    if slot is not None:
        await show_person(unit, person_id, slot, text, actions=buttons, how=_how(case))
    return slot is not None


async def asked_in(unit: Unit, planned: Consultation, person_id: int) -> str | None:
    """The slot of the message in which this person was last asked; None: never asked."""
    slot = f"consult:{row_id(planned)}"
    found = await unit.session.exec(
        select(OutboxRow.slot)
        .where(
            col(OutboxRow.destination).in_(direct_chats(person_id)),
            or_(OutboxRow.slot == slot, col(OutboxRow.slot).startswith(f"{slot}:")),
            OutboxRow.kind == "say",
        )
        .order_by(col(OutboxRow.id).desc())
        .limit(1)
    )
    return found.first()


def question(case: Case, planned: Consultation) -> Message:
    """When can you?"""
    limit = At(last_moment(case, planned))
    return message("consult.ask", ref=case.reference or "", limit=limit)


def voted(case: Case, planned: Consultation, vote: Vote, waiting: Partners) -> Message:
    """What somebody's vote is, and whom it waits for."""
    choices = vote.choices.split()
    if not choices:
        return question(case, planned)
    last = "" if waiting.keys else "_last"
    if choices == ["none"]:
        return message(f"consult.voted_nothing{last}", waiting=waiting)
    can = Listed(tuple(_shown(planned, choice) for choice in choices))
    return message(f"consult.voted{last}", slots=can, waiting=waiting)


def actions(planned: Consultation) -> tuple[Action, ...]:
    """A button per slot, one for now, and the cross for nothing."""
    number = row_id(planned)
    return (
        *(
            Action("vote", At(slot), f"{number}:{position}")
            for position, slot in enumerate(slots_of(planned), start=1)
        ),
        Action("vote", Word("button.now"), f"{number}:now"),
        Action("vote", Word("button.nothing_fits"), f"{number}:none", stop=True),
    )


def _shown(planned: Consultation, choice: str) -> At | Word:
    return Word("button.now") if choice == "now" else At(slots_of(planned)[int(choice) - 1])


def _how(case: Case, *, loud: bool = False) -> How:
    return How(loud=loud, lane=outbox.ANSWERS, case=case)
