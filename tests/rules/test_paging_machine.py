"""A case with several chains, poked at random: nobody is forgotten and nobody rings twice.

The timers are kept as a command keeps them, as rows: SetTimer adds one, CancelTimers removes this
chain's. The machine proves for every open chain: an ack, a live timer, or the final notice; and
never two live timers; and that nothing done to one chain touches another.
"""

from dataclasses import dataclass, replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from commands.rules import paging
from commands.rules.chain import (
    AlreadyTaken,
    CallPerson,
    CancelTimers,
    Candidate,
    ChainState,
    Effect,
    EndChain,
    RepeatNotice,
    Role,
    SetTimer,
    TimerKind,
    Timing,
)
from commands.rules.moments import MINUTE
from tests.rules.carry_out import after

TIMINGS = (
    Timing(10 * MINUTE, 5 * MINUTE, 5 * MINUTE, 5 * MINUTE, 10 * MINUTE, 2),
    Timing(60 * MINUTE, 15 * MINUTE, 30 * MINUTE, 30 * MINUTE, 60 * MINUTE, 1),
    Timing(10 * MINUTE, 10 * MINUTE, 10 * MINUTE, 1 * MINUTE, 1 * MINUTE, 0),
)
PARTNERS = ("vt", "om", "rvdk")
ROLES: tuple[Role, ...] = ("primary", "backup", "contact_point")
# The same name may stand in several roles and even at several partners.
people = st.one_of(st.none(), st.sampled_from(["ann", "bas", "cor", "dirk"]))
slots = st.lists(people, max_size=3)


@dataclass(frozen=True)
class TimerRow:
    partner: str
    kind: TimerKind
    page: int | None
    at: int


