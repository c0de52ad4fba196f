"""A roster file in the own chat: looked at first, carried out by a second yes."""

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlmodel import col, select

from commands.people import by_address
from commands.roster.take_file import read_file, take_file
from commands.rules.moments import HOUR
from storage.tables import AccessEntry, Duty, Person, RosterChange, RosterImport
from tests.commands.harness import Desk, Shown
from tests.commands.instants import amsterdam
from tests.commands.morning import open_desk
from tests.commands.roster.scene import without_gaps

WEEKLY = """functie;dagen;van;tot;voorwacht;achterwacht
ovj;werkdagen;08:00;24:00;officier van justitie 2;om_ovj1
ovj;elke dag;00:00;08:00;om_ovj1;
"""
DATED = """functie;datum;van;tot;voorwacht;achterwacht
ovj;14-7-2026;08:00;17:00;om_ovj2;om_ovj1
"""


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path, after=without_gaps) as desk:
        yield desk
        desk.nothing_unexpected()


async def sends(desk: Desk, key: str, content: str | bytes, name: str = "rooster.csv") -> None:
    async with desk.store.unit() as unit:
        who = await by_address(unit, "matrix", desk[key].address)
        assert who is not None
        data = content.encode() if isinstance(content, str) else content
        understood = await read_file(unit, desk.world, who.person, name, data)
        await take_file(unit, desk.world, who, understood)
    await desk.settle()


async def duties(desk: Desk, partner: str = "om") -> list[tuple[str, str, str, str]]:
    async with desk.store.view() as unit:
        found = await unit.session.exec(
            select(Duty.weekdays, Duty.start, Duty.end, Duty.turns)
            .where(Duty.partner == partner)
            .order_by(col(Duty.id))
        )
        return list(found)


async def planned(desk: Desk) -> list[RosterChange]:
    async with desk.store.view() as unit:
        found = await unit.session.exec(select(RosterChange).order_by(col(RosterChange.id)))
        return [row for row in found if row.undone_at is None]


async def waiting(desk: Desk) -> int:
    async with desk.store.view() as unit:
        return len((await unit.session.exec(select(RosterImport))).all())


async def previewed(desk: Desk, content: str = WEEKLY) -> Shown:
    await sends(desk, "om_ap", content)
    return desk["om_ap"].expects("Er is nog niets gewijzigd.", loud=False)


async def change_person(desk: Desk, key: str, **values: str) -> None:
    async with desk.store.unit() as unit:
        person = (await unit.session.exec(select(Person).where(Person.key == key))).one()
        for name, value in values.items():
            setattr(person, name, value)


async def test_what_would_change_is_shown_and_then_carried_out(desk: Desk) -> None:
    before, others = await duties(desk), await duties(desk, "rvdk")
    question = await previewed(desk)
    assert question.text.splitlines()[:3] == [
        "📋 Dit verandert er in het rooster van OM. Er is nog niets gewijzigd.",
        "OM officier van justitie, vaste regels: 2 erbij, 1 weg, 0 blijven.",
        "Andere diensten in de komende 14 dagen: 29.",
    ]
    assert "⚠️ Nieuw gat: OM officier van justitie van za 08:00 tot zo 00:00." in question.text
    assert await duties(desk) == before, "nothing is changed by a preview"
    await desk["om_ap"].taps("✅", question)
    assert question.text.startswith("✅ Het rooster van OM is gewijzigd.\n")
    assert question.buttons == ()
    assert await duties(desk) == [
        ("01234", "08:00", "00:00", '[["om_ovj2", "om_ovj1"]]'),
        ("0123456", "00:00", "08:00", '[["om_ovj1", null]]'),
    ]
    assert await duties(desk, "rvdk") == others
    assert await waiting(desk) == 0
    async with desk.store.view() as unit:
        found = await unit.session.exec(
            select(AccessEntry).where(AccessEntry.action == "change", AccessEntry.what == "roster")
        )
        (line,) = found
        assert (line.person, line.right, line.on_behalf) == ("om_ap", "contact_point", "om")
    await desk["om_ovj2"].says("dienst")
    assert "OM: tot za 00:00, achterwacht ja" in desk["om_ovj2"].expects("Nu (vr").text
    desk["om_ap"].expects("⚠️ 14 gaten bij OM in 14 dagen.")


