"""`uitschrijven`: out of everything at once, what they held goes on, and proof of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.channels.base import Leave, Remove
from commands.people import by_key
from commands.rules.moments import DAY, HOUR
from storage.tables import (
    Identity,
    Invitation,
    OutboxRow,
    Person,
    RosterChange,
    Swap,
)
from tests.commands.harness import Desk
from tests.commands.leave_scene import SURE, open_quiet_desk, person, signs_off


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_quiet_desk(tmp_path) as desk:
        yield desk


async def test_oneself_asked_first_done_at_once_and_proven(desk: Desk) -> None:
    leaver, ap = desk["rvdk_contact1"], desk["rvdk_ap"]
    chat = leaver.direct
    await leaver.says("uitschrijven")
    question = leaver.expects(SURE)
    first, who = question.text.splitlines()[:2]
    assert first.startswith("1 persoon, RvdK. ")
    assert "diensten vallen open" in first
    assert who == "Het gaat om: RvdK-dienst 1."
    assert (await person(desk, "rvdk_contact1")).active
    await leaver.taps("✅", question)
    assert [each.text for each in leaver.screen(chat)][-1] == (
        "Je bent uitgeschreven en ziet geen casussen meer."
    )
    leaver.expects("Je bent uitgeschreven", chat)
    assert [each.room for each in desk.carried(Leave)] == [chat]
    ap.lacks("Uitgeschreven")
    await desk.advance(2)
    done = ap.expects("✅ Uitgeschreven 15:40: ruimtes, rooster, agenda. Gecontroleerd 15:42.")
    assert "Het gaat om: RvdK-dienst 1." in done.text
    gone = await person(desk, "rvdk_contact1")
    assert (gone.active, gone.roles, gone.left_at) == (False, "", desk.now - 2 * 60_000)
    async with desk.store.view() as unit:
        assert (
            await unit.session.exec(
                select(Identity).join(Person).where(Person.key == "rvdk_contact1")
            )
        ).all() == []
        assert await by_key(unit, "rvdk_contact1") is None
    desk["rvdk_ap"].expects("⚠️ 29 gaten bij RvdK in 14 dagen.", loud=True)


async def test_whoever_left_is_a_stranger_on_every_screen(desk: Desk) -> None:
    leaver = desk["om_ovj2"]
    chat = leaver.direct
    await leaver.says("uitschrijven")
    question = leaver.expects(SURE)
    await leaver.taps("✅", question)
    desk.expect_so_far()
    before = len(desk.shown)
    for words in ("dienst", "hulp", "uitschrijven", "alarm"):
        await desk.update("text", chat, leaver.address, text=words)
    await desk.update("tap", chat, leaver.address, text="✅", about=question.event_id)
    assert len(desk.shown) == before
    await desk.advance(2)
    desk["om_ap"].expects("✅ Uitgeschreven")


async def test_back_changes_nothing(desk: Desk) -> None:
    om = desk["om_ovj1"]
    await om.says("leave")
    question = om.expects(SURE)
    await om.taps("❌", question)
    om.expects("Goed. Er is niets veranderd.")
    assert (await person(desk, "om_ovj1")).active


async def test_bare_a_contact_point_is_asked_whom(desk: Desk) -> None:
    ap = desk["om_ap"]
    await ap.says("uitschrijven")
    question = ap.expects("Wie schrijf je uit?")
    assert "3️⃣ OM aanspreekpunt" in question.text
    await ap.taps("2️⃣", question)
    assert "Het gaat om: officier van justitie 2." in question.text
    await ap.taps("✅", question)
    assert question.text.startswith("Officier van justitie 2 is uitgeschreven")
    assert not (await person(desk, "om_ovj2")).active
    desk.expect_so_far()


async def test_nobody_of_another_organisation(desk: Desk) -> None:
    ap = desk["om_ap"]
    await ap.says("uitschrijven VT frontoffice")
    ap.expects("Die functie ken ik niet bij jullie.")
    await ap.says("uitschrijven officier van justitie 1")
    question = ap.expects(SURE)
    async with desk.store.unit() as unit:
        moved = (await unit.session.exec(select(Person).where(Person.key == "om_ap"))).one()
        moved.partner = "rvdk"
    await ap.taps("✅", question)
    ap.expects("Die functie ken ik niet bij jullie.")
    assert (await person(desk, "om_ovj1")).active


async def test_the_last_contact_point_and_the_last_operator_stay(desk: Desk) -> None:
    ap = desk["om_ap"]
    await ap.says("uitschrijven OM aanspreekpunt")
    ap.expects("Jullie hebben geen ander aanspreekpunt dat meedoet.")
    async with desk.store.unit() as unit:
        other = (await unit.session.exec(select(Person).where(Person.key == "om_ovj1"))).one()
        other.roles = "duty contact_point"
    await ap.says("uitschrijven OM aanspreekpunt")
    await ap.taps("✅", ap.expects(SURE))
    assert not (await person(desk, "om_ap")).active
    await desk["beheerder"].says("uitschrijven")
    desk["beheerder"].expects("Er is geen andere beheerder.")
    desk.expect_so_far()


async def test_stand_ins_swaps_and_invitations_of_theirs_end(desk: Desk) -> None:
    now = desk.now
    async with desk.store.unit() as unit:
        for begin, end in ((now - HOUR, now + HOUR), (now + DAY, now + 2 * DAY)):
            unit.session.add(
                RosterChange(
                    region_id=unit.region_id,
                    partner="om",
                    function="ovj",
                    start_at=begin,
                    end_at=end,
                    enters="om_ovj2",
                    role="primary",
                    kind="override",
                    made_by="om_ap",
                    made_at=now,
                )
            )
        unit.session.add(
            Swap(
                region_id=unit.region_id,
                person="om_ovj2",
                partner="om",
                function="ovj",
                start_at=now + DAY,
                end_at=now + 2 * DAY,
                state="open",
                asked_by="om_ovj2",
                made_at=now,
            )
        )
        leaver = await by_key(unit, "om_ovj2")
        assert leaver is not None
        unit.session.add(
            Invitation(
                region_id=unit.region_id,
                person_id=leaver.id or 0,
                channel="telegram",
                token_hash="x",
                made_by=leaver.id or 0,
                expires_at=now + DAY,
            )
        )
    await signs_off(desk, "officier van justitie 2")
    async with desk.store.view() as unit:
        changes = await unit.session.exec(select(RosterChange).order_by(col(RosterChange.id)))
        assert [(each.end_at, each.undone_at) for each in changes] == [
            (now, None),
            (now + 2 * DAY, now),
        ]
        assert (await unit.session.exec(select(Swap))).one().state == "withdrawn"
        assert (await unit.session.exec(select(Invitation))).one().expires_at == now
    desk.expect_so_far()
    await desk.advance(2)
    desk["om_ap"].expects("✅ Uitgeschreven")


async def test_what_is_still_open_after_five_minutes_is_told_and_to_the_operator(
    desk: Desk,
) -> None:
    desk.refuses_kinds.add(Remove)
    await signs_off(desk, "officier van justitie 1")
    await desk.advance(4)
    desk["om_ap"].lacks("nog niet overal uit")
    desk.expect_so_far()
    await desk.advance(2)
    told = "Officier van justitie 1 is uitgeschreven (15:40), maar nog niet overal uit: ruimtes."
    desk["om_ap"].expects(f"⚠️ {told} De beheerder weet het.")
    desk["beheerder"].expects("⚠️ officier van justitie 1 is uitgeschreven (15:40)", loud=True)


async def test_a_late_removal_is_waited_for(desk: Desk) -> None:
    desk.refuses_kinds.add(Remove)
    await signs_off(desk, "officier van justitie 1")
    await desk.advance(2)
    async with desk.store.unit() as unit:
        rows = await unit.session.exec(
            select(OutboxRow).where(OutboxRow.kind == "remove", OutboxRow.state == "failed")
        )
        for row in rows:
            row.state = "sent"
    await desk.advance(1)
    desk.expect_so_far()
    desk["om_ap"].expects("Gecontroleerd 15:43.")
