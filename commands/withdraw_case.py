"""`vergissing`: withdraw an alarm. Whoever took it already must agree; until then it goes on."""

from collections.abc import Mapping

from sqlmodel import col, select

from commands import measures
from commands.ask import Ask
from commands.declare import command
from commands.end_case import end_case, reached, still_open
from commands.headline import refresh
from commands.messages import Action, At, Message, Partners, Word, message
from commands.people import by_id, row_id
from commands.rows_of_chain import chains_of
from commands.rules import withdrawal
from commands.tell import How, places_of, posts_for, show_person, stands_for, tell_person, tell_room
from commands.world import World
from storage import outbox
from storage.access_log import BOT, note
from storage.store import Unit
from storage.tables import Case, Consent, Page


@command("withdraw", right="initiator", nl=("vergissing", "intrekken"), en=("withdraw", "mistake"))
async def withdraw(ask: Ask) -> None:
    """Ask whether it is sure. Never in the place of the headline, which the button is under."""
    if not await still_open(ask):
        return
    case = ask.about
    if case.withdrawal_asked_at is not None:
        await ask.answer(await _waiting(ask.unit, case))
        return
    number = str(row_id(case))
    await ask.answer(
        _question(case, tuple(await _must_agree(ask.unit, case))),
        actions=(
            Action("withdraw_now", Word("button.withdraw"), number),
            Action("withdraw_back", Word("button.back"), number, stop=True),
        ),
        slot=_slot(case),
    )


def _question(case: Case, taken_by: tuple[str, ...]) -> Message:
    reference = case.reference or ""
    if not taken_by:
        return message("withdraw.ask", ref=reference)
    partners = Partners(taken_by)
    return message("withdraw.ask_taken", ref=reference, partners=partners, n=len(taken_by))


@command("withdraw_back", right="initiator")
async def keep(ask: Ask) -> None:
    """[Terug]: nothing changes."""
    if await still_open(ask):
        await ask.settle(message("withdraw.kept", ref=ask.about.reference or ""))


@command("withdraw_now", right="initiator")
async def withdraw_now(ask: Ask) -> None:
    """[Trek in]: done at once when nobody took it, else asked of everybody who did."""
    if not await still_open(ask):
        return
    case = ask.about
    case.withdrawal_asked_at = case.withdrawal_asked_at or ask.unit.now
    await ask.log("change", "withdrawal", right="initiator")
    await _decide(ask.unit, ask.world, case, asker=ask.who.id)
    if case.state == "withdrawn":
        await ask.settle(_done(case))
    else:
        await ask.settle(await _waiting(ask.unit, case))


@command("withdraw_agree", right="member")
async def agree(ask: Ask) -> None:
    """[Akkoord] of a partner that took it."""
    consent = await _asked(ask)
    if consent is None:
        return
    consent.agreed = True
    await ask.log("change", "withdrawal", right="member")
    await ask.settle(message("withdraw.agreed", time=At(ask.unit.now)))
    await _decide(ask.unit, ask.world, ask.about, asker=ask.who.id)
    if ask.about.state == "withdrawn":
        await ask.settle(_done(ask.about))
    else:
        waiting = await _waiting(ask.unit, ask.about)
        await _edit(ask.unit, ask.about, ask.about.initiator_id, waiting)


@command("withdraw_refuse", right="member")
async def refuse(ask: Ask) -> None:
    """[Blijft open]: one is enough to keep the case; the others are not asked any more."""
    consent = await _asked(ask)
    if consent is None:
        return
    unit, case, reference = ask.unit, ask.about, ask.about.reference or ""
    await ask.log("change", "withdrawal", right="member")
    measures.record(unit, case, "withdrawal_refused", consent.partner)
    kept = message("withdraw.kept", ref=reference)
    takers = {person for person in await _takers(unit, case) if person != ask.who.id}
    for person_id in (case.initiator_id, *sorted(takers)):
        await _edit(unit, case, person_id, kept)
    await ask.settle(message("withdraw.refused_you", ref=reference, time=At(unit.now)))
    refused = message("withdraw.refused", partner=Partners((consent.partner,)), ref=reference)
    await tell_person(unit, case.initiator_id, refused, how=How(loud=True, case=case))
    case.withdrawal_asked_at = None
    for each in (await _consents(unit, case)).values():
        await unit.session.delete(each)


async def on_new_ack(unit: Unit, world: World, case: Case) -> None:
    """A chain changed: while a withdrawal is pending, ask who took it meanwhile.

    Changes nothing when nothing is pending or everybody was asked already.
    """
    if case.withdrawal_asked_at is not None and case.state == "open":
        await _decide(unit, world, case)


