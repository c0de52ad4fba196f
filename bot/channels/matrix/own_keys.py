"""The public keys of our own device, as the server hands them to others."""

from typing import Any

from bot.channels.matrix.crypto import Crypto
from bot.channels.matrix.signing import canonical

KIND = "signed_curve25519"


class OwnKeys:
    """One-time keys, by which another device begins a session with ours, and one fallback key
    for those who come when all are taken, as after a long absence. nio has no fallback key and
    does not see that the last one-time key is gone."""

    def __init__(self, crypto: Crypto) -> None:
        self._olm = crypto.olm
        self._mark = (crypto.user, f"ed25519:{crypto.device_id}")
        self._left: int | None = None  # one-time keys that the server still has of us
        self._fallback_left = crypto.published  # whether it has an unused fallback key

    def told(self, sync: dict[str, Any]) -> None:
        """What a sync says about the keys that are left."""
        counts = sync.get("device_one_time_keys_count")
        if isinstance(counts, dict):
            self._left = int(counts.get(KIND, 0))  # none left: Synapse may leave it out
        unused = sync.get("device_unused_fallback_key_types")
        if isinstance(unused, list):
            self._fallback_left = KIND in unused

    def to_upload(self) -> dict[str, Any] | None:
        """The body of an upload, or nothing if the server has enough.

        The account is saved first: if we die between the server's yes and our next save,
        we would not know the private halves of keys that people then use.
        """
        account = self._olm.account
        body: dict[str, Any] = {}
        lacking = not account.shared or (
            self._left is not None and self._left < account.max_one_time_keys
        )
        if lacking:
            self._olm.uploaded_key_count = self._left
            body = self._olm.share_keys()
        if not self._fallback_left:
            body["fallback_keys"] = self._fallback_key()
        if not body:
            return None
        self._olm.save_account()
        return body

    def uploaded(self, answer: dict[str, Any]) -> None:
        """The server took them."""
        counts = answer.get("one_time_key_counts")
        self._left = int(counts.get(KIND, 0)) if isinstance(counts, dict) else None
        self._fallback_left = True
        self._olm.account.shared = True
        self._olm.mark_keys_as_published()
        self._olm.save_account()

    def _fallback_key(self) -> dict[str, Any]:
        account = self._olm.account._account  # vodozemac's own, for nio's does not have it
        account.generate_fallback_key()
        user, key_name = self._mark
        keys = {}
        for key_id, key in account.fallback_key.items():
            value: dict[str, Any] = {"key": key.to_base64(), "fallback": True}
            value["signatures"] = {
                user: {key_name: self._olm.account.sign(canonical(value).decode())}
            }
            keys[f"{KIND}:{key_id}"] = value
        return keys
