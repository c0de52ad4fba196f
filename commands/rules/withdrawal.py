"""Raised by mistake (vergissing): who must agree before the case is withdrawn.

While that is pending the chains go on, and whoever takes it in the meantime must agree as well.
"""

from collections.abc import Mapping, Set
from typing import Literal

Withdrawal = Literal["pending", "withdrawn", "kept"]


def must_agree(taken_by: Mapping[str, str | None], initiator: str) -> frozenset[str]:
    """The partners that have taken it, by partner the person who did (None: nobody yet).

    Where the initiator took it, asking to withdraw is agreeing.
    """
    return frozenset(
        partner for partner, person in taken_by.items() if person not in (None, initiator)
    )


def state(requested: Set[str], agreed: Set[str], refused: Set[str]) -> Withdrawal:
    """Where the request stands; `requested` are those who must agree by now.

    One "blijft open" keeps the case. It is withdrawn at once when nobody has taken it.
    """
    if requested & refused:
        return "kept"
    return "withdrawn" if requested <= agreed else "pending"