class Paging(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.now = 0
        self.pages = 0
        self.chains: dict[str, ChainState] = {}
        self.timers: list[TimerRow] = []
        self.notices: dict[str, int] = dict.fromkeys(PARTNERS, 0)

    @initialize(
        timing=st.sampled_from(TIMINGS),
        people=st.tuples(slots, slots, slots),
        initiator=people,
    )
    def alarm(
        self, timing: Timing, people: tuple[list[str | None], ...], initiator: str | None
    ) -> None:
        self.timing = timing
        for partner, persons in zip(PARTNERS, people, strict=True):
            candidates = tuple(map(Candidate, persons, ROLES))
            self.chains[partner] = ChainState(partner, candidates)
            self.do(partner, paging.start(self.chains[partner], timing, self.now, initiator))

    @rule(partner=st.sampled_from(PARTNERS), page=st.integers(1, 12))
    def server_accepts(self, partner: str, page: int) -> None:
        self.do(partner, paging.called(self.chains[partner], page, self.now))

    @rule(partner=st.sampled_from(PARTNERS), page=st.integers(1, 12))
    def phone_gives_a_sign(self, partner: str, page: int) -> None:
        self.do(partner, paging.seen(self.chains[partner], page, self.now))

    @rule(partner=st.sampled_from(PARTNERS), page=st.integers(1, 12))
    def somebody_takes_it(self, partner: str, page: int) -> None:
        before = self.chains[partner]
        effects = paging.acked(before, page, self.now)
        if before.find(page) is None or before.acked_by is not None:
            assert effects == (), "a page of another chain, or one too late, changes nothing"
        self.do(partner, effects)
        if before.find(page) is not None and not before.closed:
            assert self.chains[partner].acked_by is not None, "who was called can always take it"

    @rule(partner=st.sampled_from(PARTNERS), page=st.integers(1, 12))
    def somebody_cannot(self, partner: str, page: int) -> None:
        self.do(partner, paging.declined(self.chains[partner], self.timing, page, self.now))

    @rule(partner=st.sampled_from(PARTNERS), page=st.integers(1, 12))
    def messenger_refuses(self, partner: str, page: int) -> None:
        self.do(partner, paging.unreachable(self.chains[partner], self.timing, page, self.now))

    @rule(partner=st.sampled_from(PARTNERS))
    def the_ack_is_undone(self, partner: str) -> None:
        page = self.chains[partner].acked_by or 0
        self.do(partner, paging.undone(self.chains[partner], self.timing, page, self.now))

    @rule(partner=st.sampled_from(PARTNERS), people=slots)
    def the_roster_changes(self, partner: str, people: list[str | None]) -> None:
        before = self.chains[partner]
        present = tuple(
            Candidate(person, role)
            for person, role in zip(people, ROLES, strict=False)
            if person is not None
        )
        self.chains[partner] = replace(before, candidates=present)
        effects = paging.roster_changed(self.chains[partner], self.timing, self.now)
        if before.acked_by is not None:
            assert effects == (), "who took it keeps it until somebody takes over"
        self.do(partner, effects)
        chain = self.chains[partner]
        turn = chain.waiting_for
        if turn is not None and turn.role != "contact_point":
            on_duty = {each.person for each in present if each.role != "contact_point"}
            assert turn.person in on_duty, "nobody is waited for who no longer has this duty"

    @rule(partner=st.sampled_from(PARTNERS))
    def initiator_phones(self, partner: str) -> None:
        self.do(partner, paging.phoned(self.chains[partner]))

    @rule(partner=st.sampled_from(PARTNERS), roll=st.integers(0, 9))
    def case_is_over_for(self, partner: str, roll: int) -> None:
        if roll == 0:  # seldom, or there is little left to see
            self.do(partner, paging.case_over(self.chains[partner]))

    @rule(
        partner=st.sampled_from(PARTNERS),
        kind=st.sampled_from(["silent", "remind", "take"]),
        page=st.integers(1, 12),
    )
    def an_old_timer_fires(self, partner: str, kind: TimerKind, page: int) -> None:
        chain = self.chains[partner]
        if chain.waiting_for is None or chain.waiting_for.page != page:
            assert paging.timer_fired(chain, self.timing, kind, page, self.now) == ()

    @precondition(lambda self: self.timers)
    @rule(late=st.sampled_from([0, 0, MINUTE, 90 * MINUTE]))
    def next_timer_fires(self, late: int) -> None:
        row = min(self.timers, key=lambda timer: timer.at)
        self.now = max(self.now, row.at + late)
        self.fire(row)

    @invariant()
    def nobody_is_forgotten(self) -> None:
        for partner, chain in self.chains.items():
            alive = [timer for timer in self.timers if timer.partner == partner]
            assert len(alive) <= 1
            if chain.closed or chain.acked_by is not None:
                assert not alive
            else:
                assert alive or chain.ended
                assert not chain.ended or all(timer.kind == "notice" for timer in alive)

    @invariant()
    def one_turn_at_a_time_and_everybody_once(self) -> None:
        for chain in self.chains.values():
            turns = [p for p in chain.pages if p.state in ("queued", "called", "seen")]
            assert len(turns) <= 1
            if turns and not chain.closed:
                assert not chain.settled
            persons = [page.person for page in chain.pages]
            assert len(persons) == len(set(persons))

    @invariant()
    def initiator_is_not_pestered(self) -> None:
        for partner in self.chains:
            assert self.notices[partner] <= self.timing.repeat_notices

    def teardown(self) -> None:
        """Left alone, every chain comes to rest: taken, over, or the initiator was told."""
        for _ in range(50):
            if not self.timers:
                break
            row = min(self.timers, key=lambda timer: timer.at)
            self.now = max(self.now, row.at)
            self.fire(row)
        assert not self.timers
        for partner, chain in self.chains.items():
            assert chain.settled
            if chain.ended and not chain.phoned and not chain.closed:
                assert self.notices[partner] == self.timing.repeat_notices

    def fire(self, row: TimerRow) -> None:
        self.timers.remove(row)
        chain = self.chains[row.partner]
        self.do(row.partner, paging.timer_fired(chain, self.timing, row.kind, row.page, self.now))

    def do(self, partner: str, effects: tuple[Effect, ...]) -> None:
        others = {p: c for p, c in self.chains.items() if p != partner}
        other_timers = [t for t in self.timers if t.partner != partner]
        if any(isinstance(effect, CallPerson | AlreadyTaken) for effect in effects):
            self.pages += 1
        chain = after(self.chains[partner], effects, self.now, self.pages)
        self.chains[partner] = chain
        for effect in effects:
            match effect:
                case SetTimer(kind, at):
                    turn = chain.waiting_for
                    self.timers.append(TimerRow(partner, kind, turn.page if turn else None, at))
                case CancelTimers():
                    self.timers = [t for t in self.timers if t.partner != partner]
                case EndChain():
                    self.notices[partner] = 0
                case RepeatNotice():
                    self.notices[partner] += 1
        assert {p: c for p, c in self.chains.items() if p != partner} == others
        assert [t for t in self.timers if t.partner != partner] == other_timers


TestPaging = Paging.TestCase
TestPaging.settings = settings(max_examples=300, stateful_step_count=30, deadline=None)
