"""`uitnodigen`: who may, whom, and what the link is."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import col, select
from structlog.testing import capture_logs

from commands.world import World
from storage.tables import AccessEntry, Invitation, OutboxRow, Person
from tests.commands.harness import Desk
from tests.commands.telegram_scene import (
    BOT,
    CLOSED,
    GONE,
    LINK,
    binding_is_told,
    enrolled,
    identities,
    on_telegram,
    open_telegram_desk,
    token_for,
    types,
)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_telegram_desk(tmp_path) as desk:
        yield desk
        binding_is_told(desk)
        desk.nothing_unexpected()


async def invitations(desk: Desk) -> list[Invitation]:
    """Oldest first."""
    async with desk.store.view() as unit:
        found = await unit.session.exec(select(Invitation).order_by(col(Invitation.id)))
        return list(found)


async def colleague(desk: Desk, label: str, partner: str = "om", *, active: bool = True) -> None:
    """Somebody more."""
    async with desk.store.unit() as unit:
        person = Person(
            region_id=unit.region_id,
            key=f"more_{label.replace(' ', '_')}",
            partner=partner,
            label=label,
            roles="duty",
            functions="ovj",
            active=active,
        )
        unit.session.add(person)


async def test_bare_it_offers_the_own_organisation_and_makes_a_link(desk: Desk) -> None:
    await colleague(desk, "wie al weg is", active=False)
    ap = desk["om_ap"]
    await ap.says("uitnodigen")
    question = ap.expects("Wie wil je uitnodigen voor Telegram?", loud=False)
    assert "1️⃣ officier van justitie 1, 2️⃣ officier van justitie 2, 3️⃣ OM aanspreekpunt" in (
        question.text
    )
    assert len(question.buttons) == 3
    await ap.taps("2️⃣", question)
    assert question.text.startswith(
        f"Geef deze link zelf. Hij werkt 1 keer, tot za 15:40: https://t.me/{BOT}?start="
    )
    token = question.text.rpartition("=")[2]
    (made,) = await invitations(desk)
    assert len(token) == 22
    assert made.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert made.expires_at - desk.now == 24 * 60 * 60 * 1000
    async with desk.store.view() as unit:
        invited = await unit.session.get(Person, made.person_id)
        assert invited is not None
        assert invited.key == "om_ovj2"


async def test_the_token_stands_nowhere_in_clear(desk: Desk) -> None:
    with capture_logs() as lines:
        token = await token_for(desk, "officier van justitie 1")
        phone = on_telegram(desk, "5001")
        await types(phone, f"/start {token}")
        await types(phone, f"/start {token}x")
    phone.expects("Welkom")
    phone.expects(GONE)
    async with desk.store.view() as unit:
        rows = [
            str(row.model_dump())
            for table in (AccessEntry, OutboxRow, Invitation)
            for row in (await unit.session.exec(select(table))).all()
        ]
        logged = (
            await unit.session.exec(select(AccessEntry).where(AccessEntry.what == "invitation"))
        ).one()
    assert (logged.person, logged.action, logged.right) == ("om_ap", "create", "contact_point")
    assert logged.on_behalf == "om_ovj1"
    assert not [row for row in rows if token in row]
    assert token not in str(lines)


@pytest.mark.parametrize(
    ("key", "may"),
    [
        ("om_ap", True),
        ("vt_ap", True),
        ("om_ovj1", False),  # duty
        ("vt_fo", False),  # melder
        ("coordinator", False),
        ("beheerder", False),
    ],
)
async def test_only_a_contact_point_may(desk: Desk, key: str, may: bool) -> None:
    await desk[key].says("uitnodigen")
    if may:
        desk[key].expects("Wie wil je uitnodigen")
    else:
        desk[key].expects("Dat is niet aan jou, wel aan: aanspreekpunt.")
    await desk[key].says("hulp")
    assert ("uitnodigen: Laat iemand meedoen" in desk[key].expects("Wat kan hier:").text) is may


async def test_somebody_of_another_organisation_is_not_known_here(desk: Desk) -> None:
    await desk["om_ap"].says("uitnodigen chef van dienst 1")
    desk["om_ap"].expects("Die functie ken ik niet bij jullie.\nWie wil je uitnodigen")
    assert await invitations(desk) == []


async def test_a_press_counts_only_for_the_organisation_of_whoever_presses_now(desk: Desk) -> None:
    ap = desk["om_ap"]
    await ap.says("uitnodigen")
    question = ap.expects("Wie wil je uitnodigen")
    async with desk.store.unit() as unit:
        moved = (await unit.session.exec(select(Person).where(Person.key == "om_ap"))).one()
        moved.partner = "rvdk"
    await ap.taps("1️⃣", question)
    ap.expects("Die functie ken ik niet bij jullie.")
    assert await invitations(desk) == []


async def test_outside_the_partners_nobody_is_a_colleague(desk: Desk) -> None:
    async with desk.store.unit() as unit:
        found = await unit.session.exec(select(Person).where(Person.key == "coordinator"))
        found.one().roles = "coordinator contact_point"
    await desk["coordinator"].says("uitnodigen beheerder")
    desk["coordinator"].expects("Iedereen van jullie doet al mee op Telegram.")
    assert await invitations(desk) == []


async def test_nine_are_buttons_and_ten_are_words(desk: Desk) -> None:
    ap = desk["om_ap"]
    for number in range(6):
        await colleague(desk, f"officier extra {number}")
    await ap.says("invite")
    assert len(ap.expects("Wie wil je uitnodigen voor Telegram?").buttons) == 9
    await colleague(desk, "officier extra 6")
    await ap.says("uitnodigen")
    question = ap.expects("Wie wil je uitnodigen? Zo: uitnodigen officier van justitie 1")
    assert question.buttons == ()
    await ap.says("Uitnodigen Officier Extra 6")
    ap.expects("Geef deze link zelf.")


async def test_who_is_in_already_is_not_offered(desk: Desk) -> None:
    phone = await enrolled(desk, "om_ovj1", "5001")
    phone.expects("Welkom, officier van justitie 1.")
    ap = desk["om_ap"]
    await ap.says("uitnodigen")
    question = ap.expects("Wie wil je uitnodigen")
    assert "justitie 1" not in question.text.splitlines()[-1], "not on a button"
    assert "Nieuw toestel voor een ander? Zo: uitnodigen officier van justitie 1" in question.text
    await ap.says("uitnodigen officier van justitie 1")
    ap.expects("Officier van justitie 1 doet al mee op Telegram.")
    for key, number in (("om_ovj2", "5002"), ("om_ap", "5003")):
        (await enrolled(desk, key, number)).expects("Welkom")
    await ap.says("uitnodigen")
    assert "Zo: uitnodigen officier" in ap.expects("Iedereen van jullie doet al mee").text


async def test_a_new_link_ends_the_one_before(desk: Desk) -> None:
    first = await token_for(desk, "officier van justitie 1")
    phone = await enrolled(desk, "om_ovj1", "5001")
    phone.expects("Welkom, officier van justitie 1.")
    assert await token_for(desk, "officier van justitie 2") != first
    stranger = on_telegram(desk, "6666")
    await types(stranger, f"/start {first}")
    stranger.expects(GONE)
    assert set(await identities(desk, "om_ovj1")) == {"matrix", "telegram"}


async def test_a_region_without_telegram_says_so_calmly(desk: Desk) -> None:
    region = desk.world.region.model_copy(update={"telegram": None})
    ap = desk["om_ap"]
    await ap.says("uitnodigen")
    question = ap.expects("Wie wil je uitnodigen")
    desk.world = World(region, desk.world.protocols)
    await ap.says("uitnodigen")
    ap.expects("Deze regio gebruikt Telegram niet. Vraag het de beheerder.")
    await ap.taps("1️⃣", question)
    ap.expects("Deze regio gebruikt Telegram niet.")
    assert await invitations(desk) == []


async def test_a_lost_phone_is_replaced_and_hears_nothing_more(desk: Desk) -> None:
    old = await enrolled(desk, "om_ovj1", "5001")
    await desk["vt_fo"].says("alarm skm spoed Centrum")
    await desk["vt_fo"].taps("1️⃣")
    await desk.advance(2)
    stale = old.expects("🔴 Alarm", loud=True)
    desk.expect_so_far()

    ap = desk["om_ap"]
    await ap.says("uitnodigen officier van justitie 1")
    question = ap.expects("doet al mee op Telegram. Toestel kwijt?", loud=False)
    await ap.taps(question.buttons[0], question)
    token = LINK.search(question.text)
    assert token is not None
    new = on_telegram(desk, "5009")
    await types(new, f"/start {token.group(1)}")

    assert stale.erased
    old.expects("Dit account hoort niet meer bij Kortelijn", loud=False)
    ap.expects("Officier van justitie 1 heeft een nieuw Telegram-account", loud=False)
    page = new.expects("🔴 Alarm", loud=True)
    assert [label for label, _ in page.keyboard] == ["Ik pak op", "Kan niet"]
    mine = (await identities(desk, "om_ovj1"))["telegram"]
    assert (mine.address, mine.proven_at) == ("5009", None)
    new.expects("Welkom, officier van justitie 1.", loud=False)

    await types(old, "dienst")
    old.expects(CLOSED, loud=False)
    desk.expect_so_far()


async def test_the_old_phone_stays_until_the_new_one_is_there(desk: Desk) -> None:
    old = await enrolled(desk, "om_ovj1", "5001")
    await desk["om_ap"].says("uitnodigen officier van justitie 1")
    question = desk["om_ap"].expects("Toestel kwijt?")
    await desk["om_ap"].taps(question.buttons[0], question)
    await types(old, "dienst")
    desk.expect_so_far()
    old.lacks(CLOSED)
    assert (await identities(desk, "om_ovj1"))["telegram"].address == "5001"
