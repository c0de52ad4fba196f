"""Case lead, outcome, closing."""

import pytest
from sqlmodel import select

from commands.end_case import end_case
from commands.messages import message
from storage import outbox
from storage.tables import Case, Page, TimerRow
from tests.commands.closing_scene import (
    POLICE,
    close,
    desk,  # noqa: F401  (a fixture)
    headline,
    kinds,
    room,
    the_case,
)
from tests.commands.harness import Desk


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
            destination=f"person:{page.person_id}:matrix",
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
