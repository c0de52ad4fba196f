"""Carry out what the paging rule decided: rows, timers and messages, in one transaction."""

from commands import measures
from commands.fallback import call_by_fallback
from commands.messages import Action, At, Message, Partners, Span, Word, message
from commands.new_page import NewPage, add_page
from commands.page_texts import ROLE_WORDS, call_text, page_actions, page_slot
from commands.people import row_id
from commands.phone_desk import ask_to_phone
from commands.roster.shift_end import look_at_shift
from commands.rows_of_chain import pages_of
from commands.rules import chain as effects
from commands.rules import paging
from commands.rules.moments import MINUTE
from commands.tell import How, show_person, take_away_person, tell_identity, tell_person, was_sent
from commands.world import World, frozen_protocol
from storage import outbox
from storage.access_log import BOT, note
from storage.store import Unit
from storage.tables import Case, Chain, Page
from storage.timers import cancel_timers, set_timer


class ChainRun:
    """One chain in one transaction."""

    def __init__(self, unit: Unit, world: World, case: Case, chain: Chain) -> None:
        self.unit = unit
        self.world = world
        self.case = case
        self.chain = chain
        self._page: Page | None = None
        self._new: NewPage | None = None
        self._silent_yet: Page | None = None  # called now, without a sign of the phone as yet

    @property
    def subject(self) -> str:
        """The subject of this chain's one timer."""
        return f"chain:{row_id(self.chain)}"

    async def apply(self, decided: paging.Effects) -> None:
        """Carry out the effects in their order."""
        new = await add_page(self.unit, self.case, self.chain, decided)
        if new is not None:
            await self.unit.session.flush()
        await self.carry_out(decided, new)

    async def carry_out(self, decided: paging.Effects, new: NewPage | None) -> None:
        """The same where the page that they make is stored already."""
        self._new = new
        for effect in decided:
            await self._apply(effect)
        if self._silent_yet is not None:  # not before: the chain's own clock replaces all others
            self._try_elsewhere(self._silent_yet)
        if decided:
            self.case.version += 1

    async def _apply(self, effect: effects.Effect) -> None:
        match effect:
            case effects.CallPerson(_, _, reason):
                await self._call(reason)
            case effects.AlreadyTaken():
                self._taken_from_start()
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
                await ask_to_phone(self.unit, self.world, self.case, self.chain)
            case effects.InformedByPhone():
                self.chain.phoned_at = self.unit.now
            case effects.SetTimer(kind, at):
                await self._set_timer(kind, at)
            case effects.CancelTimers() | effects.CloseChain():
                await cancel_timers(self.unit, self.subject)

    async def _row(self, page_id: int) -> Page:
        page = await self.unit.session.get(Page, page_id)
        if page is None:
            raise LookupError(f"page {page_id} is gone")
        self._page = page
        return page

    def _turn_to_new(self) -> NewPage:
        if self._new is None:
            raise LookupError("the page was not added")
        self._page = self._new.page
        return self._new

    async def _call(self, reason: effects.Reason) -> None:
        new = self._turn_to_new()
        page = new.page
        self.chain.ended_at = None
        await note(self.unit, BOT, "share", "page", right="protocol", reference=self.case.reference)
        if page.role == "backup":
            self._measure("backup_used")
        if new.identity is None:
            await call_by_fallback(self.unit, self.world, page, self.chain, self.case)
            return
        tell_identity(
            self.unit,
            new.identity,
            call_text(self.case, page, reason, self.unit.now),
            actions=page_actions(page),
            slot=page_slot(row_id(page)),
            how=self._ringing(page),
        )
        if self.world.region.telegram is not None or self.world.fallback:
            self._silent_yet = page

    def _try_elsewhere(self, page: Page) -> None:
        """A sign of the phone stops this clock, as it does every other one of the chain."""
        minutes = frozen_protocol(self.case).timing(bool(self.case.urgent)).elsewhere
        set_timer(
            self.unit,
            "page_elsewhere",
            self.subject,
            self.unit.now + minutes * MINUTE,
            case_id=row_id(self.case),
            argument=str(row_id(page)),
        )

    def _taken_from_start(self) -> None:
        page = self._turn_to_new().page
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
        look_at_shift(self.unit, self.chain)
        self._measure("time_to_ack", self.unit.now - (self.case.opened_at or self.unit.now))

    async def _expire(self, page: Page, next_role: effects.Role | None) -> None:
        page.state = "expired"
        await self._log_change()
        partner = Partners((self.chain.partner,))
        if next_role is None:
            text = message("page.escalated_last", partner=partner, time=At(self.unit.now))
        else:
            step = Word(f"step.{ROLE_WORDS[next_role]}")
            text = message("page.escalated", next=step, time=At(self.unit.now))
        await self._show(page, text, page_actions(page))

    async def _close(self, page: Page, why: str) -> None:
        sent = await was_sent(self.unit, page.person_id, page_slot(row_id(page)))
        unsent = page.state == "queued" and not sent
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
            how=self._ringing(page),
        )

    async def _end(self) -> None:
        self.chain.ended_at = self.unit.now
        self.chain.notices = 0
        self.chain.phoned_at = None
        self.chain.candidates = "[]"
        await self._log_change()
        self._measure("missed")
        await ask_to_phone(self.unit, self.world, self.case, self.chain)

    async def _set_timer(self, kind: str, at: int) -> None:
        # A clock that only moves on touches no page: it waits for whoever was called last.
        page = None if kind == "notice" else self._page or await self._last_called()
        set_timer(
            self.unit,
            f"page_{kind}",
            self.subject,
            at,
            case_id=row_id(self.case),
            argument=str(row_id(page)) if page else "",
        )

    async def _last_called(self) -> Page | None:
        turns = ("queued", "called", "seen")
        pages = [page for page in await pages_of(self.unit, self.chain) if page.state in turns]
        return pages[-1] if pages else None

    async def _log_change(self) -> None:
        """The clock moved the chain on; what a person does is logged by the command."""
        ref = self.case.reference
        await note(self.unit, BOT, "change", "chain", right="protocol", reference=ref)

    def _measure(self, kind: str, value: int | None = None) -> None:
        measures.record(self.unit, self.case, kind, self.chain.partner, value)

    def _ringing(self, page: Page) -> How:
        return How(loud=True, lane=outbox.PAGES, case=self.case, page_id=row_id(page))


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
    chain = await unit.session.get(Chain, page.chain_id)
    case = await unit.session.get(Case, page.case_id)
    return (page, chain, case) if chain and case else None
