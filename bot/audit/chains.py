"""Does every open chain go on, and do its rows tell the same? Asked of open cases only.

Nothing here is shared with the engine: it is written from the promise that "an open chain has an
ack, a live clock or the final notice" and from the tables, so that a mistake there shows here.
Every commit keeps that promise, so what breaks it is never just a busy moment.
"""

from collections.abc import Mapping
from string import Template

from bot.audit.questions import Question

NO_CHAIN = Question(
    """SELECT 'chain', 'case:' || CAST(c.id AS TEXT), c.reference FROM "case" c
    WHERE c.state = 'open' AND c.id BETWEEN :first AND :last
      AND NOT EXISTS (SELECT 1 FROM chain h WHERE h.case_id = c.id)""",
)

# Each row is a chain with its live clock and its asked page, and what they must look like. A
# second page or another clock makes a second row, which cannot look like that as well; a twin of
# the same clock can, and has a question of its own (`queues.RINGS_TWICE`).
#
# Taken: one page has the ack, nobody else is asked, and no clock will call the next one.
# Ended: nobody is asked any more; whoever raised the alarm has phoned, or will be told again, or
# was told for the last time, as often as the protocol in the case says.
# Else it goes on: one page is asked, and the clock waits for just that page. Any other would ring
# for nothing, and then none is left.
#
# If it is none of these: `chain` where nothing calls anybody any more, `torn` where only the rows
# contradict each other.
_STANDS = Template(
    """SELECT
      CASE
        WHEN h.acked_page_id IS NOT NULL OR p.state = 'acked' THEN 'torn'
        WHEN h.ended_at IS NOT NULL AND (p.id IS NOT NULL OR t.id IS NOT NULL) THEN 'torn'
        WHEN t.kind <> 'page_notice' AND EXISTS (SELECT 1 FROM page q
          WHERE q.chain_id = h.id AND q.state IN ('queued', 'called', 'seen')
            AND t.argument = CAST(q.id AS TEXT)) THEN 'torn'
        ELSE 'chain' END,
      $name,
      (SELECT r.reference FROM "case" r WHERE r.id = h.case_id)
    FROM "case" c JOIN chain h ON h.case_id = c.id
    LEFT JOIN timer t ON t.subject = $name AND t.state = 'live'
      AND t.kind IN ('page_silent', 'page_remind', 'page_take', 'page_notice')
    LEFT JOIN page p ON p.chain_id = h.id AND p.state IN ('queued', 'called', 'seen', 'acked')
    WHERE c.state = 'open' AND c.id BETWEEN :first AND :last AND NOT COALESCE(CASE
      WHEN h.acked_page_id IS NOT NULL THEN
        h.acked_at IS NOT NULL AND h.ended_at IS NULL AND t.id IS NULL
        AND p.id = h.acked_page_id AND p.state = 'acked'
      WHEN h.ended_at IS NOT NULL THEN p.id IS NULL AND CASE
        WHEN t.id IS NOT NULL THEN t.kind = 'page_notice' AND h.phoned_at IS NULL
        WHEN h.phoned_at IS NOT NULL THEN true
        ELSE EXISTS (SELECT 1 FROM "case" r WHERE r.id = h.case_id
          AND h.notices >= CASE WHEN r.urgent THEN $urgent ELSE $calm END
          AND EXISTS (SELECT 1 FROM outbox o
            WHERE o.destination IN ('person:' || CAST(r.initiator_id AS TEXT) || '\\:matrix',
                'person:' || CAST(r.initiator_id AS TEXT) || '\\:telegram')
              AND o.slot = $name || ':' || CAST(h.notices AS TEXT)
              AND o.kind = 'say' AND o.state IN ('pending', 'sending', 'sent'))) END
      ELSE t.kind <> 'page_notice' AND p.state <> 'acked' AND t.argument = CAST(p.id AS TEXT)
      END, false)"""
)
# By dialect: how often the notice is repeated, out of the protocol as it was frozen.
_REPEATS = {
    "sqlite": "json_extract(r.frozen, '$.clocks.{}.repeat_notices')",
    "postgresql": "CAST(CAST(r.frozen AS json) #>> '{{clocks,{},repeat_notices}}' AS integer)",
}


def _stands(repeats: str) -> Question:
    return Question(
        _STANDS.substitute(
            name="'chain:' || CAST(h.id AS TEXT)",
            urgent=repeats.format("urgent"),
            calm=repeats.format("calm"),
        )
    )


STANDS: Mapping[str, Question] = {
    dialect: _stands(repeats) for dialect, repeats in _REPEATS.items()
}


def about_cases(dialect: str) -> tuple[Question, ...]:
    """All of them."""
    return (NO_CHAIN, STANDS[dialect])
