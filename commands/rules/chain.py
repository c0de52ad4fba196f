"""The nouns of paging: one partner's chain, its pages, and what can be done to them.

A chain is one partner's own row of people: on duty, backup, contact point, and then a desk number
as text. A page is one person called. All moments are milliseconds UTC, all lengths milliseconds.
"""

from dataclasses import dataclass
from typing import Literal

Role = Literal["primary", "backup", "contact_point"]
Status = Literal["queued", "called", "seen", "acked", "declined", "expired"]
Reason = Literal["first", "silent", "empty_slot", "declined", "unacked", "undone", "roster"]
TimerKind = Literal["silent", "remind", "take", "notice"]


@dataclass(frozen=True)
class Timing:
    """The clocks of one chain, out of the protocol. Raises ValueError when they do not fit.

    take_ms: what the first person gets. silent_ms: without a sign of the phone by then, the next
    one is called. remind_ms: who has seen it and says nothing, is reminded. next_step_ms: what
    every later person gets. repeat_notice_ms and repeat_notices: how often the initiator hears
    again that nobody took it.
    """

    take_ms: int
    silent_ms: int
    remind_ms: int
    next_step_ms: int
    repeat_notice_ms: int
    repeat_notices: int

    def __post_init__(self) -> None:
        if not 0 < self.silent_ms <= self.remind_ms <= self.take_ms:
            raise ValueError("it must hold that 0 < silent_ms <= remind_ms <= take_ms")
        if min(self.next_step_ms, self.repeat_notice_ms) <= 0 or self.repeat_notices < 0:
            raise ValueError("next_step_ms and repeat_notice_ms must be more than 0")


@dataclass(frozen=True)
class Candidate:
    """Somebody to call. Nobody stands in this slot when `person` is None."""

    person: str | None
    role: Role


@dataclass(frozen=True)
class PageState:
    """One person called. `expired`: the turn is over, taking it is still welcome."""

    page: int
    person: str
    role: Role
    state: Status
    called_at: int
    due_at: int


@dataclass(frozen=True)
class ChainState:
    """One partner in one case. `candidates` are those that were not reached yet, in order.

    ended: nobody took it and the initiator was told to phone. phoned: the initiator did.
    closed: the case is over (closed or withdrawn), nothing is asked of anybody any more.
    """

    partner: str
    candidates: tuple[Candidate, ...]
    pages: tuple[PageState, ...] = ()
    acked_by: int | None = None
    ended: bool = False
    notices: int = 0
    phoned: bool = False
    closed: bool = False

    @property
    def waiting_for(self) -> PageState | None:
        """The page whose turn it is; at most one."""
        turns = [page for page in self.pages if page.state in ("queued", "called", "seen")]
        return turns[-1] if turns else None

    @property
    def settled(self) -> bool:
        """Taken, ended or over: the consultation need not wait for this partner."""
        return self.acked_by is not None or self.ended or self.closed

    def find(self, page: int) -> PageState | None:
        """This chain's page of that number; a page of another chain is not here."""
        return next((known for known in self.pages if known.page == page), None)


@dataclass(frozen=True)
class CallPerson:
    """A new page, queued. The timer that follows in the same answer is its timer. A chain that had
    ended goes on with it."""

    candidate: Candidate
    due_at: int
    reason: Reason


@dataclass(frozen=True)
class AlreadyTaken:
    """The initiator is the person on duty: a page that is taken from the start, nothing sent."""

    candidate: Candidate
    at: int


@dataclass(frozen=True)
class MarkPage:
    """A page changes state because its person, or its person's server, gave a sign."""

    page: int
    state: Status
    at: int


@dataclass(frozen=True)
class ExpirePage:
    """This person's turn is over, `next_role` was called (None: nobody left). Taking it is still
    welcome, and the message in that chat says so. After an undone ack it may come once more for a
    page that was closed: it is open to be taken again."""

    page: int
    next_role: Role | None


@dataclass(frozen=True)
class ClosePage:
    """Nothing is asked of this person any more; a page that was not sent yet stays unsent."""

    page: int
    why: Literal["taken", "case_over"]


@dataclass(frozen=True)
class Remind:
    """Ring again: seen, not taken, and there is time until `due_at`."""

    page: int
    due_at: int


@dataclass(frozen=True)
class SayNobodyOnDuty:
    """An empty slot: said at once, and counted as a gap."""

    role: Role


@dataclass(frozen=True)
class EndChain:
    """Nobody is left: tell the initiator to phone the partner's desk."""


@dataclass(frozen=True)
class RepeatNotice:
    """Tell the initiator once more to phone."""


@dataclass(frozen=True)
class InformedByPhone:
    """The initiator phoned. No ack and no part of the quorum."""


@dataclass(frozen=True)
class CloseChain:
    """The case is over for this partner."""


@dataclass(frozen=True)
class SetTimer:
    """The chain's one timer. It carries the page that is waited for (none for a notice)."""

    kind: TimerKind
    at: int


@dataclass(frozen=True)
class CancelTimers:
    """No timer of this chain may fire any more."""


Effect = (
    CallPerson
    | AlreadyTaken
    | MarkPage
    | ExpirePage
    | ClosePage
    | Remind
    | SayNobodyOnDuty
    | EndChain
    | RepeatNotice
    | InformedByPhone
    | CloseChain
    | SetTimer
    | CancelTimers
)
