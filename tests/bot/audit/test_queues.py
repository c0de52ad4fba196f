"""Each due page was sent, no clock is late, and every row moves."""

import pytest

from bot.audit.queues import GRACES
from tests.bot.audit.scene import CALLED, chain_id, finding, found, raise_alarm, rows, spoil
from tests.commands.harness import Desk


async def unsent(desk: Desk, *, lane: int, channel: str = "matrix", state: str = "pending") -> None:
    """A row that was queued now, and stays."""
    await spoil(
        desk,
        "INSERT INTO outbox (key, region_id, channel, destination, lane, kind, payload, loud,"
        " state, attempts, created_at, leased_until) VALUES ('k', 'r', :channel, 'room:!x', :lane,"
        " 'say', '', false, :state, 0, :now, :now)",
        lane=lane,
        channel=channel,
        state=state,
        now=desk.now,
    )


async def just_before_and_after(desk: Desk, grace: str, claim: str) -> None:
    """It is found when the grace is over, and not before."""
    desk.time[0] += GRACES[grace]
    assert await found(desk) == {}
    desk.time[0] += 1
    assert await found(desk) == {claim: 1}


@pytest.mark.parametrize("state", ["pending", "failed", "cancelled"])
async def test_a_page_that_was_not_sent_is_found_after_a_minute(desk: Desk, state: str) -> None:
    reference = await raise_alarm(desk)
    om = await chain_id(desk, "om")
    page = (await rows(desk, "SELECT id FROM page WHERE chain_id = :of", of=om))[0][0]
    await spoil(desk, "UPDATE outbox SET state = :to WHERE page_id = :page", to=state, page=page)
    desk.time[0] += GRACES["page_ms"]
    assert await found(desk) == {}
    desk.time[0] += 1
    seen = await finding(desk, "unsent")
    assert ([*seen.rows], [*seen.references]) == ([f"chain:{om}"], [reference])


async def test_a_page_for_which_there_is_no_row_at_all_is_found(desk: Desk) -> None:
    await raise_alarm(desk)
    await spoil(desk, "DELETE FROM outbox WHERE page_id IS NOT NULL")
    desk.time[0] += GRACES["page_ms"] + 1
    assert await found(desk) == {"unsent": 4}


async def test_a_page_that_was_taken_need_not_be_sent_any_more(desk: Desk) -> None:
    await raise_alarm(desk)
    for key in CALLED.values():
        await desk[key].taps("✅")
    await spoil(desk, "DELETE FROM outbox WHERE page_id IS NOT NULL")
    desk.time[0] += GRACES["page_ms"] + 1
    assert "unsent" not in await found(desk)


@pytest.mark.parametrize("state", ["pending", "sending"])
async def test_whatever_rings_may_take_a_minute(desk: Desk, state: str) -> None:
    await unsent(desk, lane=0, state=state)
    await just_before_and_after(desk, "page_ms", "unsent")


async def test_an_sms_may_take_longer_than_a_page(desk: Desk) -> None:
    await unsent(desk, lane=0, channel="fallback")
    await just_before_and_after(desk, "answer_ms", "outbox")


async def test_an_answer_may_take_five_minutes(desk: Desk) -> None:
    await unsent(desk, lane=1)
    await just_before_and_after(desk, "answer_ms", "outbox")


@pytest.mark.parametrize("lane", [2, 3])
async def test_the_rest_may_take_a_quarter_of_an_hour(desk: Desk, lane: int) -> None:
    await unsent(desk, lane=lane)
    await just_before_and_after(desk, "rest_ms", "outbox")


async def test_a_row_that_is_being_sent_long_after_its_lease_is_found(desk: Desk) -> None:
    await unsent(desk, lane=3, state="sending")
    await just_before_and_after(desk, "lease_ms", "outbox")


async def clock(desk: Desk, *, kind: str = "draft_stop", **more: object) -> None:
    """A clock of nothing, live and due now unless `more` says otherwise."""
    given = {"due": desk.now, "attempts": 0, "subject": "alarm:0", "case": None, **more}
    await spoil(
        desk,
        "INSERT INTO timer (region_id, case_id, kind, subject, argument, due_at, state, attempts)"
        " VALUES ('r', :case, :kind, :subject, '', :due, 'live', :attempts)",
        kind=kind,
        **given,
    )


async def test_a_clock_may_be_half_a_minute_late(desk: Desk) -> None:
    await clock(desk)
    await just_before_and_after(desk, "late_ms", "late")


async def test_a_clock_that_fails_and_fails_is_found_though_it_is_put_off(desk: Desk) -> None:
    await clock(desk, due=desk.now + 25_000, attempts=4)
    assert await found(desk) == {}
    await spoil(desk, "UPDATE timer SET attempts = 5 WHERE attempts = 4")
    assert await found(desk) == {"late": 1}


async def test_a_clock_for_a_case_that_is_over_is_found_before_it_rings(desk: Desk) -> None:
    await raise_alarm(desk)
    live = "SELECT MIN(due_at) FROM timer WHERE state = 'live' AND kind = 'page_silent'"
    due = (await rows(desk, live))[0][0]
    await spoil(desk, "UPDATE \"case\" SET state = 'withdrawn' WHERE state = 'open'")
    assert await found(desk) == {}
    desk.time[0] = due - GRACES["soon_ms"] + 1
    assert await found(desk) == {"torn": 4}


async def test_two_clocks_for_one_step_are_found_before_they_ring(desk: Desk) -> None:
    await raise_alarm(desk)
    om = await chain_id(desk, "om")
    twin = (
        "INSERT INTO timer (region_id, case_id, kind, subject, argument, due_at, state, attempts)"
        " SELECT region_id, case_id, kind, subject, argument, due_at, state, attempts FROM timer"
        " WHERE subject = :of AND kind = 'page_silent'"
    )
    await spoil(desk, twin, of=f"chain:{om}")
    assert await found(desk) == {}
    live = "SELECT MIN(due_at) FROM timer WHERE state = 'live' AND kind = 'page_silent'"
    desk.time[0] = (await rows(desk, live))[0][0] - GRACES["soon_ms"] + 1
    assert (await finding(desk, "torn")).rows == {f"chain:{om}"}


async def update(desk: Desk, state: str) -> None:
    """One that came just now."""
    await spoil(
        desk,
        "INSERT INTO inbox (channel, update_id, state, received_at, payload, attempts)"
        " VALUES ('matrix', '$x', :state, :now, '', 0)",
        state=state,
        now=desk.now,
    )


async def test_an_update_that_nobody_acts_upon_is_found_after_a_minute(desk: Desk) -> None:
    await update(desk, "new")
    await just_before_and_after(desk, "update_ms", "inbox")


@pytest.mark.parametrize("state", ["quarantined", "done"])
async def test_an_update_that_was_told_or_done_is_over(desk: Desk, state: str) -> None:
    await update(desk, state)
    desk.time[0] += 60 * 60_000
    assert "inbox" not in await found(desk)