async def test_planned_shifts_stand_above_the_rules_and_below_a_swap(desk: Desk) -> None:
    begin, end = amsterdam(2026, 7, 14, 8), amsterdam(2026, 7, 14, 17)
    async with desk.store.unit() as unit:
        unit.session.add(
            RosterChange(
                region_id=unit.region_id, partner="om", function="ovj", start_at=begin, end_at=end,
                leaves="om_ovj2", enters=None, kind="swap", made_by="om_ovj2", made_at=unit.now,
            )
        )  # fmt: skip
    question = await previewed(desk, DATED)
    assert "losse diensten: 2 erbij, 0 weg, 0 blijven." in question.text
    assert "⚠️ Nieuw gat: OM officier van justitie van di 08:00 tot di 17:00." in question.text
    await desk["om_ap"].taps("✅", question)
    swap, *new = await planned(desk)
    assert swap.kind == "swap"
    assert [(row.role, row.enters, row.kind, row.source, row.start_at) for row in new] == [
        ("primary", "om_ovj2", "planned", "file", begin),
        ("backup", "om_ovj1", "planned", "file", begin),
    ]
    await sends(desk, "om_ap", DATED)
    desk["om_ap"].expects("Het rooster is al zo. Er verandert niets.")
    question = await previewed(desk, DATED.replace("om_ovj2;om_ovj1", "om_ovj1;"))
    assert "losse diensten: 1 erbij, 2 weg, 0 blijven." in question.text
    await desk["om_ap"].taps("✅", question)
    swap, only = await planned(desk)
    assert (only.role, only.enters) == ("primary", "om_ovj1")
    for told in ("✅ Opgelost: OM di 08:00", "⚠️ Geen achterwacht bij OM van di 08:00"):
        desk["om_ap"].expects(told)


async def test_stop_forgets_it(desk: Desk) -> None:
    before = await duties(desk)
    question = await previewed(desk)
    await desk["om_ap"].taps("❌", question)
    assert question.text == "Gestopt. Er is niets gewijzigd."
    assert (await duties(desk), await waiting(desk)) == (before, 0)


async def test_all_that_is_wrong_is_one_message_and_changes_nothing(desk: Desk) -> None:
    before = await duties(desk)
    wrong = WEEKLY + "ovj;ma;8;9;Jan Jansen;\nkok;ma;8;9;;\npolitie;ma;8;9;;\n"
    await sends(desk, "om_ap", wrong)
    said = desk["om_ap"].expects("Dit bestand klopt nog niet. Er is niets gewijzigd.")
    assert said.text.splitlines()[1:] == [
        "Rij 4, kolom E (voorwacht): Deze persoon ken ik niet. Schrijf het kenmerk:"
        " om_ovj1, om_ovj2.",
        "Rij 5, kolom A (functie): Deze functie ken ik niet. Kies: officier van justitie.",
        "Rij 6, kolom A (functie): Deze functie ken ik niet. Kies: officier van justitie.",
    ]
    assert "Jansen" not in said.text
    await sends(desk, "om_ap", WEEKLY + "x;x;x;x;x;x\n" * 20)
    many = desk["om_ap"].expects("Herstel eerst deze.")
    assert len(many.text.splitlines()) == 12
    assert (await duties(desk), await waiting(desk)) == (before, 0)


@pytest.mark.parametrize("key", ["om_ovj1", "vt_fo", "coordinator", "beheerder"])
async def test_only_a_contact_point_sends_a_roster(desk: Desk, key: str) -> None:
    await sends(desk, key, WEEKLY)
    desk[key].expects("Een rooster sturen doet je aanspreekpunt.")
    assert await waiting(desk) == 0


async def test_another_organisation_is_refused(desk: Desk) -> None:
    await sends(desk, "rvdk_ap", "organisatie;" + WEEKLY.replace("ovj;", "om;ovj;", 2))
    said = desk["rvdk_ap"].expects("Dit bestand klopt nog niet.")
    assert "Rij 2, kolom A (organisatie): Dit is een andere organisatie." in said.text


async def test_who_lost_the_role_meanwhile_carries_nothing_out(desk: Desk) -> None:
    before = await duties(desk)
    question = await previewed(desk)
    await change_person(desk, "om_ap", roles="duty")
    await desk["om_ap"].taps("✅", question)
    desk["om_ap"].expects("Dat is niet aan jou, wel aan: aanspreekpunt.")
    assert await duties(desk) == before


async def test_who_changed_organisation_meanwhile_carries_nothing_out(desk: Desk) -> None:
    before = await duties(desk)
    question = await previewed(desk)
    await change_person(desk, "om_ap", partner="rvdk")
    await desk["om_ap"].taps("✅", question)
    assert "Dit is een andere organisatie." in question.text
    assert (await duties(desk), await waiting(desk)) == (before, 0)


