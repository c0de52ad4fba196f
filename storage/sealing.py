"""Free text is stored sealed: under the key of its case, or under the master key.

Losing the wrapped key of a case is forgetting its text, also in old backups of other tables.
"""

import base64
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Unsealable(Exception):
    """A sealed text does not open with the keys we have: wrong key or damaged row."""


class Vault:
    """Seals with the first master key; opens with any (so that keys can be changed)."""

    def __init__(self, master_keys: Sequence[str | bytes]) -> None:
        self._keys = tuple(master_keys)
        self._master = MultiFernet([Fernet(key) for key in master_keys])

    def code_keys(self, purpose: str) -> tuple[bytes, ...]:
        """Keys for authentication codes of one purpose, and of no other: the first makes, every
        one checks. They come from the master keys by HKDF (RFC 5869)."""
        info = f"kortelijn {purpose}".encode()
        return tuple(
            HKDF(hashes.SHA256(), 32, salt=None, info=info).derive(base64.urlsafe_b64decode(key))
            for key in self._keys
        )

    def new_case_key(self) -> str:
        """A fresh key for one case, wrapped."""
        return self._master.encrypt(Fernet.generate_key()).decode()

    def seal(self, text: str, wrapped_key: str | None = None) -> str:
        """Seal under the case whose wrapped key is given, else under the master key."""
        return self._box(wrapped_key).encrypt(text.encode()).decode()

    def unseal(self, sealed: str, wrapped_key: str | None = None) -> str:
        """The text again. Raises `Unsealable`."""
        try:
            return self._box(wrapped_key).decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise Unsealable("a sealed text does not open with the present keys") from None

    def _box(self, wrapped_key: str | None) -> Fernet | MultiFernet:
        if wrapped_key is None:
            return self._master
        try:
            return Fernet(self._master.decrypt(wrapped_key.encode()))
        except InvalidToken:
            raise Unsealable("the key of a case does not open with the master keys") from None
