"""Free text is stored sealed: under the key of its case, or under the master key.

Losing the wrapped key of a case is forgetting its text, also in old backups of other tables.
"""

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class Unsealable(Exception):
    """A sealed text does not open with the keys we have: wrong key or damaged row."""


class Vault:
    """Seals with the first master key; opens with any (so that keys can be changed)."""

    def __init__(self, master_keys: Sequence[str | bytes]) -> None:
        self._master = MultiFernet([Fernet(key) for key in master_keys])

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
