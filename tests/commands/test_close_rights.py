"""Who may close, and what follows: own files, reminders, the last date."""

from sqlmodel import col, select

from storage.tables import AccessEntry, TimerRow
from tests.commands.closing_scene import (
    POLICE,
    close,
    desk,  # noqa: F401  (a fixture)
    kinds,
    room,
    the_case,
)
from tests.commands.harness import Desk


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
