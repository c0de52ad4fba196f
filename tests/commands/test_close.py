"""Case lead and closing: who may, what ends, what goes on, and a case that nobody closes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from commands.end_case import end_case
from commands.messages import message
from storage import outbox
from storage.tables import AccessEntry, Case, Measure, Page, TimerRow
from tests.commands.harness import Desk, Shown
from tests.commands.morning import open_desk

POLICE = "politie_cvd1"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """VT raised an alarm; police and OM took it, VT's and RvdK's own duty did not yet."""
    async with open_desk(tmp_path) as desk:
        await desk["vt_fo"].says("alarm skm Centrum")
        await desk["vt_fo"].taps("1️⃣")
        for key in (POLICE, "om_ovj1"):
            await desk[key].taps("✅")
        desk.expect_so_far()
        yield desk
        desk.nothing_unexpected()


def room(desk: Desk) -> str:
    return desk.case_room()


def headline(desk: Desk) -> str:
    """The headline in the room."""
    found = [each for each in desk["vt_fo"].screen(room(desk)) if each.text[:1] in "🔴📞🏁"]
    return found[-1].text


async def the_case(desk: Desk) -> Case:
    async with desk.store.view() as unit:
        case = (await unit.session.exec(select(Case).where(Case.state != "draft"))).one()
        unit.session.expunge_all()
        return case


async def kinds(desk: Desk, prefix: str) -> list[str]:
    async with desk.store.view() as unit:
        found = await unit.session.exec(
            select(Measure.kind).where(col(Measure.kind).startswith(prefix))
        )
        return list(found)


async def close(desk: Desk, key: str = "vt_fo") -> Shown:
    """Three steps to closed; returns the message that carried them."""
    await desk[key].says("sluit")
    question = desk[key].expects("Wat is de uitkomst?")
    await desk[key].taps("1️⃣", question)
    await desk[key].taps("✅", question)
    return question


# ---- the lead


async def test_the_lead_is_named_in_room_and_headline(desk: Desk) -> None:
    await desk["om_ovj1"].says("regie politie", room(desk))
    desk["om_ovj1"].expects("politie (15:40).", room(desk), loud=False)
    assert (await the_case(desk)).lead == "politie"


async def test_from_the_own_chat_the_room_hears_it_too(desk: Desk) -> None:
    await desk["om_ovj1"].says("Regie: Politie")
    desk["om_ovj1"].expects("Regie van ")
    desk["om_ovj1"].expects("Regie van ", room(desk))


async def test_without_a_word_it_asks_who(desk: Desk) -> None:
    await desk["om_ovj1"].says("regie", room(desk))
    question = desk["om_ovj1"].expects("Wie krijgt de regie?", room(desk))
    assert "1️⃣ VT, 2️⃣ OM, 3️⃣ politie" in question.text, "those who are in the case"
    await desk[POLICE].taps("2️⃣", question)
    assert question.text.endswith(": OM (15:40).")
    assert (await the_case(desk)).lead == "om"
    await desk[POLICE].says("regie")
    assert ": OM.\nWie krijgt de regie?" in desk[POLICE].expects("Regie van ").text


@pytest.mark.parametrize("word", ["rvdk", "brandweer"])
async def test_who_is_not_in_the_case_cannot_lead(desk: Desk, word: str) -> None:
    await desk["om_ovj1"].says(f"regie {word}", room(desk))
    desk["om_ovj1"].expects("Die partner doet niet mee. Kies: VT, OM, politie.", room(desk))
    assert (await the_case(desk)).lead is None


# ---- closing


async def test_outcome_then_one_more_yes(desk: Desk) -> None:
    await desk["vt_fo"].says("sluit")
    question = desk["vt_fo"].expects("Wat is de uitkomst?")
    assert "1️⃣ samen plan gemaakt" in question.text
    await desk["vt_fo"].taps("2️⃣", question)
    assert question.text.startswith("Sluiten?")
    assert (await the_case(desk)).state == "open"
    await desk["vt_fo"].taps("✅", question)
    assert "is gesloten (15:40)." in question.text
    assert not question.buttons
    case = await the_case(desk)
    assert (case.state, case.outcome) == ("closed", "police")
    desk.expect_so_far()


async def test_back_keeps_it_open(desk: Desk) -> None:
    await desk["vt_fo"].says("sluit")
    question = desk["vt_fo"].expects("Wat is de uitkomst?")
    await desk["vt_fo"].taps("1️⃣", question)
    await desk["vt_fo"].taps("❌", question)
    assert "blijft open" in question.text
    assert (await the_case(desk)).state == "open"


async def test_the_headline_tells_how_it_ended(desk: Desk) -> None:
    await desk["om_ovj1"].says("regie politie", room(desk))
    await close(desk)
    desk.expect_so_far()
    assert "Uitkomst: samen plan gemaakt. Regie: politie." in headline(desk)
    group = [each.text for each in desk.shown if "· gesloten" in each.text]
    assert group, "the group room sees reference and state"
    assert await kinds(desk, "closed") == ["closed"]
    assert await kinds(desk, "outcome") == ["outcome_plan"]


async def test_agreements_are_named_and_go_on(desk: Desk) -> None:
    await desk["om_ovj1"].says("afspraak politie: sporen veiligstellen vóór 18:00", room(desk))
    desk.expect_so_far()
    await desk["vt_fo"].says("sluit")
    question = desk["vt_fo"].expects("Wat is de uitkomst?")
    await desk["vt_fo"].taps("1️⃣", question)
    assert question.text.startswith("1 afspraak staat open en loopt door. Sluiten?")
    await desk["vt_fo"].taps("✅", question)
    desk.expect_so_far()
    async with desk.store.view() as unit:
        live = await unit.session.exec(select(TimerRow.kind).where(TimerRow.state == "live"))
        assert {kind.partition("_")[0] for kind in live} == {"agreement"}
    await desk.advance(30)
    desk[POLICE].expects("⏰ Afspraak 1 in ", loud=True)


async def test_pages_end(desk: Desk) -> None:
    await close(desk)
    for key in ("rvdk_contact1", "vt_gw1", POLICE, "om_ovj1"):
        page = desk[key].expects("is gesloten (15:40).")
        assert not page.buttons
    desk.expect_so_far()
    await desk.advance(60)  # no reminder, no backup
    desk["rvdk_contact2"].lacks("Alarm")
    async with desk.store.view() as unit:
        found = await unit.session.exec(select(Page.state))
        assert set(found) == {"acked", "expired"}


async def test_a_page_that_was_not_sent_yet_never_is(desk: Desk) -> None:
    async with desk.store.unit() as unit:
        case = (await unit.session.exec(select(Case).where(Case.state == "open"))).one()
        pages = await unit.session.exec(select(Page).where(Page.state == "called"))
        page = pages.all()[-1]
        row = outbox.queue(
            unit,
            channel="matrix",
            destination=f"person:{page.person_id}",
            kind="say",
            payload={},
            slot=f"page:{page.id}:reminder",
            case=case,
            page_id=page.id,
        )
        await end_case(unit, desk.world, case, "closed", message("close.sure"))
        await unit.session.refresh(row)
        assert (row.state, row.payload) == ("cancelled", "")
        case.outcome = "plan"


async def test_a_stale_page_answers_that_it_is_closed(desk: Desk) -> None:
    page = desk["rvdk_contact1"].screen()[-1]
    await close(desk)
    desk.expect_so_far()
    await desk["rvdk_contact1"].taps("✅", page)
    assert "is gesloten" in page.text
    assert (await the_case(desk)).state == "closed"


async def test_votes_lose_their_buttons(desk: Desk) -> None:
    for key in ("vt_gw1", "rvdk_contact1"):
        await desk[key].taps("✅")
    vote = desk["om_ovj1"].expects("📞 Overleg")
    assert vote.buttons
    await close(desk)
    assert not vote.buttons
    assert "is gesloten" in vote.text
    desk.expect_so_far()
    await desk.advance(60)


async def test_who_does_not_lead_can_have_the_lead_asked(desk: Desk) -> None:
    await desk["om_ovj1"].says("regie politie", room(desk))
    desk.expect_so_far()
    await desk["om_ovj1"].says("sluit")
    offer = desk["om_ovj1"].expects("Sluiten doet de regie: politie. Zal ik het vragen?")
    await desk["om_ovj1"].taps("✅", offer)
    assert offer.text == "Gevraagd aan politie."
    asked = desk[POLICE].expects("OM vraagt of ", loud=True)
    await desk[POLICE].taps("1️⃣", asked)
    assert asked.text.startswith("Wat is de uitkomst?")
    await desk[POLICE].taps("1️⃣", asked)
    await desk[POLICE].taps("✅", asked)
    assert (await the_case(desk)).state == "closed"
    desk.expect_so_far()


async def test_who_does_not_lead_and_leaves_it(desk: Desk) -> None:
    await desk["om_ovj1"].says("regie politie", room(desk))
    desk.expect_so_far()
    await desk["om_ovj1"].says("sluit")
    await desk["om_ovj1"].taps("❌")
    assert "blijft open" in desk["om_ovj1"].screen()[-1].text
    desk.expect_so_far()


async def test_without_a_lead_only_the_initiator(desk: Desk) -> None:
    await desk["om_ovj1"].says("sluit")
    desk["om_ovj1"].expects("Sluiten doet de melder of de regie.")


async def test_in_the_room_only_the_lead_can_press_on(desk: Desk) -> None:
    await desk["vt_fo"].says("sluit", room(desk))
    question = desk["vt_fo"].expects("Wat is de uitkomst?", room(desk))
    await desk["om_ovj1"].taps("1️⃣", question)
    assert question.text.startswith("Wat is de uitkomst?")
    await desk["vt_fo"].taps("1️⃣", question)
    assert question.text.startswith("Sluiten?")


async def test_after_closing_a_word_in_the_room_is_answered_with_the_state(desk: Desk) -> None:
    await close(desk)
    desk.expect_so_far()
    for word in ("sluit", "regie politie", "afspraak om: bevel regelen vóór 20:00"):
        await desk["vt_fo"].says(word, room(desk))
        desk["vt_fo"].expects("Dit is voorbij. Nu: gesloten.", room(desk))
    desk.expect_so_far()


async def test_the_log_names_who_closed_it(desk: Desk) -> None:
    await close(desk)
    desk.expect_so_far()
    async with desk.store.view() as unit:
        found = await unit.session.exec(
            select(AccessEntry.person, AccessEntry.right).where(
                AccessEntry.action == "change", AccessEntry.what == "case"
            )
        )
        assert list(found) == [("vt_fo", "lead")]


# ---- the own file


async def test_everybody_in_the_case_is_asked_about_the_own_file(desk: Desk) -> None:
    await close(desk)
    for key in ("vt_fo", POLICE, "om_ovj1"):
        desk[key].expects("Staat alles in je eigen dossier?", loud=False)
    desk["rvdk_contact1"].lacks("dossier")
    desk.expect_so_far()
    question = desk[POLICE].screen()[-1]
    await desk[POLICE].taps("❌", question)
    assert "al in je eigen dossier?" in question.text
    await desk[POLICE].taps("1️⃣", question)
    assert question.text.startswith("Dank je. Je dossier van ")
    assert await kinds(desk, "file") == ["file_right"]


async def test_one_answer_counts_for_the_partner(desk: Desk) -> None:
    await desk["vt_gw1"].taps("✅")  # now VT has two people in the case
    desk.expect_so_far()
    await close(desk)
    desk.expect_so_far()
    await desk["vt_gw1"].taps("✅", desk["vt_gw1"].expects("eigen dossier?"))
    colleague = desk["vt_fo"].screen()[-1]
    assert "Je dossier van" in colleague.text
    assert not colleague.buttons
    assert desk["om_ovj1"].expects("eigen dossier?").buttons


# ---- a case that nobody closes


async def settled_case(desk: Desk) -> None:
    """Only the clocks of the case itself are left."""
    async with desk.store.unit() as unit:
        found = await unit.session.exec(
            select(TimerRow).where(TimerRow.state == "live", ~col(TimerRow.kind).startswith("case"))
        )
        for timer in found.all():
            timer.state = "cancelled"


async def test_the_initiator_is_reminded_every_day(desk: Desk) -> None:
    await settled_case(desk)
    await desk.advance(24 * 60)
    reminder = desk["vt_fo"].expects("is nog open sinds vr 15:40. Klaar?", loud=True)
    desk[POLICE].lacks("nog open")
    await desk.advance(24 * 60)
    reminders = [each for each in desk["vt_fo"].screen() if "nog open sinds" in each.text]
    assert len(reminders) == 2
    desk.expect_so_far()
    await desk["vt_fo"].taps("1️⃣", reminder)
    assert reminder.text.startswith("Wat is de uitkomst?")
    await desk["vt_fo"].taps("1️⃣", reminder)
    await desk["vt_fo"].taps("✅", reminder)
    desk.expect_so_far()
    await desk.advance(20 * 24 * 60)  # a closed case says nothing any more


async def test_the_lead_is_reminded_when_there_is_one(desk: Desk) -> None:
    await settled_case(desk)
    await desk["om_ovj1"].says("regie politie", room(desk))
    desk.expect_so_far()
    await desk.advance(24 * 60)
    desk[POLICE].expects("is nog open sinds", loud=True)
    desk["vt_fo"].lacks("nog open")


async def test_after_two_weeks_a_last_date(desk: Desk) -> None:
    await settled_case(desk)
    await desk.advance(14 * 24 * 60)
    last = desk["vt_fo"].expects("Sluit de casus vóór za 25 juli.", loud=True)
    assert last.text.startswith("⚠️ ")
    desk.expect_so_far()
