"""Does what must go out go out, and does what is due happen? Graces count from the rows' own
instants, so that they hold over a restart as well.
"""

from collections.abc import Mapping

from bot.audit.questions import Question

GRACES: Mapping[str, int] = {  # milliseconds, as the questions below call them
    "late_ms": 30_000,  # a clock
    "page_ms": 60_000,  # a page, a reminder, "phone the desk": whatever rings
    "answer_ms": 5 * 60_000,
    "rest_ms": 15 * 60_000,  # a group takes 20 a minute, and an evening has many alarms
    "lease_ms": 60_000,  # beyond the lease of a row that is being sent
    "update_ms": 60_000,
    "soon_ms": 90_000,  # there is a look before it rings
}

# One that fails again and again is put off each time, so it is never late.
LATE = Question(
    """SELECT 'late', 'timer:' || CAST(t.id AS TEXT),
      (SELECT r.reference FROM "case" r WHERE r.id = t.case_id)
    FROM timer t
    WHERE t.state = 'live' AND t.due_at < :now + :soon_ms
      AND (t.due_at < :now - :late_ms OR t.attempts >= 5)
    ORDER BY t.due_at""",
)

RINGS_AFTER_END = Question(
    """SELECT 'torn', t.subject, c.reference
    FROM timer t JOIN "case" c ON c.id = t.case_id
    WHERE t.state = 'live' AND t.due_at < :now + :soon_ms
      AND t.kind IN ('page_silent', 'page_remind', 'page_take', 'page_notice')
      AND c.state <> 'open'
    ORDER BY t.due_at""",
)

RINGS_TWICE = Question(
    """SELECT 'torn', t.subject,
      (SELECT r.reference FROM "case" r WHERE r.id = t.case_id)
    FROM timer t
    WHERE t.state = 'live' AND t.due_at < :now + :soon_ms
      AND t.kind IN ('page_silent', 'page_remind', 'page_take', 'page_notice')
      AND EXISTS (SELECT 1 FROM timer s
        WHERE s.subject = t.subject AND s.state = 'live' AND s.id <> t.id
          AND s.kind IN ('page_silent', 'page_remind', 'page_take', 'page_notice'))
    ORDER BY t.due_at""",
)

# Whatever rings. An SMS is never the first way, and takes its time.
RINGS_UNSENT = Question(
    """SELECT 'unsent', COALESCE(
        (SELECT 'chain:' || CAST(p.chain_id AS TEXT) FROM page p WHERE p.id = o.page_id),
        'row:' || CAST(o.id AS TEXT)),
      (SELECT r.reference FROM "case" r WHERE r.id = o.case_id)
    FROM outbox o
    WHERE o.state IN ('pending', 'sending') AND o.lane = 0 AND o.channel <> 'fallback'
      AND o.created_at < :now - :page_ms
    ORDER BY o.id""",
)

# Somebody is waited for whom nothing was sent; there need not even be a row that would. CASE keeps
# PostgreSQL from reading a month of outbox for the few who are waited for.
PAGE_UNSENT = Question(
    """SELECT 'unsent', 'chain:' || CAST(h.id AS TEXT),
      (SELECT r.reference FROM "case" r WHERE r.id = h.case_id)
    FROM "case" c JOIN page p ON p.case_id = c.id JOIN chain h ON h.id = p.chain_id
    WHERE c.state = 'open' AND c.id BETWEEN :first AND :last
      AND h.acked_page_id IS NULL AND h.ended_at IS NULL
      AND p.state IN ('queued', 'called') AND p.queued_at < :now - :page_ms
      AND CASE WHEN EXISTS (SELECT 1 FROM outbox o WHERE o.page_id = p.id AND o.state = 'sent')
        THEN 0 ELSE 1 END = 1""",
)

OUTBOX_STUCK = Question(
    """SELECT 'outbox', 'row:' || CAST(o.id AS TEXT),
      (SELECT r.reference FROM "case" r WHERE r.id = o.case_id)
    FROM outbox o
    WHERE o.state IN ('pending', 'sending') AND (o.lane > 0 OR o.channel = 'fallback')
      AND (o.created_at < :now - CASE WHEN o.lane < 2 THEN :answer_ms ELSE :rest_ms END
        OR (o.state = 'sending' AND COALESCE(o.leased_until, 0) < :now - :lease_ms))
    ORDER BY o.id""",
)

INBOX_STUCK = Question(
    """SELECT 'inbox', 'update:' || CAST(i.id AS TEXT), NULL FROM inbox i
    WHERE i.state = 'new' AND i.received_at < :now - :update_ms
    ORDER BY i.id""",
)

ABOUT_CASES = (PAGE_UNSENT,)
ABOUT_ALL = (LATE, RINGS_AFTER_END, RINGS_TWICE, RINGS_UNSENT, OUTBOX_STUCK, INBOX_STUCK)
