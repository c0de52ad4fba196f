"""Agreements and time: reminders, too late, more time, the end of the case."""

import pytest
from sqlmodel import select

from commands.ask import Ask
from commands.move_deadline import take_typed_deadline
from commands.people import by_address
from storage.tables import Identity
from tests.commands.agreement_scene import (
    LINE,
    POLICE,
    agreements,
    close_directly,
    desk,  # noqa: F401  (a fixture)
    measures,
    noted,
    room,
)
from tests.commands.harness import Desk
from tests.commands.instants import amsterdam


async def test_unconfirmed_rings_after_half_an_hour(desk: Desk) -> None:
    await noted(desk)
    await desk.advance(29)
    desk[POLICE].lacks("wacht op jou")
    await desk.advance(1)
    reminder = desk[POLICE].expects("⏰ Afspraak 1 in ", loud=True)
    await desk[POLICE].taps("✅", reminder)
    desk[POLICE].expects("is bevestigd (16:10)")
    assert not [
        each for each in desk[POLICE].screen() if "Afspraak 1" in each.text and each.buttons
    ]


async def test_half_an_hour_before_and_too_late(desk: Desk) -> None:
    await noted(desk)
    await desk[POLICE].taps("✅")
    desk.expect_so_far()
    await desk.advance(110)  # 17:30
    due = desk[POLICE].expects("⏰ Afspraak 1 van ", loud=True)
    assert "vóór 18:00 (30 min)" in due.text
    assert due.buttons == ("✅", "❌")
    await desk.advance(31)
    desk[POLICE].expects("is te laat (uiterlijk vr 18:00)", loud=True)
    contact = desk["politie_ap"].expects("⚠️ Politie heeft 1 afspraak te laat", loud=True)
    assert "sporen" not in contact.text
    assert ("agreement_late", "politie") in await measures(desk)
    desk["om_ap"].lacks("te laat")


async def test_too_late_rings_again_on_working_mornings_until_done(desk: Desk) -> None:
    await noted(desk)
    await desk[POLICE].taps("✅")
    await desk.advance(2 * 24 * 60)  # Friday to Sunday: told once
    desk.expect_so_far()
    assert len([1 for each in desk[POLICE].screen() if "te laat" in each.text]) == 1
    await desk.advance(24 * 60)  # Monday
    desk[POLICE].expects("te laat", loud=True)
    desk["politie_ap"].expects("te laat", loud=True)
    await desk[POLICE].taps("✅")
    assert not [each for each in desk[POLICE].screen() if each.buttons and "Afspraak" in each.text]
    kinds = [kind for kind, _ in await measures(desk)]
    assert kinds.count("agreement_late") == 1
    assert "agreement_done_in_time" not in kinds
    desk.expect_so_far()
    await desk.advance(3 * 24 * 60)


async def test_a_short_agreement_has_no_reminder_that_only_repeats(desk: Desk) -> None:
    await noted(desk, "afspraak politie: bellen vóór 16:00")
    await desk.advance((amsterdam(2026, 7, 10, 16) - desk.now) / 60_000)
    assert not [each for each in desk[POLICE].screen() if "⏰ Afspraak" in each.text]
    await desk[POLICE].says("klaar 1")
    desk[POLICE].expects("is klaar (16:00)")
    assert ("agreement_done_in_time", "politie") in await measures(desk), "on the minute is in time"


async def test_without_an_owner_yet_the_contact_point_hears_it(desk: Desk) -> None:
    await noted(desk, "afspraak rvdk: dossier halen vóór 16:00")
    await desk.advance(21)
    desk["rvdk_ap"].expects("⚠️ RvdK heeft 1 afspraak te laat", loud=True)


# ---- more time


async def until_when(desk: Desk) -> None:
    await noted(desk)
    await desk[POLICE].taps("✅")
    await desk.advance(110)
    await desk[POLICE].taps("❌")
    desk.expect_so_far()
    assert "tot wanneer?" in desk[POLICE].screen()[-1].text


