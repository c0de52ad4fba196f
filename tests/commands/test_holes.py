"""Holes that a review found: each test is one that was open."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import col, select

from commands.delivered import refused
from commands.handle_update import handle_update
from commands.update import Update
from config.protocol import Protocol
from storage.tables import AccessEntry, Case, Chain, OutboxRow, Page, Person, Post, TimerRow
from tests.commands.harness import Desk
from tests.commands.morning import open_desk


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A quiet Friday afternoon."""
    async with open_desk(tmp_path) as desk:
        yield desk


async def raise_alarm(desk: Desk, key: str = "vt_fo", place: str = "Centrum") -> None:
    """One line and the send button."""
    await desk[key].says(f"alarm skm spoed {place} letsel past niet bij uitleg")
    await desk[key].taps("1️⃣")


async def chains(desk: Desk) -> dict[str, tuple[Chain, list[TimerRow]]]:
    """Every chain by partner, with its live timers."""
    async with desk.store.view() as unit:
        found = (await unit.session.exec(select(Chain))).all()
        live = (await unit.session.exec(select(TimerRow).where(TimerRow.state == "live"))).all()
    return {
        chain.partner: (chain, [each for each in live if each.subject == f"chain:{chain.id}"])
        for chain in found
    }


def with_clocks(desk: Desk, **clocks: int) -> None:
    """The region's own clocks for the urgent skm alarm (minutes)."""
    skm = desk.world.protocols["skm"]
    data = skm.model_dump()
    data["clocks"]["urgent"] |= clocks
    changed = {**desk.world.protocols, "skm": Protocol.model_validate(data)}
    desk.world = replace(desk.world, protocols=changed)


async def test_who_has_seen_it_and_stays_silent_never_stops_the_chain(desk: Desk) -> None:
    """With `silent` before `remind` the second clock must know whose turn it is."""
    with_clocks(desk, silent=2, remind=5)
    await raise_alarm(desk)
    await desk["om_ovj1"].reads()
    for _ in range(9):
        await desk.advance(1)
        chain, live = (await chains(desk))["om"]
        assert chain.ended_at or [each.argument for each in live] != [""], "nobody is waited for"
        assert len(live) == 1
    await desk.advance(2)
    desk["om_ovj2"].expects("🔴 Alarm", loud=True)


async def test_a_person_who_left_is_skipped_and_the_chain_goes_on(desk: Desk) -> None:
    await raise_alarm(desk)
    async with desk.store.unit() as unit:
        found = await unit.session.exec(select(Person).where(Person.key == "om_ovj2"))
        found.one().active = False
    await desk.advance(6)
    desk["om_ap"].expects("🔴 Alarm", loud=True)
    assert len((await chains(desk))["om"][1]) == 1


async def test_i_join_without_any_case_is_answered(desk: Desk) -> None:
    await desk["om_ovj1"].says("ik doe mee")
    desk["om_ovj1"].expects("Je hebt geen open oproep")


async def test_coming_along_where_nobody_took_it_is_taking_it(desk: Desk) -> None:
    """To be let in without a yes would leave the chain ringing and the reason read."""
    await raise_alarm(desk)
    om = desk["om_ovj1"]
    await om.says("ik doe mee")
    chain, live = (await chains(desk))["om"]
    assert chain.acked_page_id is not None
    assert live == []
    assert om.address in desk.members[desk.case_room()]


async def test_who_said_no_does_not_come_along_with_a_colleague(desk: Desk) -> None:
    await raise_alarm(desk)
    om, colleague = desk["om_ovj1"], desk["om_ovj2"]
    await om.taps("❌")
    await colleague.taps("✅")
    await om.says("ik doe mee")
    assert om.address not in desk.members[desk.case_room()]


async def test_typed_words_never_stand_in_clear_under_a_question(desk: Desk) -> None:
    await raise_alarm(desk)
    await desk.advance(2)
    await raise_alarm(desk, place="Noord")
    await desk["vt_fo"].says("afspraak vt: sporen veiligstellen vóór 23:00")
    async with desk.store.view() as unit:
        posts = (await unit.session.exec(select(Post))).all()
    assert any("that_case" in post.actions for post in posts)
    assert not any("sporen" in post.actions for post in posts)
    await desk["vt_fo"].taps("1️⃣")
    room = desk.case_rooms[-1]
    assert any("sporen veiligstellen" in each.text for each in desk.shown if each.room == room)


async def test_an_old_counter_question_never_presses_a_newer_button(desk: Desk) -> None:
    """It was asked about the first question of a draft; the same place now sends the alarm."""
    chief = desk["politie_cvd1"]
    await raise_alarm(desk)
    await chief.says("alarm")
    draft = chief.expects("Wat is er aan de hand")
    await chief.says("1")
    which = chief.expects("Welke bedoel je?")
    await chief.taps("1️⃣", draft)
    await chief.taps("1️⃣", draft)
    assert "Er is nog niets verstuurd" in draft.text
    await chief.taps("2️⃣", which)
    async with desk.store.view() as unit:
        sent = await unit.session.exec(select(Case).where(Case.state == "open"))
        assert len(sent.all()) == 1, "an alarm went out that nobody confirmed"


