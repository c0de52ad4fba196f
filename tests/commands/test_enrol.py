"""Coming in on Telegram: once, in time, by the right hands; and /start by everybody else."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from storage.tables import AccessEntry, Identity, Invitation, Person
from tests.commands.harness import Desk, Phone
from tests.commands.telegram_scene import (
    CLOSED,
    GONE,
    binding_is_told,
    enrolled,
    identities,
    on_telegram,
    open_telegram_desk,
    token_for,
    types,
)

LABEL = "officier van justitie 1"
WELCOME = f"Welkom, {LABEL}."


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_telegram_desk(tmp_path) as desk:
        yield desk
        binding_is_told(desk)
        desk.nothing_unexpected()


def count(phone: Phone, fragment: str) -> int:
    """How many messages with these words stand there, all of them expected."""
    found = [each for each in phone.screen() if fragment in each.text]
    for each in found:
        each.expected = True
    return len(found)


async def is_bound(desk: Desk, key: str = "om_ovj1") -> bool:
    return "telegram" in await identities(desk, key)


@pytest.mark.parametrize("form", ["/start {}", "start {}", "/START {}", "  /start   {} "])
async def test_a_link_binds_welcomes_and_offers_the_test(desk: Desk, form: str) -> None:
    token = await token_for(desk, LABEL)
    phone = on_telegram(desk, "5001")
    await types(phone, form.format(token))
    phone.expects(f"{WELCOME} Eén test: zet je telefoon op stil en op slot.")
    mine = (await identities(desk, "om_ovj1"))["telegram"]
    assert (mine.address, mine.direct_room, mine.joined_at) == ("5001", "5001", desk.now)
    assert mine.proven_at is None
    assert mine.preferred is False
    desk["om_ap"].expects("Officier van justitie 1 doet nu mee op Telegram (15:40).", loud=False)
    async with desk.store.view() as unit:
        assert (await unit.session.exec(select(Invitation.used_at))).one() == desk.now
        logged = await unit.session.exec(select(AccessEntry).where(AccessEntry.what == "identity"))
        entry = logged.one()
    assert (entry.person, entry.action, entry.right) == ("om_ovj1", "create", "invitation")


async def test_the_test_page_comes_where_it_was_asked_and_proves_only_that(desk: Desk) -> None:
    before = (await identities(desk, "om_ovj1"))["matrix"].proven_at
    phone = await enrolled(desk, "om_ovj1", "5001")
    phone.expects(WELCOME)
    await types(phone, "ik ben klaar")
    phone.expects("Over 30 seconden komt de test.")
    await desk.advance(0.5)
    phone.expects("🔵 TEST, geen echt alarm.", loud=True)
    await types(phone, "gehoord")
    phone.expects("✅ Je bent bereikbaar.")
    now = await identities(desk, "om_ovj1")
    assert now["telegram"].proven_at == desk.now
    assert now["matrix"].proven_at == before
    await types(phone, "test")
    assert count(phone, "🔵 TEST") == 1, "typed here, rung here"


async def test_who_is_never_called_is_told_how_to_get_help(desk: Desk) -> None:
    phone = await enrolled(desk, "vt_fo", "5001", maker="vt_ap")
    phone.expects("Welkom, VT frontoffice. Schrijf hulp voor wat hier kan.")


async def test_a_used_link_is_refused_to_others_and_its_maker_hears_it_once(desk: Desk) -> None:
    token = await token_for(desk, LABEL)
    phone, other = on_telegram(desk, "5001"), on_telegram(desk, "6666")
    await types(phone, f"/start {token}")
    phone.expects(WELCOME)
    for _ in range(3):
        await types(other, f"/start {token}")
        await desk.advance(2)
    assert count(other, GONE) == 3
    line = f"De link voor {LABEL} is nog eens gebruikt. Dat werkte niet."
    assert count(desk["om_ap"], line) == 1
    async with desk.store.view() as unit:
        held = await unit.session.exec(select(Identity).where(col(Identity.address) == "6666"))
        assert held.all() == []


async def test_the_own_link_tapped_again_is_no_alarm(desk: Desk) -> None:
    token = await token_for(desk, LABEL)
    phone = on_telegram(desk, "5001")
    for _ in range(5):
        await types(phone, f"/start {token}")
    assert count(phone, WELCOME) == 1
    await desk.advance(1)
    await types(phone, f"/start {token}")
    assert count(phone, WELCOME) == 2
    desk["om_ap"].lacks("nog eens gebruikt")


async def test_a_link_ends_after_a_day(desk: Desk) -> None:
    token, late = await token_for(desk, LABEL), on_telegram(desk, "5001")
    await desk.advance(24 * 60)
    await types(late, f"/start {token}")
    late.expects(GONE)
    assert not await is_bound(desk)


async def test_a_link_works_until_its_last_millisecond(desk: Desk) -> None:
    token, phone = await token_for(desk, LABEL), on_telegram(desk, "5001")
    await desk.advance(24 * 60)
    desk.time[0] -= 1
    await types(phone, f"/start {token}")
    phone.expects(WELCOME)


@pytest.mark.parametrize("token", ["A" * 22, "x", "'OR'1=1--", "é" * 22])
async def test_an_unknown_token_is_refused_the_same_way(desk: Desk, token: str) -> None:
    stranger = on_telegram(desk, "6666")
    await types(stranger, f"/start {token}")
    stranger.expects(GONE)


async def test_who_tries_many_tokens_is_answered_once_a_minute(desk: Desk) -> None:
    stranger, other = on_telegram(desk, "6666"), on_telegram(desk, "6667")
    for number in range(20):
        await types(stranger, f"/start {number:022}")
    assert count(stranger, GONE) == 1
    await types(other, f"/start {1:022}")
    assert count(other, GONE) == 1, "another sender is not held back"
    await desk.advance(1)
    await types(stranger, f"/start {1:022}")
    assert count(stranger, GONE) == 2


async def test_an_account_that_is_somebody_elses_stays_theirs_and_the_link_lives(
    desk: Desk,
) -> None:
    ap = await enrolled(desk, "om_ap", "5009")
    ap.expects("Welkom, OM aanspreekpunt.")
    await desk.advance(1)
    await types(ap, "uitnodigen officier van justitie 1")
    shown = ap.expects("Geef deze link zelf.")
    token = shown.text.rpartition("=")[2]
    await types(ap, f"/start {token}")  # to see what it does
    ap.expects(GONE)
    assert not await is_bound(desk)
    phone = on_telegram(desk, "5001")
    await types(phone, f"/start {token}")
    phone.expects(WELCOME)


async def test_an_account_of_somebody_who_left_is_not_taken_over(desk: Desk) -> None:
    phone = await enrolled(desk, "om_ovj2", "5002")
    phone.expects("Welkom, officier van justitie 2.")
    await _leaves(desk, "om_ovj2")
    token = await token_for(desk, LABEL)
    await types(phone, f"/start {token}")
    phone.expects(GONE)
    assert not await is_bound(desk)


async def test_who_left_since_the_link_was_made_does_not_come_in(desk: Desk) -> None:
    token = await token_for(desk, LABEL)
    await _leaves(desk, "om_ovj1")
    phone = on_telegram(desk, "5001")
    await types(phone, f"/start {token}")
    phone.expects(GONE)
    assert not await is_bound(desk)


async def _leaves(desk: Desk, key: str) -> None:
    async with desk.store.unit() as unit:
        (await unit.session.exec(select(Person).where(Person.key == key))).one().active = False


@pytest.mark.parametrize("how", ["forwarded", "edit"])
async def test_a_link_that_was_not_typed_here_binds_nobody(desk: Desk, how: str) -> None:
    token, phone = await token_for(desk, LABEL), on_telegram(desk, "5001")
    await types(phone, f"/start {token}", forwarded=how == "forwarded", edit=how == "edit")
    phone.expects(CLOSED)
    assert not await is_bound(desk)


async def test_a_link_in_a_group_binds_nobody_and_is_not_answered(desk: Desk) -> None:
    token, phone = await token_for(desk, LABEL), on_telegram(desk, "5001")
    before = len(desk.shown)
    await types(phone, f"/start {token}", room="-100200300")
    assert not await is_bound(desk)
    assert len(desk.shown) == before


async def test_a_link_of_telegram_means_nothing_on_matrix(desk: Desk) -> None:
    token = await token_for(desk, LABEL)
    await desk["om_ovj1"].says(f"/start {token}")
    desk["om_ovj1"].expects("Dat ken ik niet.")
    assert not await is_bound(desk)


async def test_a_stranger_gets_the_neutral_sentence_once_a_day(desk: Desk) -> None:
    stranger = on_telegram(desk, "6666")
    for text in ("/start", "start", "alarm skm", "hallo"):
        await types(stranger, text)
    assert count(stranger, CLOSED) == 1
    await desk.advance(24 * 60)
    await types(stranger, "hallo")
    assert count(stranger, CLOSED) == 2


async def test_start_welcomes_who_is_known_again_at_most_once_a_minute(desk: Desk) -> None:
    phone = await enrolled(desk, "om_ovj1", "5001")
    for _ in range(10):
        await types(phone, "/start")
    assert count(phone, WELCOME) == 1
    await desk.advance(1)
    for _ in range(10):
        await types(phone, "/start")
    assert count(phone, WELCOME) == 2
