"""`mensen` and `uitnodigen nieuw`: a contact point keeps its own organisation right."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import select

from commands.onboard import TEST_HOLDS_MS
from commands.world import World
from storage.access_log import verify
from storage.tables import AccessEntry, Identity, Invitation, Person
from tests.commands.harness import Desk, Shown
from tests.commands.telegram_scene import LINK, on_telegram, open_telegram_desk, types

CARD = "Wat wil je?"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_telegram_desk(tmp_path) as desk:
        yield desk
        async with desk.store.view() as unit:
            assert (await verify(unit)).broken_at is None


async def person(desk: Desk, key: str) -> Person:
    async with desk.store.view() as unit:
        return (await unit.session.exec(select(Person).where(Person.key == key))).one()


async def change(desk: Desk, key: str, **values: object) -> None:
    async with desk.store.unit() as unit:
        found = (await unit.session.exec(select(Person).where(Person.key == key))).one()
        for name, value in values.items():
            setattr(found, name, value)


async def opens(desk: Desk, label: str, button: str, by: str = "om_ap") -> Shown:
    """The screen behind [Functies] (1) or [Rollen] (2) of somebody."""
    await desk[by].says(f"mensen {label}")
    card = desk[by].expects(CARD)
    await desk[by].taps(button, card)
    return card


async def test_a_line_each_with_what_they_do_and_whether_they_can_be_called(desk: Desk) -> None:
    await desk["om_ovj1"].says("test")
    await desk["om_ovj1"].taps("✅")
    await desk["om_ap"].says("mensen")
    shown = desk["om_ap"].expects("Mensen van OM: 3. Over wie gaat het?")
    assert shown.text.splitlines()[1:4] == [
        "officier van justitie 1: dienst, officier van justitie · bereikbaar tot zo 9 augustus",
        "officier van justitie 2: dienst, officier van justitie · niet bereikbaar: nog geen test",
        "OM aanspreekpunt: aanspreekpunt · niet bereikbaar: nog geen test",
    ]
    desk["om_ap"].lacks("VT")
    await desk["om_ap"].taps("1️⃣", shown)
    assert shown.text.startswith("Officier van justitie 1. Wat wil je?")
    assert len(shown.buttons) == 4
    await desk["om_ap"].taps("❌", shown)
    assert shown.text.startswith("Mensen van OM: 3.")


async def test_an_old_test_says_since_when(desk: Desk) -> None:
    await desk["om_ovj1"].says("test")
    await desk["om_ovj1"].taps("✅")
    desk.time[0] += TEST_HOLDS_MS
    await desk["om_ap"].says("people officier van justitie 1")
    desk["om_ap"].expects("niet bereikbaar: test verlopen op zo 9 augustus")


async def test_functions_are_given_and_taken(desk: Desk) -> None:
    await change(desk, "om_ovj2", roles="melder duty")
    screen = await opens(desk, "officier van justitie 2", "1️⃣")
    assert "neem officier van justitie" in screen.text
    await desk["om_ap"].taps("✅", screen)
    assert "Neem eerst de rol dienst weg." in screen.text
    assert (await person(desk, "om_ovj2")).functions == "ovj"
    await change(desk, "om_ovj2", roles="melder")
    await desk["om_ap"].taps("✅", screen)
    assert "Let op: staat nog" in screen.text, "a roster is not changed by it"
    assert (await person(desk, "om_ovj2")).functions == ""
    assert "geef officier van justitie" in screen.text
    await desk["om_ap"].taps("✅", screen)
    assert (await person(desk, "om_ovj2")).functions == "ovj"
    desk["om_ovj2"].expects("Je aanspreekpunt heeft je rollen veranderd: melder", loud=False)


async def test_roles_are_given_and_taken_and_logged(desk: Desk) -> None:
    screen = await opens(desk, "officier van justitie 1", "2️⃣")
    assert "1️⃣ Geef melder, 2️⃣ Neem dienst, 3️⃣ Geef aanspreekpunt" in screen.text
    await desk["om_ap"].taps("1️⃣", screen)
    await desk["om_ap"].taps("2️⃣", screen)
    assert (await person(desk, "om_ovj1")).roles == "melder"
    await desk["om_ap"].taps("1️⃣", screen)
    assert "Dit is de laatste rol." in screen.text
    await desk["om_ap"].taps("3️⃣", screen)
    assert (await person(desk, "om_ovj1")).roles == "contact_point melder"
    async with desk.store.view() as unit:
        found = await unit.session.exec(
            select(AccessEntry.person, AccessEntry.right).where(
                AccessEntry.on_behalf == "om_ovj1",
                AccessEntry.what == "person",
                AccessEntry.action == "change",
            )
        )
        assert set(found) == {("om_ap", "contact_point")}


async def test_coordinator_and_operator_stay_what_they_are(desk: Desk) -> None:
    await change(desk, "beheerder", partner="om", roles="operator")
    screen = await opens(desk, "beheerder", "2️⃣")
    assert "coördinator" not in screen.text
    await desk["om_ap"].taps("1️⃣", screen)
    assert (await person(desk, "beheerder")).roles == "melder operator"


async def test_the_own_last_contact_point_role_stays(desk: Desk) -> None:
    screen = await opens(desk, "OM aanspreekpunt", "2️⃣")
    await desk["om_ap"].taps("3️⃣", screen)
    assert "Jullie hebben geen ander aanspreekpunt dat meedoet." in screen.text
    await change(desk, "om_ovj1", roles="duty contact_point")
    await change(desk, "om_ap", roles="contact_point melder")
    await desk["om_ap"].taps("3️⃣", screen)
    assert (await person(desk, "om_ap")).roles == "melder"
    await desk["om_ap"].says("mensen")
    desk["om_ap"].expects("Dat is niet aan jou, wel aan: aanspreekpunt.")


async def test_a_contact_point_must_be_there(desk: Desk) -> None:
    async with desk.store.unit() as unit:
        found = await unit.session.exec(
            select(Identity).join(Person).where(Person.key == "om_ovj1")
        )
        found.one().joined_at = None
    screen = await opens(desk, "officier van justitie 1", "2️⃣")
    await desk["om_ap"].taps("3️⃣", screen)
    assert "doet nog niet mee. Doe eerst: uitnodigen." in screen.text
    assert (await person(desk, "om_ovj1")).roles == "duty"


async def test_duty_asks_for_a_function(desk: Desk) -> None:
    await change(desk, "om_ovj1", roles="melder", functions="")
    screen = await opens(desk, "officier van justitie 1", "2️⃣")
    await desk["om_ap"].taps("2️⃣", screen)
    assert "Geef eerst een functie." in screen.text


async def test_nobody_of_another_organisation(desk: Desk) -> None:
    await desk["om_ap"].says("mensen VT frontoffice")
    desk["om_ap"].expects("Die functie ken ik niet bij jullie.")
    screen = await opens(desk, "officier van justitie 1", "2️⃣")
    await change(desk, "om_ovj1", partner="rvdk")
    await desk["om_ap"].taps("1️⃣", screen)
    assert screen.text == "Die functie ken ik niet bij jullie."
    assert (await person(desk, "om_ovj1")).roles == "duty"


# ---- uitnodigen nieuw


async def test_somebody_new_comes_in_by_a_link(desk: Desk) -> None:
    ap = desk["om_ap"]
    await ap.says("uitnodigen nieuw: officier van justitie 3, officier van justitie")
    ap.expects("Officier van justitie 3 is toegevoegd: dienst, officier van justitie.")
    found = LINK.search(ap.expects("Geef deze link zelf.").text)
    assert found is not None
    made = await person(desk, "om_officier_van_justitie_3")
    assert (made.partner, made.label, made.roles, made.functions) == (
        "om",
        "officier van justitie 3",
        "duty",
        "ovj",
    )
    assert made.confirmed_at == desk.now
    phone = on_telegram(desk, "7001")
    await types(phone, f"/start {found.group(1)}")
    phone.expects("Welkom, officier van justitie 3.")


async def test_somebody_new_comes_in_on_matrix(desk: Desk) -> None:
    region = desk.world.region.model_copy(update={"telegram": None})
    desk.world = World(region, desk.world.protocols)
    ap = desk["om_ap"]
    server = ap.address.partition(":")[2]
    await ap.says("uitnodigen nieuw: piket 4, ovj")
    ap.expects("Zonder Telegram: zet een Matrix-account achteraan.")
    await ap.says(f"uitnodigen nieuw: piket 4, ovj, @om_ovj4:{server}")
    ap.expects("Piket 4 is toegevoegd")
    await desk.advance(1)
    new = on_telegram(desk, f"@om_ovj4:{server}")
    welcome = [each.text for each in desk.shown if "Welkom, piket 4" in each.text]
    assert welcome, new
    async with desk.store.view() as unit:
        assert (await unit.session.exec(select(Invitation))).all() == []


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("", "Zo: uitnodigen nieuw: dienst 3, officier van justitie. Een functie, geen naam."),
        (": piket 4", "Zo: uitnodigen nieuw"),
        (": piket 4, brandweer", "Die functie is er niet. Kies: officier van justitie"),
        (": Officier van justitie 2, ovj", "Officier van justitie 2 is er al."),
        (": bel 06-12345678, ovj", "Er is niets gedaan. Woord"),
        (": piket 4, ovj, @x:elders.example", "Dat Matrix-account kan niet."),
        (f": {'x' * 41}, ovj", "Zo: uitnodigen nieuw"),
    ],
)
async def test_what_is_wrong_is_said_and_nobody_is_added(
    desk: Desk, words: str, answer: str
) -> None:
    async with desk.store.view() as unit:
        before = len((await unit.session.exec(select(Person))).all())
    await desk["om_ap"].says(f"uitnodigen nieuw{words}")
    desk["om_ap"].expects(answer)
    async with desk.store.view() as unit:
        assert len((await unit.session.exec(select(Person))).all()) == before


async def test_an_account_that_is_somebodys_is_not_given_twice(desk: Desk) -> None:
    ap = desk["om_ap"]
    await ap.says(f"uitnodigen nieuw: piket 4, ovj, {desk['vt_fo'].address.upper()}")
    ap.expects("Dat Matrix-account kan niet.")
