"""Counts and times that may outlive a case: per protocol and partner, never per person."""

import hashlib

from storage.store import Unit
from storage.tables import Case, Measure


def record(
    unit: Unit, case: Case, kind: str, partner: str | None = None, value: int | None = None
) -> None:
    """Add one count (or a time in milliseconds) to the table that is never wiped."""
    unit.session.add(
        Measure(
            region_id=unit.region_id,
            at=unit.now,
            kind=kind,
            protocol=case.protocol or "",
            partner=partner,
            value=value,
            token=_token(case),
        )
    )


def _token(case: Case) -> str:
    """Ties the counts of one alarm together. Nobody can go back once the case key is gone."""
    return hashlib.sha256(case.wrapped_key.encode()).hexdigest()[:16]
