"""A question to the database: which rows break a claim. One statement, so it sees one moment."""

from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import TextClause, text

MOST_ROWS = 500  # of an answer: more of them tell nothing more


@dataclass(frozen=True)
class Question:
    """Each row of the answer breaks a claim: which one, the row's name, the case's reference.

    The parameters are `now` (UTC epoch milliseconds), the graces of `queues`, and for a question
    about cases `first` and `last`, the ids between which it looks.
    """

    words: str  # the same on both databases

    @cached_property
    def asked(self) -> TextClause:
        """As it is sent."""
        return text(self.words)

    @cached_property
    def parameters(self) -> frozenset[str]:
        """Their names."""
        return frozenset(self.asked.compile().params)
