"""Votes for the time of an overleg, by button or in words; they may change until it is fixed."""

from collections.abc import Iterable

from sqlalchemy import delete
from sqlmodel import col

from commands.ask import Ask
from commands.count_votes import count
from commands.declare import command
from commands.join_case import member_row
from commands.messages import message
from commands.people import row_id
from commands.present_consultation import still
from commands.reading.votes import Votes, read_votes
from commands.rows_of_consultation import outcome_of, slots_of, vote_of
from config.wording import clock
from storage.tables import Consultation, Tap, Vote


@command("vote", right="member", about="consultation")
async def vote(ask: Ask) -> None:
    """A button adds its choice; the one for "nothing" takes the place of all others.

    Who takes a reaction away takes the choice back, see `votes_taken_back`.
    """
    planned = await still(ask, "voting")
    if planned is None:
        return
    mine = await _vote_of_asker(ask, planned)
    choice = ask.argument.partition(":")[2]
    others = [] if choice == "none" else mine.choices.split()
    ask.unit.session.add(
        Tap(
            case_id=row_id(ask.about),
            channel=ask.channel,
            event_id=ask.event_id,
            person_id=ask.who.id,
            consultation_id=row_id(planned),
            choice=choice,
        )
    )
    await choose(ask, planned, mine, [*others, choice])


@command("vote_words", right="member", about="consultation")
async def vote_words(ask: Ask) -> None:
    """Typed times or numbers take the place of everything chosen before."""
    planned = await still(ask, "voting")
    if planned is None:
        return
    read = read_votes(ask.words, [clock(slot, slot, "nl") for slot in slots_of(planned)])
    choices = _choices(read, len(slots_of(planned))) if read is not None else []
    if not choices:
        await ask.answer(message("wrong.choice", highest=len(slots_of(planned)) + 1))
        return
    # Reactions that stand below no longer say what was meant.
    mine = await _vote_of_asker(ask, planned)
    await ask.unit.session.exec(
        delete(Tap).where(
            col(Tap.consultation_id) == row_id(planned), col(Tap.person_id) == ask.who.id
        )
    )
    await choose(ask, planned, mine, choices)


async def choose(ask: Ask, planned: Consultation, mine: Vote, choices: Iterable[str]) -> None:
    """These are now somebody's choices: write them down and count."""
    before = await outcome_of(ask.unit, ask.about, planned)
    mine.choices = " ".join(in_order(choices))
    await ask.log("change", "vote", right="member")
    await count(ask.unit, ask.world, ask.about, planned, before=before, by=ask.who.id)


def in_order(choices: Iterable[str]) -> list[str]:
    """Slot numbers, then "now". "none" stands alone, and only if nothing else is chosen."""
    wanted = set(choices)
    if wanted - {"none"}:
        wanted.discard("none")
    return sorted(wanted, key=lambda choice: (not choice.isdigit(), choice))


def _choices(read: Votes, slots: int) -> list[str]:
    """The buttons behind the slots have a number too: now, and nothing."""
    if read.nothing or read.unknown == (str(slots + 2),):
        return ["none"]
    now = read.now or str(slots + 1) in read.unknown
    return [str(index + 1) for index in read.slots] + ["now"] * now


async def _vote_of_asker(ask: Ask, planned: Consultation) -> Vote:
    member = await member_row(ask.unit, ask.about, ask.who.id)
    if member is None:
        raise LookupError("somebody who passed as a member has no row")
    return await vote_of(ask.unit, planned, member)