async def type_time(desk: Desk, text: str, key: str = POLICE) -> bool:
    async with desk.store.unit() as unit:
        who = await by_address(unit, "matrix", desk[key].address)
        assert who is not None
        ask = Ask(unit, desk.world, who, "direct", "matrix", desk[key].direct, "$x", desk.now, text)
        taken = await take_typed_deadline(ask)
    await desk.settle()
    return taken


@pytest.mark.parametrize("text", ["20:00", "vóór 20:00", "tot 20:00", "20u", "uiterlijk 20.00 uur"])
async def test_a_typed_time_moves_the_deadline(desk: Desk, text: str) -> None:
    await until_when(desk)
    assert await type_time(desk, text)
    desk[POLICE].expects("vóór vr 20:00.")
    desk[POLICE].expects("vóór vr 20:00: sporen veiligstellen", room(desk))
    await desk.advance(119)  # 19:29: neither 18:00 nor the old reminder ring
    desk[POLICE].lacks("te laat")
    await desk.advance(1)
    desk[POLICE].expects("vóór 20:00 (30 min)", loud=True)


async def test_other_words_are_no_deadline(desk: Desk) -> None:
    await until_when(desk)
    assert not await type_time(desk, "stand")
    assert not await type_time(desk, "20:00 als het lukt")


async def test_a_time_means_nothing_where_no_question_stands(desk: Desk) -> None:
    await noted(desk)
    assert not await type_time(desk, "20:00")


async def test_the_question_stands_with_the_owner_only(desk: Desk) -> None:
    await until_when(desk)
    assert not await type_time(desk, "20:00", "om_ovj1")


async def test_a_typed_time_that_is_over(desk: Desk) -> None:
    await until_when(desk)
    assert await type_time(desk, "13:00")
    assert "Bedoel je za 13:00?" in desk[POLICE].screen()[-1].text
    await desk[POLICE].taps("✅")
    assert "vóór za 13:00." in desk[POLICE].screen()[-1].text


async def test_back_from_more_time(desk: Desk) -> None:
    await until_when(desk)
    await desk[POLICE].taps("❌")
    shown = desk[POLICE].screen()[-1]
    assert "vóór 18:00 (30 min)" in shown.text
    assert shown.buttons == ("✅", "❌")


# ---- after the case


async def test_in_a_closed_case_agreements_go_on(desk: Desk) -> None:
    await noted(desk)
    async with desk.store.unit() as unit:
        await close_directly(unit, "closed")
    await desk.advance(30)
    await desk[POLICE].taps("✅", desk[POLICE].expects("⏰ Afspraak 1 in ", loud=True))
    assert (await agreements(desk))[0].state == "confirmed"
    await desk[POLICE].says("klaar 1")
    desk[POLICE].expects("✅ Afspraak 1 van")


async def test_in_a_withdrawn_case_they_do_not(desk: Desk) -> None:
    await noted(desk)
    async with desk.store.unit() as unit:
        await close_directly(unit, "withdrawn")
    await desk.advance(30)
    await desk[POLICE].taps("✅")
    desk[POLICE].expects("Dit is voorbij. Nu: ingetrokken.")
    assert (await agreements(desk))[0].state == "open"


async def test_no_new_ones_in_a_closed_case(desk: Desk) -> None:
    async with desk.store.unit() as unit:
        await close_directly(unit, "closed")
    await desk["om_ovj1"].says(LINE, room(desk))
    desk["om_ovj1"].expects("Dit is voorbij. Nu: gesloten.", room(desk))
    assert await agreements(desk) == []


async def test_an_owner_without_a_chat_does_not_stop_it(desk: Desk) -> None:
    async with desk.store.unit() as unit:
        identity = (
            await unit.session.exec(
                select(Identity).where(Identity.address == desk[POLICE].address)
            )
        ).one()
        await unit.session.delete(identity)
    await desk["om_ovj1"].says(LINE, room(desk))
    desk["om_ovj1"].expects("📌 Afspraak 1 · politie", room(desk))
