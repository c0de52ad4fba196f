"""How a text of a story reads on a messenger: the one place that says what Telegram keeps back.

⟦so⟧ is shown only where it is encrypted. ⟦so|thus⟧ reads `so` there and `thus` on Telegram. ⟦|thus⟧
is said on Telegram only, to somebody who is not in the room where others see it.
"""

import re

WHERE_TO = "⟦Ga naar de casusruimte.|Hieronder staat wie je belt voor de inhoud.⟧"  # after a yes
READ_IT = "⟦Lees hem in de casusruimte.|Bel VT voor de inhoud: 0800-2001.⟧"  # an agreement

_MARK = re.compile(r"⟦(?P<encrypted>[^|⟧]*)(?:\|(?P<elsewhere>[^⟧]*))?⟧")


def encrypted(text: str) -> str:
    """As Matrix shows it."""
    return _MARK.sub(lambda mark: mark["encrypted"], text)


def unencrypted(text: str) -> str:
    """As Telegram shows it. Empty when it shows nothing of it."""
    return _MARK.sub(lambda mark: mark["elsewhere"] or "", text)


def kept_back(text: str) -> set[str]:
    """What Telegram must never show, in whichever message."""
    return {words for mark in _MARK.finditer(text) if (words := mark["encrypted"].strip())}
