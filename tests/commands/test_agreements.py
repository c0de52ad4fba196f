"""Who does what before when: made, confirmed, done."""

import pytest
from sqlmodel import select

from storage.sealing import Unsealable
from storage.tables import AccessEntry, Case
from tests.commands.agreement_scene import (
    LINE,
    POLICE,
    agreements,
    desk,  # noqa: F401  (a fixture)
    measures,
    noted,
    room,
)
from tests.commands.harness import Desk
from tests.commands.instants import amsterdam


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
    before = len(desk[POLICE].screen(room(desk)))
    await desk[POLICE].says("klaar 2", room(desk))
    changed = desk[POLICE].expects("buurt bevragen · klaar 15:40", room(desk))
    assert changed.edits == 1
    assert len(desk[POLICE].screen(room(desk))) == before, "the agreement says it; nothing new"
    assert [each.state for each in await agreements(desk)] == ["open", "done"]
    assert not [
        each for each in desk[POLICE].screen() if "Afspraak 2" in each.text and each.buttons
    ]


async def test_done_by_number_in_the_own_chat_is_answered_there(desk: Desk) -> None:
    await noted(desk)
    before = len(desk[POLICE].screen(room(desk)))
    await desk[POLICE].says("klaar 1")
    assert desk[POLICE].screen()[-1].text.startswith("✅ Afspraak 1 van ")
    desk.expect_so_far()
    assert len(desk[POLICE].screen(room(desk))) == before


async def test_done_for_the_second_time_is_answered_where_it_was_typed(desk: Desk) -> None:
    """Nothing changes on the screen by it, so without an answer it would be a dead end."""
    await noted(desk)
    await desk[POLICE].says("klaar 1", room(desk))
    desk.expect_so_far()
    await desk[POLICE].says("klaar 1", room(desk))
    desk[POLICE].expects("✅ Afspraak 1 van", room(desk))


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