async def test_a_reply_to_somebody_elses_message_presses_nothing(desk: Desk) -> None:
    """Words under a counter-question are its asker's, also if the message's id got known."""
    vt, other = desk["vt_fo"], desk["politie_cvd1"]
    await vt.says("alrm skm spoed Centrum letsel past niet bij uitleg")
    question = vt.expects("Bedoel je alarm?")
    await other.says("✅", about=question.event_id, reply=True)
    other.lacks("letsel")
    assert "Bedoel je alarm?" in question.text


async def test_an_edit_in_the_case_room_passes_the_guard_too(desk: Desk) -> None:
    await raise_alarm(desk)
    await desk["om_ovj1"].taps("✅")
    room = desk.case_room()
    edit = await desk.update(
        "text", room, desk["om_ovj1"].address, text="bel 06-12345678", about="$x", edit=True
    )
    assert edit in desk.erased


async def test_a_long_alarm_in_the_group_room_is_taken_away(desk: Desk) -> None:
    group = next(room for name, room in desk.rooms_named.items() if "direct:" not in name)
    line = await desk.update(
        "text", group, desk["vt_fo"].address, text="alarm skm " + "letsel " * 400
    )
    assert line in desk.erased


async def test_an_ack_in_another_chain_keeps_somebody_in_the_case(desk: Desk) -> None:
    """One person holds two chains (a contact point of two functions) and gives one back."""
    await raise_alarm(desk)
    om = desk["om_ovj1"]
    await om.taps("✅")
    async with desk.store.unit() as unit:
        person = (await unit.session.exec(select(Person).where(Person.key == "om_ovj1"))).one()
        case = (await unit.session.exec(select(Case).where(Case.state == "open"))).one()
        chain = Chain(
            case_id=case.id or 0,
            partner="om",
            function="zsm",
            position=9,
            candidates="[]",
            acked_at=unit.now,
        )
        unit.session.add(chain)
        await unit.session.flush()
        page = Page(
            case_id=case.id or 0,
            chain_id=chain.id or 0,
            person_id=person.id or 0,
            role="contact_point",
            state="acked",
            due_at=unit.now,
            queued_at=unit.now,
        )
        unit.session.add(page)
        await unit.session.flush()
        chain.acked_page_id = page.id
    await om.says("toch niet")
    assert (await chains(desk))["om"][0].acked_page_id is None
    assert om.address in desk.members[desk.case_room()]


async def test_who_leaves_the_own_chat_is_asked_back_and_the_operator_hears_it(desk: Desk) -> None:
    om = desk["om_ovj1"]
    await desk.update("left", om.direct, om.address)
    desk["beheerder"].expects("Controleer het gesprek")
    async with desk.store.view() as unit:
        rows = await unit.session.exec(
            select(OutboxRow).where(
                OutboxRow.kind == "invite", col(OutboxRow.destination).startswith("person:")
            )
        )
        assert len(rows.all()) == 1


async def test_a_case_room_that_cannot_be_made_is_told(desk: Desk) -> None:
    await raise_alarm(desk)
    async with desk.store.unit() as unit:
        wanted = select(OutboxRow).where(
            OutboxRow.kind == "open_room", col(OutboxRow.destination).startswith("case:")
        )
        await refused(unit, desk.world, (await unit.session.exec(wanted)).one(), "forbidden")
    await desk.settle()
    desk["beheerder"].expects("is geweigerd")


async def test_a_refused_command_is_not_logged_as_done_by_a_raiser(desk: Desk) -> None:
    await desk["beheerder"].says("weekbericht")
    async with desk.store.view() as unit:
        found = await unit.session.exec(select(AccessEntry).where(AccessEntry.action == "refuse"))
        assert [entry.role for entry in found] == ["known"]


async def test_a_quick_thumb_never_presses_what_nobody_has_read(desk: Desk) -> None:
    """Two taps before the next step is on the screen: the second is still about the place."""
    vt = desk["vt_fo"]
    await vt.says("alarm skm")
    place = vt.expects("Waar?")
    async with desk.store.unit() as unit:
        for number, emoji in enumerate(("3️⃣", "1️⃣")):
            tap = Update(
                f"$quick{number}", "tap", vt.direct, vt.address, desk.now, emoji, place.event_id
            )
            await handle_update(unit, desk.world, "matrix", tap)
    await desk.settle()
    vt.expects("Er is nog niets verstuurd. Klopt dit?")
