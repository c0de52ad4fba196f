"""What must go out. A row says what is meant; channels make words of it when they send.

Order: pages (lane 0) before answers (1) before the rest (2) before headline edits (3);
within a destination nothing overtakes an earlier row of its own lane or a better one, except
that the headlines of different cases do not wait for each other. What is being sent to a
destination holds up everything else for it but pages.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import and_, bindparam, func, update
from sqlmodel import col, select

from storage.store import Unit
from storage.tables import Case, OutboxRow

PAGES, ANSWERS, REST, HEADLINES = 0, 1, 2, 3
UNKNOWN = "unknown"  # how the error of a row begins that may have arrived


def queue(
    unit: Unit,
    *,
    channel: str,
    destination: str,
    kind: str,
    payload: Mapping[str, Any],
    lane: int = REST,
    slot: str | None = None,
    loud: bool = False,
    case: Case | None = None,
    page_id: int | None = None,
    expires_at: int | None = None,
) -> OutboxRow:
    """Add a row; it is sent once the transaction commits."""
    row = OutboxRow(
        region_id=unit.region_id,
        case_id=case.id if case else None,
        page_id=page_id,
        channel=channel,
        destination=destination,
        lane=lane,
        kind=kind,
        slot=slot,
        payload=_sealed(unit, payload, case),
        loud=loud,
        state="pending",
        expires_at=expires_at,
        created_at=unit.now,
    )
    unit.session.add(row)
    unit.wake("outbox")
    return row


def erase(
    unit: Unit,
    *,
    channel: str,
    destination: str,
    event_id: str,
    lane: int = REST,
    slot: str | None = None,
    case: Case | None = None,
) -> OutboxRow:
    """Have one message or reaction taken away."""
    return queue(
        unit,
        channel=channel,
        destination=destination,
        kind="erase",
        payload={"event_id": event_id},
        lane=lane,
        slot=slot,
        case=case,
    )


async def waiting(unit: Unit, destination: str, slot: str) -> OutboxRow | None:
    """The last unsent row that makes or edits this standing message."""
    asked = {"destination": destination, "slot": slot}
    return (await unit.session.exec(_WAITING, params=asked)).first()


async def asked_for_room(unit: Unit, destination: str) -> bool:
    """True while a room for this destination is being made."""
    found = await unit.session.exec(
        select(OutboxRow.id).where(
            OutboxRow.destination == destination,
            OutboxRow.kind == "open_room",
            col(OutboxRow.state).in_(("pending", "sending")),
        )
    )
    return found.first() is not None


async def in_flight(unit: Unit, destination: str, slot: str) -> bool:
    """True while the message that makes this slot is on its way and has no event id yet."""
    asked = {"destination": destination, "slot": slot}
    return (await unit.session.exec(_IN_FLIGHT, params=asked)).first() is not None


async def on_its_way(unit: Unit, destination: str, slot: str) -> tuple[OutboxRow | None, bool]:
    """What `waiting` and `in_flight` tell, in one question."""
    asked = {"destination": destination, "slot": slot}
    rows = (await unit.session.exec(_ON_ITS_WAY, params=asked)).all()
    unsent = next((row for row in rows if row.state == "pending"), None)
    return unsent, any(row.kind == "say" and row.state == "sending" for row in rows)


_IN_SLOT = and_(
    col(OutboxRow.destination) == bindparam("destination"),
    col(OutboxRow.slot) == bindparam("slot"),
)
_WAITING = (
    select(OutboxRow)
    .where(_IN_SLOT, OutboxRow.state == "pending", col(OutboxRow.kind).in_(("say", "edit")))
    .order_by(col(OutboxRow.id).desc())
    .limit(1)
)
_ON_ITS_WAY = (
    select(OutboxRow)
    .where(
        _IN_SLOT,
        col(OutboxRow.state).in_(("pending", "sending")),
        col(OutboxRow.kind).in_(("say", "edit")),
    )
    .order_by(col(OutboxRow.id).desc())
)
_IN_FLIGHT = select(OutboxRow.id).where(
    _IN_SLOT, OutboxRow.kind == "say", OutboxRow.state == "sending"
)


def overwrite(unit: Unit, row: OutboxRow, payload: Mapping[str, Any], case: Case | None) -> None:
    """A newer meaning takes the place of one that was not sent yet (coalescing)."""
    row.payload = _sealed(unit, payload, case)
    unit.wake("outbox")


async def cancel_page(unit: Unit, page_id: int) -> None:
    """Do not send what was still waiting to call this page."""
    await unit.session.exec(
        update(OutboxRow)
        .where(col(OutboxRow.page_id) == page_id, col(OutboxRow.state) == "pending")
        .values(state="cancelled", payload="")
    )


async def count_waiting(unit: Unit) -> int:
    """How many rows have not been sent yet."""
    found = await unit.session.exec(
        select(func.count()).where(col(OutboxRow.state).in_(("pending", "sending")))
    )
    return found.one()


async def these(unit: Unit, ids: Sequence[int]) -> dict[int, OutboxRow]:
    """Rows by their ids, as far as they still exist."""
    found = await unit.session.exec(_THESE, params={"ids": list(ids)})
    return {row.id or 0: row for row in found}


_THESE = (
    select(OutboxRow)
    .where(col(OutboxRow.id).in_(bindparam("ids", expanding=True)))
    .with_for_update()
)


async def by_key(unit: Unit, key: str) -> OutboxRow | None:
    """The row with this key."""
    return (await unit.session.exec(_BY_KEY, params={"key": key})).first()


_BY_KEY = select(OutboxRow).where(OutboxRow.key == bindparam("key")).with_for_update()


def opened(unit: Unit, row: OutboxRow, case: Case | None) -> dict[str, Any]:
    """The meaning of a row. Raises `Unsealable`."""
    key = case.wrapped_key if case else None
    meaning: dict[str, Any] = json.loads(unit.vault.unseal(row.payload, key))
    return meaning


def finish(unit: Unit, row: OutboxRow, state: str, error: str | None = None) -> None:
    """Sent, failed or cancelled: the meaning is blanked, the fact stays."""
    row.state, row.error, row.leased_until = state, error, None
    row.payload = ""
    if state == "sent":
        row.sent_at = unit.now


def put_back(row: OutboxRow, error: str, *, unknown: bool = False) -> None:
    """Not sent, or nobody knows (`unknown`, which stays so): it goes again with the same key."""
    doubt = unknown or may_have_arrived(row)
    row.state, row.leased_until = "pending", None
    row.error = f"{UNKNOWN}: {error}" if doubt else error


def may_have_arrived(row: OutboxRow) -> bool:
    """Where a messenger does not know our keys, sending it again may be a repeat."""
    return (row.error or "").startswith(UNKNOWN)


def _sealed(unit: Unit, payload: Mapping[str, Any], case: Case | None) -> str:
    return unit.vault.seal(json.dumps(payload), case.wrapped_key if case else None)
