"""Who blocks the bot on Telegram cannot be called there: people hear it and the alarm goes on."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import col, delete, select

from storage.tables import Identity, OutboxRow, Page, Person
from tests.commands.harness import Desk, Phone
from tests.commands.telegram_scene import (
    TELEGRAM,
    enrolled,
    identities,
    open_telegram_desk,
    types,
)

BLOCKED = "⚠️ Officier van justitie 1 is niet bereikbaar op Telegram sinds 15:40."
PAGE = "🔴 Alarm"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_telegram_desk(tmp_path) as desk:
        yield desk


async def comes_in(desk: Desk, key: str = "om_ovj1", *, only: bool) -> Phone:
    """Somebody on Telegram; `only`: and nowhere else."""
    phone = await enrolled(desk, key, "5001")
    if only:
        async with desk.store.unit() as unit:
            found = await unit.session.exec(select(Person.id).where(Person.key == key))
            await unit.session.exec(
                delete(Identity).where(
                    col(Identity.person_id) == found.one(), col(Identity.channel) == "matrix"
                )
            )
    desk.expect_so_far()
    return phone


async def blocks(phone: Phone) -> None:
    await phone.desk.update("left", phone.direct, phone.address, channel=TELEGRAM)


async def unblocks(phone: Phone) -> None:
    await phone.desk.update("joined", phone.direct, phone.address, channel=TELEGRAM)


async def alarm(desk: Desk) -> None:
    await desk["vt_fo"].says("alarm skm spoed Centrum")
    await desk["vt_fo"].taps("1️⃣")


async def states(desk: Desk, *keys: str) -> dict[str, str]:
    """How the pages of these people stand."""
    async with desk.store.view() as unit:
        found = await unit.session.exec(
            select(Person.key, Page.state).join(Person).where(col(Person.key).in_(keys))
        )
        return dict(found.all())


async def test_the_contact_point_and_the_operator_hear_it_and_nobody_is_invited(
    desk: Desk,
) -> None:
    phone = await comes_in(desk, only=False)
    before = len(phone.screen())
    await blocks(phone)
    desk["om_ap"].expects(BLOCKED, loud=False)
    desk["beheerder"].expects("Een bericht aan officier van justitie 1 is geweigerd")
    for key in ("vt_ap", "politie_ap", "rvdk_ap", "om_ovj1", "om_ovj2"):
        desk[key].lacks("niet bereikbaar")
    mine = (await identities(desk, "om_ovj1"))["telegram"]
    assert mine.joined_at is None
    assert mine.proven_at is None
    assert len(phone.screen()) == before
    async with desk.store.view() as unit:
        rows = await unit.session.exec(select(OutboxRow).where(OutboxRow.channel == TELEGRAM))
        assert "invite" not in {row.kind for row in rows}
    await blocks(phone)
    desk.nothing_unexpected()


async def test_a_running_page_goes_to_the_next_at_once(desk: Desk) -> None:
    phone = await comes_in(desk, only=True)
    await alarm(desk)
    phone.expects(PAGE, loud=True)
    desk["om_ovj2"].lacks(PAGE)
    before = len(phone.screen())
    await blocks(phone)
    desk["om_ovj2"].expects(PAGE, loud=True)
    assert await states(desk, "om_ovj1", "om_ovj2") == {"om_ovj1": "expired", "om_ovj2": "called"}
    assert len(phone.screen()) == before, "nothing is sent to where it cannot arrive"
    await blocks(phone)
    await desk.advance(1)
    assert len([each for each in desk["om_ovj2"].screen() if PAGE in each.text]) == 1


async def test_also_a_page_that_was_seen(desk: Desk) -> None:
    phone = await comes_in(desk, only=True)
    await alarm(desk)
    await types(phone, "ok")
    assert await states(desk, "om_ovj1") == {"om_ovj1": "seen"}
    await blocks(phone)
    desk["om_ovj2"].expects(PAGE, loud=True)


async def test_a_page_that_was_taken_stays_taken(desk: Desk) -> None:
    phone = await comes_in(desk, only=True)
    await alarm(desk)
    await types(phone, "ik pak op")
    await blocks(phone)
    assert await states(desk, "om_ovj1") == {"om_ovj1": "acked"}
    desk["om_ovj2"].lacks(PAGE)


async def test_who_has_another_messenger_is_still_reached(desk: Desk) -> None:
    phone = await comes_in(desk, only=False)
    await alarm(desk)
    await blocks(phone)
    assert (await states(desk, "om_ovj1"))["om_ovj1"] in ("called", "seen")
    desk["om_ovj2"].lacks(PAGE)


async def test_the_page_goes_to_the_other_messenger_at_once(desk: Desk) -> None:
    phone = await comes_in(desk, only=False)
    async with desk.store.unit() as unit:
        found = await unit.session.exec(
            select(Identity).join(Person).where(Person.key == "om_ovj1")
        )
        for each in found:
            each.preferred = each.channel == TELEGRAM
            each.proven_at = unit.now if each.preferred else None
    await alarm(desk)
    phone.expects(PAGE, loud=True)
    desk["om_ovj1"].lacks(PAGE)
    await blocks(phone)
    desk["om_ovj1"].expects(PAGE, loud=True)
    desk["om_ovj2"].lacks(PAGE)


async def test_another_messenger_that_was_left_as_well_reaches_nobody(desk: Desk) -> None:
    phone = await comes_in(desk, only=False)
    async with desk.store.unit() as unit:
        found = await unit.session.exec(
            select(Identity).join(Person).where(Person.key == "om_ovj1")
        )
        for each in found:
            if each.channel == "matrix":
                each.joined_at = None
    await alarm(desk)
    await blocks(phone)
    desk["om_ovj2"].expects(PAGE, loud=True)


async def test_a_contact_point_does_not_hear_of_their_own(desk: Desk) -> None:
    phone = await comes_in(desk, "om_ap", only=False)
    await blocks(phone)
    desk["om_ap"].lacks("niet bereikbaar")
    desk["beheerder"].expects("OM aanspreekpunt")


async def test_who_comes_back_is_reachable_only_after_a_test(desk: Desk) -> None:
    phone = await comes_in(desk, only=True)
    await desk.advance(2)
    await blocks(phone)
    await unblocks(phone)
    await types(phone, "/start")  # what the app sends along
    await desk.advance(0.1)
    welcomes = [each for each in phone.screen() if "Eén test" in each.text and not each.expected]
    assert len(welcomes) == 1, "offered once"
    mine = (await identities(desk, "om_ovj1"))["telegram"]
    assert mine.joined_at is not None
    assert mine.proven_at is None
    await types(phone, "ik ben klaar")
    await desk.advance(0.5)
    phone.expects("🔵 TEST", loud=True)
    await types(phone, "gehoord")
    assert (await identities(desk, "om_ovj1"))["telegram"].proven_at == desk.now


async def test_start_alone_also_brings_somebody_back(desk: Desk) -> None:
    phone = await comes_in(desk, only=True)
    await blocks(phone)
    await types(phone, "/start")
    await unblocks(phone)
    await desk.advance(0.1)
    assert (await identities(desk, "om_ovj1"))["telegram"].joined_at is not None
    welcomes = [each for each in phone.screen() if "Eén test" in each.text and not each.expected]
    assert len(welcomes) == 1


async def test_leaving_on_matrix_is_asked_back_as_before(desk: Desk) -> None:
    om = desk["om_ovj1"]
    await desk.update("left", om.direct, om.address)
    desk["om_ap"].lacks("niet bereikbaar")
    async with desk.store.view() as unit:
        rows = await unit.session.exec(select(OutboxRow).where(OutboxRow.kind == "invite"))
        assert len(rows.all()) == 1
