"""A country of open cases by the shovel: as the engine leaves them behind, but made in SQL.

Of each four chains two are taken and two wait for their second person, 100,000 at once; in every
fourth case one of these has ended. With their clocks, the pages that were sent, and what else a
few hours leave in the tables. The same words on both databases.
"""

from string import Template
from typing import Any

from sqlalchemy import text

from storage.store import Store

_WORDS = {
    "cases": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :cases)",
    "four": "(SELECT 1 AS k UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4) f",
    "two": "(SELECT 1 AS m UNION ALL SELECT 2) s",
    "chain": "((n.i - 1) * 4 + f.k)",
    "page": "(((n.i - 1) * 4 + f.k) * 2 + s.m - 2)",
    "second": "((n.i - 1) * 4 + f.k) * 2",
    "ended": "(f.k = 4 AND n.i % 4 = 0)",
    "told": "(f.k = 4 AND n.i % 8 = 0)",  # for the last time
    "timer": "INSERT INTO timer"
    " (region_id, case_id, kind, subject, argument, due_at, state, attempts)",
    "outbox": "INSERT INTO outbox (key, region_id, case_id, page_id, channel, destination, lane,"
    " kind, slot, payload, loud, state, attempts, created_at, sent_at)",
}

_STATEMENTS = (
    """INSERT INTO person (id, region_id, key, partner, label, roles, functions, active)
    VALUES (1, :region, 'vt_fo', 'vt', 'VT', 'melder', 'frontoffice', true)""",
    """$cases INSERT INTO "case" (id, region_id, state, version, reference, protocol, frozen,
      urgent, place, has_children, reason, wrapped_key, initiator_id, channel, room, opened_at)
    SELECT n.i, :region, 'open', 9, 'R' || CAST(n.i AS TEXT), 'skm', :frozen, true, 'Centrum',
      true, :sealed, :sealed, 1, 'matrix', '!room' || CAST(n.i AS TEXT), :now FROM n""",
    """$cases INSERT INTO chain (id, case_id, partner, function, position, candidates,
      acked_page_id, acked_at, ended_at, notices)
    SELECT $chain, n.i, 'p' || CAST(f.k AS TEXT), 'duty', f.k, '[]',
      CASE WHEN f.k < 3 THEN $second END, CASE WHEN f.k < 3 THEN :now END,
      CASE WHEN $ended THEN :now END, CASE WHEN $told THEN 2 ELSE 0 END
    FROM n CROSS JOIN $four""",
    """$cases INSERT INTO page (id, case_id, chain_id, person_id, role, state, due_at, queued_at,
      called_at)
    SELECT $page, n.i, $chain, 1, 'primary', CASE WHEN s.m = 1 OR $ended THEN 'expired'
        WHEN f.k < 3 THEN 'acked' ELSE 'called' END,
      :now, :now - 300000, :now FROM n CROSS JOIN $four CROSS JOIN $two""",
    # Due at any moment of the next ten minutes.
    """$cases $timer SELECT :region, n.i,
      CASE WHEN $ended THEN 'page_notice' ELSE 'page_take' END, 'chain:' || CAST($chain AS TEXT),
      CASE WHEN $ended THEN '' ELSE CAST($second AS TEXT) END,
      :now + (n.i * 7919) % 600000, 'live', 0
    FROM n CROSS JOIN $four WHERE f.k > 2 AND NOT $told""",
    """$cases $timer SELECT :region, n.i, 'page_silent', 'chain:' || CAST($chain AS TEXT), '1',
      :now - 600000, CASE WHEN s.m = 1 THEN 'done' ELSE 'cancelled' END, 0
    FROM n CROSS JOIN $four CROSS JOIN $two""",
    """$cases $timer SELECT :region, n.i, 'case_open_reminder', 'case:' || CAST(n.i AS TEXT), '',
      :now + 86400000 * s.m, 'live', 0 FROM n CROSS JOIN $two""",
    """$cases $outbox SELECT 'a' || CAST($page AS TEXT), :region, n.i, $page, 'matrix',
      'person:' || CAST(n.i % 500 AS TEXT) || '\\:matrix', 0, 'say',
      'page:' || CAST($page AS TEXT), '', true, 'sent', 1, :now, :now
    FROM n CROSS JOIN $four CROSS JOIN $two""",
    """$cases $outbox SELECT 'b' || CAST($page AS TEXT), :region, n.i, NULL, 'matrix',
      'person:1:matrix', 0, 'say', 'chain:' || CAST($chain AS TEXT) || ':' || CAST(CASE
        WHEN $told THEN s.m ELSE s.m - 1 END AS TEXT), '', true, 'sent', 1, :now, :now
    FROM n CROSS JOIN $four CROSS JOIN $two WHERE $ended""",
    """$cases $outbox SELECT 'c' || CAST($page AS TEXT), :region, n.i, NULL, 'matrix',
      'case:' || CAST(n.i AS TEXT), 3, 'edit', 'headline', '', false, 'sent', 1, :now, :now
    FROM n CROSS JOIN $four CROSS JOIN $two""",
)
_NEXT_IDS = (
    """SELECT setval(pg_get_serial_sequence('person', 'id'), 1)""",
    """SELECT setval(pg_get_serial_sequence('"case"', 'id'), :cases)""",
    "ANALYZE",  # as its own vacuum does within a minute
)


async def fill(store: Store, cases: int, frozen: str, now: int) -> None:
    """Into an empty database that has its tables, as it would stand at `now` (UTC epoch
    milliseconds). `frozen`: the protocol of every case."""
    given: dict[str, Any] = {
        "cases": cases,
        "region": store.region_id,
        "frozen": frozen,
        "sealed": "x" * 120,
        "now": now,
    }
    on_postgres = store.engine.dialect.name == "postgresql"
    async with store.unit() as unit:
        for statement in (*_STATEMENTS, *(_NEXT_IDS if on_postgres else ())):
            asked = text(Template(statement).substitute(_WORDS))
            params = {name: given[name] for name in asked.compile().params}
            await unit.session.exec(asked, params=params)  # type: ignore[call-overload]
    if not on_postgres:  # no region writes all of this at once
        async with store.engine.connect() as connection:
            raw = await connection.get_raw_connection()
            dbapi: Any = raw.driver_connection
            dbapi.execute("PRAGMA wal_checkpoint(TRUNCATE)")
