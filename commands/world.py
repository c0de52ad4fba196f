"""What the commands know of the region besides the database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from commands.messages import Named
from config.protocol import Protocol
from config.region import Region
from storage.tables import Case


@dataclass(frozen=True)
class World:
    """The region and its protocols as configured now. Running cases keep their own copy."""

    region: Region
    protocols: Mapping[str, Protocol]
    # By person the names of the gateways that reach them; number and URL are no command's business.
    fallback: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def frozen_protocol(case: Case) -> Protocol:
    """The protocol as it was when the alarm was confirmed. Raises `ValueError` for a draft."""
    if case.frozen is None:
        raise ValueError("a draft has no frozen protocol yet")
    return _read(case.frozen)


@lru_cache(maxsize=64)
def _read(frozen: str) -> Protocol:
    """Every line of a headline asks for it, and it never changes."""
    return Protocol.model_validate_json(frozen)


def kind_of(protocol: Protocol) -> Named:
    """The name of the kind of alarm, as a parameter of a message."""
    return Named(protocol.name.nl, protocol.name.en)
