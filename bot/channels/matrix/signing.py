"""Signed JSON as Matrix does it: ed25519 over the canonical form."""

import base64
import json
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


def canonical(value: dict[str, Any]) -> bytes:
    """The form that is signed: sorted, tight, without `signatures` and `unsigned`."""
    bare = {k: v for k, v in value.items() if k not in ("signatures", "unsigned")}
    text = json.dumps(bare, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.encode()


def encode(raw: bytes) -> str:
    """Base64 without padding."""
    return base64.b64encode(raw).decode().rstrip("=")


def decode(text: str) -> bytes:
    """Raises `ValueError`."""
    return base64.b64decode(text + "=" * (-len(text) % 4))


def public_key(seed: bytes) -> str:
    """The public half of an ed25519 seed."""
    return encode(Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw())


def signature(value: dict[str, Any], seed: bytes) -> str:
    """The signature of this seed over `value`."""
    return encode(Ed25519PrivateKey.from_private_bytes(seed).sign(canonical(value)))


def signed_by(value: dict[str, Any], user: str, key: str, key_id: str | None = None) -> bool:
    """Whether `value` bears a good signature of `user` with this public key.

    A cross-signing key names itself; a device's key is named by the device (`key_id`).
    Never raises: what others sign may be anything.
    """
    try:
        found = value["signatures"][user][f"ed25519:{key_id or key}"]
        Ed25519PublicKey.from_public_bytes(decode(key)).verify(decode(found), canonical(value))
    except (KeyError, TypeError, AttributeError, ValueError, InvalidSignature):
        return False
    return True