async def _decide(unit: Unit, world: World, case: Case, asker: int | None = None) -> None:
    """Withdraw when all agree, else ask whom was not asked yet. `asker` sees it by the own tap."""
    requested = await _must_agree(unit, case)
    consents = await _consents(unit, case)
    dropped = consents.keys() - requested.keys()  # took it back: nothing to agree to
    for partner in dropped:
        await unit.session.delete(consents.pop(partner))
    agreed = {partner for partner, consent in consents.items() if consent.agreed}
    if withdrawal.state(requested.keys(), agreed, frozenset()) == "withdrawn":
        await _carry_out(unit, world, case, asker)
        return
    for partner, person_id in requested.items():
        if partner not in consents:
            unit.session.add(Consent(case_id=row_id(case), partner=partner))
        if partner not in agreed and not await _was_asked(unit, case, person_id):
            await _ask(unit, case, person_id)
    await unit.session.flush()
    if dropped or requested.keys() - consents.keys():
        await _edit(unit, case, case.initiator_id, await _waiting(unit, case))


async def _edit(unit: Unit, case: Case, person_id: int, text: Message) -> None:
    """Change what stands about this withdrawal in somebody's chat, if anything does."""
    if await stands_for(unit, person_id, _slot(case)):
        await show_person(unit, person_id, _slot(case), text, how=How(case=case))


async def _ask(unit: Unit, case: Case, person_id: int) -> None:
    number = str(row_id(case))
    await tell_person(
        unit,
        person_id,
        message("withdraw.agree", ref=case.reference or ""),
        actions=(
            Action("withdraw_agree", Word("button.agree"), number),
            Action("withdraw_refuse", Word("button.stay_open"), number, stop=True),
        ),
        slot=_slot(case),
        how=How(loud=True, case=case),
    )


async def _was_asked(unit: Unit, case: Case, person_id: int) -> bool:
    slot = _slot(case)
    posts = await posts_for(unit, person_id, slot)
    unsent = len(await places_of(unit, person_id, slot)) > len(posts)
    return unsent or any(post.actions != "[]" for post in posts)


async def _carry_out(unit: Unit, world: World, case: Case, asker: int | None) -> None:
    """Everybody who was called hears it; clocks stop, buttons go."""
    hear = dict.fromkeys((*await reached(unit, case), case.initiator_id))
    done = message("withdraw.done", ref=case.reference or "", time=At(unit.now))
    await end_case(unit, world, case, "withdrawn", done)
    for person_id in hear:
        if person_id != asker:
            await tell_person(unit, person_id, done, how=How(loud=True, case=case))
    await _edit(unit, case, case.initiator_id, done)
    await tell_room(unit, case, done, lane=outbox.ANSWERS)
    await note(unit, BOT, "change", "case", right="withdrawal", reference=case.reference)
    measures.record(unit, case, "withdrawn")
    await refresh(unit, world, case)


async def _asked(ask: Ask) -> Consent | None:
    """The open question to the asker's partner, or None after saying how it stands."""
    if not await still_open(ask):
        return None
    partner = ask.who.person.partner
    consent = (await _consents(ask.unit, ask.about)).get(partner)
    if ask.about.withdrawal_asked_at is None or consent is None:
        await ask.settle(message("withdraw.kept", ref=ask.about.reference or ""))
        return None
    return consent


async def _must_agree(unit: Unit, case: Case) -> dict[str, int]:
    """The partners that must agree, each with the person who took it."""
    people: dict[str, int] = {}
    keys: dict[str, str | None] = {}
    for chain in await chains_of(unit, case):
        page = await unit.session.get(Page, chain.acked_page_id) if chain.acked_page_id else None
        if page is not None and page.person_id != case.initiator_id:
            people[chain.partner] = page.person_id
            keys[chain.partner] = (await by_id(unit, page.person_id)).key
    initiator = await by_id(unit, case.initiator_id)
    must = withdrawal.must_agree(keys, initiator.key)
    return {partner: person for partner, person in people.items() if partner in must}


async def _takers(unit: Unit, case: Case) -> tuple[int, ...]:
    return tuple((await _must_agree(unit, case)).values())


async def _consents(unit: Unit, case: Case) -> dict[str, Consent]:
    found = await unit.session.exec(
        select(Consent).where(Consent.case_id == row_id(case)).order_by(col(Consent.id))
    )
    return {consent.partner: consent for consent in found}


async def _waiting(unit: Unit, case: Case) -> Message:
    consents = await _consents(unit, case)
    missing = _still_missing(consents, tuple(await _must_agree(unit, case)))
    return message("withdraw.waiting", partners=Partners(missing), ref=case.reference or "")


def _still_missing(consents: Mapping[str, Consent], requested: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(
        partner for partner in requested if partner not in consents or not consents[partner].agreed
    )


def _done(case: Case) -> Message:
    return message("withdraw.done", ref=case.reference or "", time=At(case.closed_at or 0))


def _slot(case: Case) -> str:
    return f"withdraw:{row_id(case)}"
