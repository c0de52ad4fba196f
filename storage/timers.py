"""Timers are rows: whatever must happen later survives the death of the process.

How late they are with 20,000 open cases: docs/figures.md, "A whole country".
"""

from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy import Integer, bindparam, update
from sqlmodel import col, select

from storage.store import Unit
from storage.tables import TimerRow

# Kinds that only tell how it stands. All others call people, or stop calling them.
LINES = ("case_headline", "away_rooms")
Which = Literal["clocks", "lines", "all"]


def set_timer(
    unit: Unit,
    kind: str,
    subject: str,
    due_at: int,
    *,
    case_id: int | None = None,
    argument: str = "",
) -> None:
    """Have `kind` happen to `subject` at `due_at` (UTC epoch milliseconds)."""
    unit.append(
        TimerRow,
        {
            "region_id": unit.region_id,
            "case_id": case_id,
            "kind": kind,
            "subject": subject,
            "argument": argument,
            "due_at": due_at,
            "state": "live",
            "attempts": 0,
        },
    )
    unit.wake("lines" if kind in LINES else "timers")


_CANCEL = (
    update(TimerRow)
    .where(col(TimerRow.subject) == bindparam("of"), col(TimerRow.state) == "live")
    .values(state="cancelled")
)


async def cancel_timers(unit: Unit, subject: str, kind: str | None = None) -> None:
    """Stop the live timers of a subject, all or of one kind."""
    await unit.write()
    change = _CANCEL if kind is None else _CANCEL.where(col(TimerRow.kind) == kind)
    await unit.session.exec(change, params={"of": subject})


async def cancel_case_timers(unit: Unit, case_id: int, *, but: str | None = None) -> None:
    """Stop every clock of a case, except those whose kind begins with `but`."""
    await unit.write()
    stop = update(TimerRow).where(col(TimerRow.case_id) == case_id, col(TimerRow.state) == "live")
    if but is not None:
        stop = stop.where(~col(TimerRow.kind).startswith(but))
    await unit.session.exec(stop.values(state="cancelled"))


_LIVE = (
    select(TimerRow.id)
    .where(
        TimerRow.subject == bindparam("of"),
        TimerRow.kind == bindparam("kind"),
        TimerRow.state == "live",
    )
    .limit(1)
)


async def is_live(unit: Unit, subject: str, kind: str) -> bool:
    """True while this clock of a subject has yet to fire."""
    await unit.write()
    return (
        await unit.session.exec(_LIVE, params={"of": subject, "kind": kind})
    ).first() is not None


async def claim_due(unit: Unit, most: int, which: Which = "all") -> Sequence[TimerRow]:
    """The timers that have waited longest beyond their time, locked for this transaction."""
    await unit.write()
    now_as = {"now": unit.now, "most": most}
    found: Sequence[TimerRow] = (await unit.session.exec(_DUE[which], params=now_as)).all()
    return found


async def next_due(unit: Unit, which: Which = "all") -> int | None:
    """When the first of them is due (UTC epoch milliseconds), or None. Of lines, which are due
    at once, only what is due already: they are few among many clocks."""
    await unit.write()
    params = {"now": unit.now} if which == "lines" else {}
    found: int | None = (await unit.session.exec(_NEXT[which], params=params)).first()
    return found


def _due(*kinds: Any) -> Any:
    return (
        select(TimerRow)
        .where(TimerRow.state == "live", TimerRow.due_at <= bindparam("now"), *kinds)
        .order_by(col(TimerRow.due_at), col(TimerRow.id))
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True)
    )


def _next(*conditions: Any) -> Any:
    live = select(TimerRow.due_at).where(TimerRow.state == "live", *conditions)
    return live.order_by(col(TimerRow.due_at)).limit(1)


_CLOCKS = col(TimerRow.kind).not_in(LINES)
_DUE: dict[Which, Any] = {"clocks": _due(_CLOCKS), "lines": _due(~_CLOCKS), "all": _due()}
_NEXT: dict[Which, Any] = {
    "clocks": _next(_CLOCKS),
    "lines": _next(~_CLOCKS, TimerRow.due_at <= bindparam("now")),
    "all": _next(),
}
