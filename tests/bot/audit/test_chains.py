"""An open chain has an ack, a live clock or the final notice, and its rows agree about that."""

import pytest

from bot.audit import chains
from commands.places import CHANNELS
from tests.bot.audit.scene import CALLED, chain_id, finding, found, raise_alarm, spoil, to_the_end
from tests.commands.harness import Desk


async def test_a_chain_whose_clock_is_gone_is_found_with_its_case(desk: Desk) -> None:
    reference = await raise_alarm(desk)
    om = await chain_id(desk, "om")
    await spoil(desk, "DELETE FROM timer WHERE subject = :of", of=f"chain:{om}")
    seen = await finding(desk, "chain")
    assert ([*seen.rows], [*seen.references]) == ([f"chain:{om}"], [reference])
    assert await found(desk) == {"chain": 1}


@pytest.mark.parametrize("state", ["done", "cancelled"])
async def test_a_clock_that_has_rung_or_was_stopped_is_none(desk: Desk, state: str) -> None:
    await raise_alarm(desk)
    stopped = "UPDATE timer SET state = :state WHERE state = 'live' AND kind = 'page_silent'"
    await spoil(desk, stopped, state=state)
    assert await found(desk) == {"chain": 4}


async def test_the_clock_that_tries_other_messengers_calls_nobody_else(desk: Desk) -> None:
    """It leaves the chain where it is, so it does not count as the chain's clock."""
    await raise_alarm(desk)
    await spoil(
        desk,
        "UPDATE timer SET kind = 'page_elsewhere' WHERE state = 'live' AND kind = 'page_silent'",
    )
    assert await found(desk) == {"chain": 4}


async def test_a_clock_for_a_page_whose_turn_is_over_rings_for_nothing(desk: Desk) -> None:
    await raise_alarm(desk)
    await spoil(
        desk, "UPDATE timer SET argument = '999' WHERE state = 'live' AND kind = 'page_silent'"
    )
    assert await found(desk) == {"chain": 4}


async def test_a_clock_of_a_page_of_another_chain_does_too(desk: Desk) -> None:
    await raise_alarm(desk)
    om, vt = await chain_id(desk, "om"), await chain_id(desk, "vt")
    given = {"of": f"chain:{om}", "other": vt}
    await spoil(
        desk,
        "UPDATE timer SET argument = (SELECT CAST(id AS TEXT) FROM page WHERE chain_id = :other)"
        " WHERE subject = :of AND state = 'live' AND kind = 'page_silent'",
        **given,
    )
    assert (await finding(desk, "chain")).rows == {f"chain:{om}"}


@pytest.mark.parametrize("state", ["expired", "declined"])
async def test_a_chain_in_which_nobody_is_asked_is_lost(desk: Desk, state: str) -> None:
    await raise_alarm(desk)
    om = await chain_id(desk, "om")
    await spoil(desk, "UPDATE page SET state = :to WHERE chain_id = :of", of=om, to=state)
    assert (await finding(desk, "chain")).rows == {f"chain:{om}"}


async def test_an_open_case_without_any_chain_is_lost(desk: Desk) -> None:
    await raise_alarm(desk)
    await spoil(desk, "DELETE FROM page")
    await spoil(desk, "DELETE FROM chain")
    assert await found(desk) == {"chain": 1}


async def test_an_ended_chain_whose_notice_will_not_be_repeated_is_found(desk: Desk) -> None:
    await raise_alarm(desk)
    await to_the_end(desk, 26)
    assert await found(desk) == {}
    lost = await spoil(
        desk, "UPDATE timer SET state = 'done' WHERE kind = 'page_notice' AND state = 'live'"
    )
    assert await found(desk) == {"chain": lost}


@pytest.mark.parametrize("state", ["failed", "cancelled"])
async def test_a_last_notice_that_nobody_got_is_no_final_notice(desk: Desk, state: str) -> None:
    await raise_alarm(desk)
    await to_the_end(desk)
    assert await found(desk) == {}
    om = await chain_id(desk, "om")
    await spoil(
        desk, "UPDATE outbox SET state = :to WHERE slot = :slot", to=state, slot=f"chain:{om}:2"
    )
    assert (await finding(desk, "chain")).rows == {f"chain:{om}"}


async def test_who_phoned_the_desk_needs_no_more_notices(desk: Desk) -> None:
    await raise_alarm(desk)
    await to_the_end(desk, 26)
    await spoil(desk, "UPDATE timer SET state = 'done' WHERE kind = 'page_notice'")
    await spoil(desk, "UPDATE chain SET phoned_at = 1 WHERE ended_at IS NOT NULL")
    assert "chain" not in await found(desk)


async def test_an_ack_without_its_page_contradicts_itself(desk: Desk) -> None:
    await raise_alarm(desk)
    await desk[CALLED["om"]].taps("✅")
    om = await chain_id(desk, "om")
    assert await found(desk) == {}
    await spoil(desk, "UPDATE page SET state = 'declined' WHERE chain_id = :of", of=om)
    assert (await finding(desk, "torn")).rows == {f"chain:{om}"}


async def test_a_page_that_was_acked_for_nobody_contradicts_its_chain(desk: Desk) -> None:
    await raise_alarm(desk)
    om = await chain_id(desk, "om")
    await spoil(desk, "UPDATE page SET state = 'acked' WHERE chain_id = :of", of=om)
    assert (await finding(desk, "torn")).rows == {f"chain:{om}"}


async def test_two_that_are_asked_at_once_contradict_the_rule(desk: Desk) -> None:
    await raise_alarm(desk)
    await desk.advance(6)
    assert await found(desk) == {}
    om = await chain_id(desk, "om")
    await spoil(desk, "UPDATE page SET state = 'called' WHERE chain_id = :of", of=om)
    seen = await finding(desk, "torn")
    assert seen.rows == {f"chain:{om}"}, "it still goes on"


async def test_who_is_asked_although_it_is_taken_contradicts_it(desk: Desk) -> None:
    await raise_alarm(desk)
    await desk.advance(6)
    await desk[CALLED["om"]].taps("✅")
    om = await chain_id(desk, "om")
    waiting = "UPDATE page SET state = 'seen' WHERE chain_id = :of AND state = 'expired'"
    await spoil(desk, waiting, of=om)
    assert (await finding(desk, "torn")).rows == {f"chain:{om}"}


async def test_a_clock_that_goes_on_although_it_is_taken_is_found(desk: Desk) -> None:
    await raise_alarm(desk)
    await desk[CALLED["om"]].taps("✅")
    om = await chain_id(desk, "om")
    await spoil(
        desk,
        "UPDATE timer SET state = 'live' WHERE subject = :of AND kind = 'page_silent'",
        of=f"chain:{om}",
    )
    assert (await finding(desk, "torn")).rows == {f"chain:{om}"}


async def test_a_clock_of_a_step_in_a_chain_that_has_ended_is_found(desk: Desk) -> None:
    await raise_alarm(desk)
    await to_the_end(desk, 26)
    om = await chain_id(desk, "om")
    await spoil(
        desk,
        "UPDATE timer SET kind = 'page_take' WHERE subject = :of AND state = 'live'",
        of=f"chain:{om}",
    )
    assert (await finding(desk, "torn")).rows == {f"chain:{om}"}


def test_it_looks_for_notices_on_every_messenger() -> None:
    for question in chains.STANDS.values():
        assert [name for name in CHANNELS if f":{name}'" not in question.words] == []
