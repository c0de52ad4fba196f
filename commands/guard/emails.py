"""E-mail addresses, also written around the @."""

import re
from collections.abc import Iterator

from commands.guard.hit import Spot

_TOP = r"(?:nl|com|net|org|eu|be|de|info)"
_WRITINGS = [
    re.compile(writing, re.IGNORECASE)
    for writing in (
        r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}",
        r"[\w.+%-]@[\w-]{1,63}\.\w",  # with more in front than an address can have
        # With blanks, or in words: only with an ending that addresses have.
        rf"(?<![\w.+%-])[\w.+%-]{{1,64}} ?(?:@|\(at\)|\[at\]|\bat\b|\bapenstaart(?:je)?\b) ?"
        rf"[\w-]{{1,63}}(?: ?\. ?| punt | dot |\(dot\)|\[dot\]){_TOP}(?!\w)",
    )
]


def find_emails(text: str) -> Iterator[Spot]:
    """E-mail addresses. A user id such as @ovj1:example.org has nothing in front of the @."""
    for writing in _WRITINGS:
        for found in writing.finditer(text):
            yield Spot("email", *found.span())
