"""Agreements: who does what before when, the owner's answers, and the clocks behind them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import col, select, update

from commands.ask import Ask
from commands.move_deadline import take_typed_deadline
from commands.people import by_address
from storage.sealing import Unsealable
from storage.store import Unit
from storage.tables import AccessEntry, Agreement, Case, Identity, Measure, TimerRow
from tests.commands.harness import Desk
from tests.commands.instants import amsterdam
from tests.commands.morning import open_desk

LINE = "afspraak politie: sporen veiligstellen vóór 18:00"
POLICE = "politie_cvd1"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """VT raised an alarm at 15:40; police and OM took it. Only agreement clocks run."""
    async with open_desk(tmp_path) as desk:
        await desk["vt_fo"].says("alarm skm Centrum")
        await desk["vt_fo"].taps("1️⃣")
        for key in (POLICE, "om_ovj1"):
            await desk[key].taps("✅")
        async with desk.store.unit() as unit:
            await unit.session.exec(update(TimerRow).values(state="cancelled"))
        desk.expect_so_far()
        yield desk
        desk.nothing_unexpected()


def room(desk: Desk) -> str:
    return desk.case_room()


async def noted(desk: Desk, line: str = LINE, by: str = "om_ovj1") -> None:
    """Somebody types an agreement in the room; what follows from it is expected."""
    await desk[by].says(line, room(desk))
    desk.expect_so_far()


async def agreements(desk: Desk) -> list[Agreement]:
    async with desk.store.view() as unit:
        found = list(await unit.session.exec(select(Agreement).order_by(col(Agreement.number))))
        unit.session.expunge_all()
        return found


async def measures(desk: Desk) -> list[tuple[str, str | None]]:
    async with desk.store.view() as unit:
        found = await unit.session.exec(
            select(Measure.kind, Measure.partner).where(col(Measure.kind).startswith("agreement"))
        )
        return list(found)


async def close_directly(unit: Unit, state: str) -> None:
    case = (await unit.session.exec(select(Case).where(Case.state == "open"))).one()
    case.state, case.outcome, case.closed_at = state, "plan", unit.now


# ---- making one


async def test_the_room_reads_it_and_the_owner_is_asked(desk: Desk) -> None:
    await desk["om_ovj1"].says(LINE, room(desk))
    shown = desk["om_ovj1"].expects("📌 Afspraak 1 · politie", room(desk))
    assert shown.text == "📌 Afspraak 1 · politie · vóór vr 18:00: sporen veiligstellen."
    asked = desk[POLICE].expects("📌 Afspraak 1 in ", loud=False)
    assert "sporen" not in asked.text, "what was agreed stands in the room only"
    assert asked.buttons == ("✅", "❌")
    assert await measures(desk) == [("agreement_made", "politie")]


async def test_numbers_count_per_case(desk: Desk) -> None:
    await noted(desk)
    await noted(desk, "afspraak om: bevel regelen vóór 20:00")
    assert [(each.number, each.partner) for each in await agreements(desk)] == [
        (1, "politie"),
        (2, "om"),
    ]


async def test_what_is_agreed_lies_sealed_under_the_case(desk: Desk) -> None:
    await noted(desk)
    (agreement,) = await agreements(desk)
    async with desk.store.view() as unit:
        case = (await unit.session.exec(select(Case).where(Case.state == "open"))).one()
        assert unit.vault.unseal(agreement.text, case.wrapped_key) == "sporen veiligstellen"
        with pytest.raises(Unsealable):
            unit.vault.unseal(agreement.text)


async def test_in_the_own_chat_with_one_case_open(desk: Desk) -> None:
    await desk["om_ovj1"].says(LINE)
    desk["om_ovj1"].expects("📌 Afspraak 1 · politie", room(desk))
    desk["om_ovj1"].expects("📌 Afspraak 1 in ")
    desk[POLICE].expects("📌 Afspraak 1 in ")


async def test_a_name_or_number_is_not_taken(desk: Desk) -> None:
    await desk["om_ovj1"].says("afspraak politie: bel 06 12345678 vóór 18:00")
    desk["om_ovj1"].expects("Er is niets gedaan. Woord 4 lijkt een telefoonnummer.")
    assert await agreements(desk) == []


@pytest.mark.parametrize(
    "line",
    ["afspraak", "afspraak politie: sporen veiligstellen", "afspraak vóór 18:00"],
)
async def test_what_lacks_is_asked_by_example(desk: Desk, line: str) -> None:
    await desk["om_ovj1"].says(line)
    desk["om_ovj1"].expects("Wie, en vóór wanneer? Zo: afspraak politie:")
    assert await agreements(desk) == []


@pytest.mark.parametrize("partner", ["brandweer", "gemeente"])
async def test_a_partner_that_is_not_in_it(desk: Desk, partner: str) -> None:
    await desk["om_ovj1"].says(f"afspraak {partner}: blussen vóór 18:00")
    desk["om_ovj1"].expects("Die partner doet niet mee. Kies: VT, OM, politie, RvdK.")
    assert await agreements(desk) == []


async def test_a_time_that_is_over_is_asked_about(desk: Desk) -> None:
    await desk["om_ovj1"].says("afspraak politie: sporen veiligstellen vóór 13:00")
    question = desk["om_ovj1"].expects("13:00 is voorbij. Bedoel je za 13:00?")
    assert "✅ Za 13:00" in question.text
    assert await agreements(desk) == []
    await desk["om_ovj1"].taps("✅")
    (agreement,) = await agreements(desk)
    assert agreement.due_at == amsterdam(2026, 7, 11, 13)
    desk[POLICE].expects("Afspraak 1 in ")
    desk["om_ovj1"].expects("vóór za 13:00: sporen veiligstellen.", room(desk))
    desk["om_ovj1"].expects("📌 Afspraak 1 in ")


async def test_another_time_shows_how_to_write_it(desk: Desk) -> None:
    await desk["om_ovj1"].says("afspraak politie: sporen veiligstellen vóór 13:00")
    await desk["om_ovj1"].taps("❌")
    assert not desk["om_ovj1"].expects("Wie, en vóór wanneer?").buttons
    assert await agreements(desk) == []


async def test_who_is_not_in_the_case_makes_none(desk: Desk) -> None:
    await desk["rvdk_contact1"].says(LINE)
    desk["rvdk_contact1"].expects("Je hebt geen open casus.")
    assert await agreements(desk) == []


# ---- the owner's answers


async def test_right_shows_in_the_room(desk: Desk) -> None:
    await noted(desk)
    await desk.advance(5)
    await desk[POLICE].taps("✅")
    assert "bevestigd" in desk[POLICE].expects("Dank je. Afspraak 1 van").text
    desk[POLICE].expects("sporen veiligstellen · bevestigd 15:45", room(desk))
    await desk.advance(60)  # and nobody asks for it again
    assert (await agreements(desk))[0].state == "confirmed"


async def test_not_right_shows_in_the_room_and_stops_the_clocks(desk: Desk) -> None:
    await noted(desk)
    await desk[POLICE].taps("❌")
    desk[POLICE].expects("In de casusruimte staat: klopt niet (15:40).")
    desk[POLICE].expects("· klopt niet (15:40)", room(desk))
    await desk.advance(24 * 60)


async def test_done_by_word_alone(desk: Desk) -> None:
    await noted(desk)
    await desk[POLICE].taps("✅")
    desk.expect_so_far()
    await desk[POLICE].says("klaar")
    desk[POLICE].expects("✅ Afspraak 1 van")
    desk[POLICE].expects("sporen veiligstellen · klaar 15:40", room(desk))
    assert ("agreement_done_in_time", "politie") in await measures(desk)
    await desk.advance(24 * 60)  # no clock is left


async def test_done_by_number_in_the_room(desk: Desk) -> None:
    await noted(desk)
    await noted(desk, "afspraak politie: buurt bevragen vóór 20:00")
    await desk[POLICE].says("klaar 2", room(desk))
    desk[POLICE].expects("✅ Afspraak 2 van", room(desk))
    assert [each.state for each in await agreements(desk)] == ["open", "done"]
    assert not [
        each for each in desk[POLICE].screen() if "Afspraak 2" in each.text and each.buttons
    ]


async def test_done_with_several_open_asks_for_the_number(desk: Desk) -> None:
    await noted(desk)
    await noted(desk, "afspraak politie: buurt bevragen vóór 20:00")
    await desk[POLICE].says("klaar")
    desk[POLICE].expects("Welke afspraak is klaar? Open: 1, 2. Zo: klaar 1")
    assert {each.state for each in await agreements(desk)} == {"open"}


async def test_a_number_that_is_not_there(desk: Desk) -> None:
    await noted(desk)
    await desk[POLICE].says("klaar 9")
    desk[POLICE].expects("Afspraak 9 is er niet. Open: 1.")


async def test_nothing_to_be_done(desk: Desk) -> None:
    await desk[POLICE].says("klaar 1")
    desk[POLICE].expects("Er is geen open afspraak.")


async def test_somebody_elses_agreement(desk: Desk) -> None:
    await noted(desk)
    await desk["om_ovj1"].says("klaar 1")
    desk["om_ovj1"].expects("Afspraak 1 is van politie.")
    assert (await agreements(desk))[0].state == "open"


async def test_talk_in_the_room_is_not_answered(desk: Desk) -> None:
    await noted(desk)
    await desk[POLICE].says("klaar hiermee", room(desk))
    assert (await agreements(desk))[0].state == "open"


async def test_the_log_tells_who_made_and_who_changed_it(desk: Desk) -> None:
    await noted(desk)
    await desk[POLICE].taps("✅")
    desk.expect_so_far()
    async with desk.store.view() as unit:
        found = await unit.session.exec(
            select(AccessEntry.action, AccessEntry.person, AccessEntry.right).where(
                AccessEntry.what == "agreement"
            )
        )
        assert list(found) == [("create", "om_ovj1", "member"), ("change", POLICE, "member")]


# ---- the clocks


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