async def test_people_in_it_are_checked_again(desk: Desk) -> None:
    before = await duties(desk)
    question = await previewed(desk)
    await change_person(desk, "om_ovj2", roles="melder")
    await desk["om_ap"].taps("✅", question)
    assert "Rij 2: Deze persoon draait geen diensten." in question.text
    assert (await duties(desk), await waiting(desk)) == (before, 0)


async def test_a_roster_that_changed_meanwhile_is_shown_again(desk: Desk) -> None:
    question = await previewed(desk)
    async with desk.store.unit() as unit:
        unit.session.add(
            Duty(region_id=unit.region_id, partner="om", function="ovj", weekdays="5",
                 start="08:00", end="09:00")
        )  # fmt: skip
    await desk["om_ap"].taps("✅", question)
    assert "Het rooster is intussen veranderd. Kijk nog een keer." in question.text
    assert "2 erbij, 2 weg" in question.text
    assert len(await duties(desk)) == 2
    await desk["om_ap"].taps("✅", question)
    assert question.text.startswith("✅ Het rooster van OM is gewijzigd.")
    desk["om_ap"].expects("⚠️ 14 gaten bij OM in 14 dagen.")


async def test_after_an_hour_it_is_forgotten(desk: Desk) -> None:
    before = await duties(desk)
    question = await previewed(desk)
    await desk.advance(HOUR / 60_000 + 1)
    assert question.text == "Niet doorgevoerd binnen een uur. Er is niets gewijzigd."
    assert (await duties(desk), await waiting(desk)) == (before, 0)


async def test_of_two_files_the_last_one_waits(desk: Desk) -> None:
    first = await previewed(desk)
    second = await previewed(desk, DATED)
    await desk["om_ap"].taps("✅", first)
    assert first.text.startswith("Dit bestand wacht niet meer.")
    await desk["om_ap"].taps("✅", second)
    assert second.text.startswith("✅")


async def test_a_colleague_cannot_press_for_somebody_else(desk: Desk) -> None:
    await previewed(desk)
    await sends(
        desk,
        "rvdk_ap",
        WEEKLY.replace("ovj;", "contact;")
        .replace("officier van justitie 2;om_ovj1", "rvdk_contact1;")
        .replace("om_ovj1", "rvdk_contact2"),
    )
    mine = desk["rvdk_ap"].expects("Er is nog niets gewijzigd.")
    async with desk.store.unit() as unit:
        rows = (await unit.session.exec(select(RosterImport).order_by(col(RosterImport.id)))).all()
        rows[0].person_id, rows[1].person_id = rows[1].person_id, rows[0].person_id
    await desk["rvdk_ap"].taps("✅", mine)
    assert mine.text.startswith("Dit bestand wacht niet meer.")


async def test_a_calendar_that_is_too_long_is_left_to_the_command_line(desk: Desk) -> None:
    event = b"BEGIN:VEVENT\r\nEND:VEVENT\r\n"
    content = b"BEGIN:VCALENDAR\r\n" + event * 1_001 + b"END:VCALENDAR\r\n"
    await sends(desk, "om_ap", content, "a.ics")
    desk["om_ap"].expects("Er zijn meer dan 1000 diensten. Deel de agenda op.")


# ---- sjabloon


@pytest.mark.parametrize("word", ["sjabloon", "template"])
async def test_a_template_that_can_be_sent_back_as_it_is(desk: Desk, word: str) -> None:
    await desk["om_ap"].says(word)
    desk["om_ap"].expects("Vul dit bestand in en stuur het hier terug.", loud=False)
    (file,) = desk.files
    assert (file.room, file.name) == (desk["om_ap"].direct, "rooster-om.xlsx")
    book = load_workbook(io.BytesIO(file.content))
    assert book.sheetnames[:3] == ["Rooster", "Uitleg", "Explanation"]
    assert "officier van justitie 2" in str(list(book["Rooster"].values))
    await sends(desk, "om_ap", file.content, file.name)
    question = desk["om_ap"].expects("Er is nog niets gewijzigd.")
    await desk["om_ap"].taps("✅", question)
    assert (await duties(desk))[0][3] == '[["om_ovj1", "om_ovj2"], ["om_ovj2", "om_ovj1"]]'


async def test_the_template_is_for_contact_points(desk: Desk) -> None:
    await desk["om_ovj1"].says("sjabloon")
    desk["om_ovj1"].expects("Dat is niet aan jou, wel aan: aanspreekpunt.")
    assert desk.files == []
