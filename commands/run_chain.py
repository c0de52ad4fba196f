"""Carry out what the paging rule decided: rows, timers and messages, in one transaction."""

from commands import measures
from commands.messages import Action, At, Message, Named, Number, Partners, Span, Word, message
from commands.page_texts import ROLE_WORDS, call_text, page_actions, page_slot
from commands.people import People, by_key, identity_of, row_id
from commands.rows_of_chain import candidates_from, candidates_to, pages_of
from commands.rules import chain as effects
from commands.rules import paging
from commands.tell import How, show_person, take_away_person, tell_identity, tell_person
from commands.world import World
from storage import outbox
from storage.access_log import BOT, note
from storage.store import Unit
from storage.tables import Case, Chain, Identity, Page, Person
from storage.timers import cancel_timers, set_timer


class ChainRun:
    """One chain in one transaction."""

    def __init__(
        self, unit: Unit, world: World, case: Case, chain: Chain, people: People | None = None
    ) -> None:
        """`people`: whoever can be called, where they were read already."""
        self._people = people
        self.unit = unit
        self.world = world
        self.case = case
        self.chain = chain
        self._page: Page | None = None
        self._identity: Identity | None = None

    @property
    def subject(self) -> str:
        """The subject of this chain's one timer."""
        return f"chain:{row_id(self.chain)}"

    async def apply(self, decided: paging.Effects) -> None:
        """Carry out the effects in their order."""
        for effect in decided:
            await self._apply(effect)
        if decided:
            self.case.version += 1

    async def _apply(self, effect: effects.Effect) -> None:
        match effect:
            case effects.CallPerson(candidate, due_at, reason):
                await self._call(candidate, due_at, reason)
            case effects.AlreadyTaken(candidate):
                await self._taken_from_start(candidate)
            case effects.MarkPage(number, state, at):
                await self._mark(await self._row(number), state, at)
            case effects.ExpirePage(number, next_role):
                await self._expire(await self._row(number), next_role)
            case effects.ClosePage(number, why):
                await self._close(await self._row(number), why)
            case effects.Remind(number, due_at):
                await self._remind(await self._row(number), due_at)
            case effects.SayNobodyOnDuty("primary"):
                self.chain.nobody_at = self.unit.now
                self._measure("nobody_on_duty")
            case effects.SayNobodyOnDuty():
                pass  # an empty backup slot is skipped; the roster's gap warning tells of it
            case effects.EndChain():
                await self._end()
            case effects.RepeatNotice():
                self.chain.notices += 1
                await self._tell_initiator_to_phone(loud=True)
            case effects.InformedByPhone():
                self.chain.phoned_at = self.unit.now
            case effects.SetTimer(kind, at):
                self._set_timer(kind, at)
            case effects.CancelTimers() | effects.CloseChain():
                await cancel_timers(self.unit, self.subject)

    async def _row(self, page_id: int) -> Page:
        page = await self.unit.session.get(Page, page_id)
        if page is None:
            raise LookupError(f"page {page_id} is gone")
        self._page = page
        return page

    async def _new_page(
        self, candidate: effects.Candidate, state: effects.Status, due_at: int
    ) -> Page:
        person, self._identity = await self._callee(candidate.person or "")
        page = Page(
            case_id=row_id(self.case),
            chain_id=row_id(self.chain),
            person_id=row_id(person),
            role=candidate.role,
            state=state,
            due_at=due_at,
            queued_at=self.unit.now,
        )
        self.unit.session.add(page)
        await self.unit.session.flush()
        left = candidates_from(self.chain.candidates)
        self.chain.candidates = candidates_to(left[left.index(candidate) + 1 :])
        self._page = page
        return page

    async def _callee(self, key: str) -> tuple[Person, Identity | None]:
        if self._people is not None:
            return self._people[key]
        person = await by_key(self.unit, key)
        if person is None:
            raise LookupError("a candidate of a running chain is gone")
        return person, await identity_of(self.unit, row_id(person))

    async def _call(
        self, candidate: effects.Candidate, due_at: int, reason: effects.Reason
    ) -> None:
        page = await self._new_page(candidate, "queued", due_at)
        await note(self.unit, BOT, "share", "page", right="protocol", reference=self.case.reference)
        if candidate.role == "backup":
            self._measure("backup_used")
        if self._identity is None:
            return
        tell_identity(
            self.unit,
            self._identity,
            call_text(self.case, page, reason, self.unit.now),
            actions=page_actions(page),
            slot=page_slot(row_id(page)),
            how=self._how(outbox.PAGES, loud=True, page_id=row_id(page)),
        )

    async def _taken_from_start(self, candidate: effects.Candidate) -> None:
        page = await self._new_page(candidate, "acked", self.unit.now)
        page.answered_at = self.unit.now
        self._ack(page)

    async def _mark(self, page: Page, state: effects.Status, at: int) -> None:
        page.state = state
        match state:
            case "called":
                page.called_at = at
            case "seen":
                page.seen_at = at
            case "acked":
                page.answered_at = at
                self._ack(page)
                await outbox.cancel_page(self.unit, row_id(page))
            case "declined":
                page.answered_at = at
                if self.chain.acked_page_id == page.id:
                    self.chain.acked_page_id = self.chain.acked_at = None
                await outbox.cancel_page(self.unit, row_id(page))

    def _ack(self, page: Page) -> None:
        self.chain.acked_page_id = row_id(page)
        self.chain.acked_at = self.unit.now
        self.chain.ended_at = None
        self._measure("time_to_ack", self.unit.now - (self.case.opened_at or self.unit.now))

    async def _expire(self, page: Page, next_role: effects.Role | None) -> None:
        page.state = "expired"
        partner = Partners((self.chain.partner,))
        if next_role is None:
            text = message("page.escalated_last", partner=partner, time=At(self.unit.now))
        else:
            step = Word(f"step.{ROLE_WORDS[next_role]}")
            text = message("page.escalated", next=step, time=At(self.unit.now))
        await self._show(page, text, page_actions(page))

    async def _close(self, page: Page, why: str) -> None:
        waiting = await outbox.waiting(
            self.unit, f"person:{page.person_id}", page_slot(row_id(page))
        )
        unsent = page.state == "queued" and waiting is not None
        page.state = "expired"
        await outbox.cancel_page(self.unit, row_id(page))
        if unsent:
            return
        if why == "case_over":
            await self._show(page, self._over_text(), ())
            return
        text = message(
            "page.taken_by_other",
            partner=Partners((self.chain.partner,)),
            ref=self.case.reference or "",
            time=At(self.unit.now),
        )
        join = Action("join", Word("button.join"), str(row_id(page)))
        await self._show(page, text, (join,))

    def _over_text(self) -> Message:
        key = "withdraw.done" if self.case.state == "withdrawn" else "page.closed"
        time = At(self.unit.now)
        return message(key, ref=self.case.reference or "", time=time)

    async def _show(self, page: Page, text: Message, actions: tuple[Action, ...]) -> None:
        await show_page(self.unit, self.case, page, text, actions)

    async def _remind(self, page: Page, due_at: int) -> None:
        text = message(
            "page.reminder",
            ref=self.case.reference or "",
            deadline=At(due_at),
            rest=Span(due_at - self.unit.now),
        )
        await tell_person(
            self.unit,
            page.person_id,
            text,
            actions=page_actions(page),
            slot=f"{page_slot(row_id(page))}:reminder",
            how=self._how(outbox.PAGES, loud=True, page_id=row_id(page)),
        )

    async def _end(self) -> None:
        self.chain.ended_at = self.unit.now
        self.chain.notices = 0
        self.chain.phoned_at = None
        self.chain.candidates = "[]"
        self._measure("missed")
        await self._tell_initiator_to_phone(loud=True)

    async def _tell_initiator_to_phone(self, *, loud: bool) -> None:
        pages = await pages_of(self.unit, self.chain)
        suffix = ""
        if not pages:
            suffix = "_empty"
        elif pages[-1].state == "declined":
            suffix = "_declined"
        partner = self.world.region.partner(self.chain.partner)
        chain_id = str(row_id(self.chain))
        text = message(
            f"chain.ended{suffix}",
            partner=Partners((self.chain.partner,)),
            desk=Named(partner.desk_name.nl, partner.desk_name.en),
            number=Number(partner.desk_number),
            ref=self.case.reference or "",
        )
        await tell_person(
            self.unit,
            self.case.initiator_id,
            text,
            actions=(
                Action("phoned", Word("button.phoned"), chain_id),
                Action("no_reply", Word("button.no_reply"), chain_id, stop=True),
            ),
            slot=f"chain:{chain_id}:{self.chain.notices}",
            how=self._how(outbox.PAGES, loud=loud),
        )

    def _set_timer(self, kind: str, at: int) -> None:
        set_timer(
            self.unit,
            f"page_{kind}",
            self.subject,
            at,
            case_id=row_id(self.case),
            argument=str(row_id(self._page)) if self._page and kind != "notice" else "",
        )

    def _measure(self, kind: str, value: int | None = None) -> None:
        measures.record(self.unit, self.case, kind, self.chain.partner, value)

    def _how(self, lane: int, *, loud: bool = False, page_id: int | None = None) -> How:
        return How(loud, lane, self.case, page_id)


async def show_page(
    unit: Unit, case: Case, page: Page, text: Message, actions: tuple[Action, ...] = ()
) -> None:
    """Change the message that is this page; a reminder of it, if one rang, goes away."""
    how = How(lane=outbox.ANSWERS, case=case)
    slot = page_slot(row_id(page))
    await show_person(unit, page.person_id, slot, text, actions=actions, how=how)
    await take_away_person(unit, page.person_id, f"{slot}:reminder", case)


async def load_page(unit: Unit, page_id: int) -> tuple[Page, Chain, Case] | None:
    """A page with its chain and case, or None if it does not exist."""
    page = await unit.session.get(Page, page_id)
    if page is None:
        return None
    chain = await unit.session.get(Chain, page.chain_id, with_for_update=True)
    case = await unit.session.get(Case, page.case_id)
    return (page, chain, case) if chain and case else None
