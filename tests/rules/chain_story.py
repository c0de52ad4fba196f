"""One chain, told minute by minute, for the tests of the paging rule."""

from dataclasses import replace

from commands.rules import paging
from commands.rules.chain import (
    CancelTimers,
    Candidate,
    ChainState,
    Effect,
    SetTimer,
    Timing,
)
from commands.rules.moments import HOUR, MINUTE
from tests.rules.carry_out import after

TIMING = Timing(
    take_ms=10 * MINUTE,
    silent_ms=5 * MINUTE,
    remind_ms=5 * MINUTE,
    next_step_ms=5 * MINUTE,
    repeat_notice_ms=10 * MINUTE,
    repeat_notices=2,
)
PRIMARY = Candidate("rvdk1", "primary")
BACKUP = Candidate("rvdk2", "backup")
CONTACT = Candidate("rvdk3", "contact_point")
T0 = 15 * HOUR + 40 * MINUTE


class Story:
    """One chain, told minute by minute after the alarm. Pages are numbered 1, 2, 3."""

    def __init__(self, *candidates: Candidate, timing: Timing = TIMING) -> None:
        self.chain = ChainState("rvdk", candidates)
        self.timing = timing
        self.timer: tuple[SetTimer, int | None] | None = None

    def at(self, minute: float) -> int:
        return T0 + round(minute * MINUTE)

    def start(self, initiator: str | None = None) -> tuple[Effect, ...]:
        return self._do(0, paging.start(self.chain, self.timing, T0, initiator))

    def seen(self, minute: float, page: int) -> tuple[Effect, ...]:
        return self._do(minute, paging.seen(self.chain, page, self.at(minute)))

    def acked(self, minute: float, page: int) -> tuple[Effect, ...]:
        return self._do(minute, paging.acked(self.chain, page, self.at(minute)))

    def declined(self, minute: float, page: int) -> tuple[Effect, ...]:
        now = self.at(minute)
        return self._do(minute, paging.declined(self.chain, self.timing, page, now))

    def unreachable(self, minute: float, page: int) -> tuple[Effect, ...]:
        now = self.at(minute)
        return self._do(minute, paging.unreachable(self.chain, self.timing, page, now))

    def roster_changed(self, minute: int, *candidates: Candidate) -> tuple[Effect, ...]:
        """From now on these people are on duty."""
        self.chain = replace(self.chain, candidates=candidates)
        now = self.at(minute)
        return self._do(minute, paging.roster_changed(self.chain, self.timing, now))

    def phoned(self, minute: float) -> tuple[Effect, ...]:
        return self._do(minute, paging.phoned(self.chain))

    def case_over(self, minute: float) -> tuple[Effect, ...]:
        return self._do(minute, paging.case_over(self.chain))

    def wait_for_timer(self, minute: float) -> tuple[Effect, ...]:
        """The timer fires, and it was due at this minute."""
        assert self.timer is not None
        timer, _ = self.timer
        assert timer.at == self.at(minute)
        return self.fire_late(minute)

    def fire_late(self, minute: float) -> tuple[Effect, ...]:
        assert self.timer is not None
        (timer, page), self.timer = self.timer, None
        now = self.at(minute)
        return self._do(minute, paging.timer_fired(self.chain, self.timing, timer.kind, page, now))

    def _do(self, minute: float, effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
        number = len(self.chain.pages) + 1
        self.chain = after(self.chain, effects, self.at(minute), number)
        for effect in effects:
            if isinstance(effect, CancelTimers):
                self.timer = None
            if isinstance(effect, SetTimer):
                turn = self.chain.waiting_for
                self.timer = (effect, turn.page if turn else None)
        return tuple(e for e in effects if not isinstance(e, SetTimer | CancelTimers))
