"""What bad input gets: a calm sentence, and nothing done."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import select

from storage.tables import AccessEntry, Case, OutboxRow
from tests.commands.harness import Desk
from tests.commands.morning import open_desk

HOUR = 3_600_000


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A quiet Friday afternoon."""
    async with open_desk(tmp_path) as desk:
        yield desk


async def cases(desk: Desk, *states: str) -> list[Case]:
    """The cases in these states."""
    async with desk.store.view() as unit:
        found = await unit.session.exec(select(Case))
        return [case for case in found if case.state in states]


async def raise_alarm(desk: Desk, key: str = "vt_fo") -> None:
    """One line and the send button."""
    await desk[key].says("alarm skm spoed Centrum letsel past niet bij uitleg")
    await desk[key].taps("1️⃣")


async def test_an_unknown_command_gets_one_line_of_help(desk: Desk) -> None:
    await desk["vt_fo"].says("goedemiddag samen")
    desk["vt_fo"].expects("Dat ken ik niet. Er is niets gedaan.")
    assert await cases(desk, "draft", "open") == []


async def test_a_typing_mistake_is_understood_but_asked_first(desk: Desk) -> None:
    vt = desk["vt_fo"]
    await vt.says("alrm skm spoed Centrum")
    vt.expects("Bedoel je alarm?")
    assert await cases(desk, "draft") == []
    await vt.taps("✅")
    vt.expects("Er is nog niets verstuurd. Klopt dit?")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [("alarm brand", "Die soort ken ik niet."), ("alarm skm Utopia", "Die plaats hoort niet")],
)
async def test_an_unknown_kind_or_place_gets_the_choices(
    desk: Desk, typed: str, answer: str
) -> None:
    vt = desk["vt_fo"]
    await vt.says(typed)
    vt.expects(answer)
    assert len(vt.screen()[-1].buttons) > 2


async def test_a_message_of_60_kilobytes_is_refused(desk: Desk) -> None:
    await desk["vt_fo"].says("alarm skm spoed Centrum " + "letsel " * 9_000)
    desk["vt_fo"].expects("Er is niets gedaan. Typ het kort opnieuw, of bel.")
    assert await cases(desk, "draft", "open") == []


async def test_html_and_turned_text_are_only_text(desk: Desk) -> None:
    vt = desk["vt_fo"]
    await vt.says("alarm skm spoed Centrum <b>letsel</b> \u202egnidlem")
    screen = vt.expects("Reden: <b>letsel</b>")
    assert "\u202e" not in screen.text


async def test_an_empty_alarm_asks_what_is_the_matter(desk: Desk) -> None:
    await desk["vt_fo"].says("  alarm  ")
    desk["vt_fo"].expects("Wat is er aan de hand?")


@pytest.mark.parametrize(
    ("reason", "finding"),
    [
        ("bsn 111222333 bekend", "een BSN"),
        ("bel moeder op 06-12345678", "een telefoonnummer"),
        ("woont 1011 AB 12", "een postcode met huisnummer"),
        ("auto 12-ABC-3 gezien", "een kenteken"),
        ("mail jan@voorbeeld.example", "een e-mailadres"),
        ("geboren 12-03-2014", "een geboortedatum"),
        ("rekening NL91ABNA0417164300", "een rekeningnummer"),
    ],
)
async def test_personal_data_is_refused_with_the_spot_marked(
    desk: Desk, reason: str, finding: str
) -> None:
    vt = desk["vt_fo"]
    await vt.says(f"alarm skm spoed Centrum {reason}")
    refusal = vt.expects("Er is nog niets verstuurd. Woord ")
    assert finding in refusal.text
    assert "▒▒▒" in refusal.text
    assert not any(reason in message.text for message in desk.shown)
    (draft,) = await cases(desk, "draft")
    assert draft.reason is None


async def test_a_reaction_of_an_outsider_is_ignored(desk: Desk) -> None:
    await raise_alarm(desk)
    page = desk["om_ovj1"].expects("🔴 Alarm")
    await desk.update("tap", page.room, "@stranger:x", text="✅", about=page.event_id)
    await desk.update("tap", page.room, desk["coordinator"].address, text="✅", about=page.event_id)
    desk["om_ovj1"].expects("🔴 Alarm")
    async with desk.store.view() as unit:
        refusals = await unit.session.exec(
            select(AccessEntry).where(AccessEntry.action == "refuse")
        )
        assert [row.person for row in refusals] == ["coordinator"]


async def test_a_second_alarm_within_a_minute_is_asked_about(desk: Desk) -> None:
    vt = desk["vt_fo"]
    await raise_alarm(desk)
    await vt.says("alarm skm spoed Noord")
    vt.expects("Is dit hetzelfde?")
    await vt.taps("✅")
    vt.expects("loopt al. Er is niets nieuws verstuurd.")
    assert len(await cases(desk, "open")) == 1


async def test_another_alarm_within_a_minute_goes_on(desk: Desk) -> None:
    vt = desk["vt_fo"]
    await raise_alarm(desk)
    await vt.says("alarm skm spoed Noord")
    await vt.taps("❌", on=vt.expects("Is dit hetzelfde?"))
    await vt.taps("1️⃣", on=vt.expects("Er is nog niets verstuurd. Klopt dit?"))
    assert len(await cases(desk, "open")) == 2


async def test_a_confirmation_after_an_hour_of_downtime_is_asked_again(desk: Desk) -> None:
    vt = desk["vt_fo"]
    await vt.says("alarm skm spoed Centrum")
    screen = vt.expects("Klopt dit?")
    pressed_at = desk.now
    desk.time[0] += HOUR  # we were away; no timer of ours ran
    await desk.update("tap", vt.direct, vt.address, text="1️⃣", about=screen.event_id, at=pressed_at)
    vt.expects("kwam nu pas aan.", loud=True)
    assert await cases(desk, "open") == []
    await vt.taps("1️⃣")
    assert len(await cases(desk, "open")) == 1


async def test_a_draft_that_is_not_sent_reminds_and_is_forgotten(desk: Desk) -> None:
    vt = desk["vt_fo"]
    await vt.says("alarm skm spoed Centrum")
    await desk.advance(5)
    vt.expects("Je alarm is nog niet verstuurd.", loud=True)
    await desk.advance(25)
    vt.expects("Niet verstuurd, gewist.")
    assert await cases(desk, "draft", "open") == []


async def test_who_may_not_raise_an_alarm_is_told_so(desk: Desk) -> None:
    await desk["om_ovj1"].says("alarm skm spoed Centrum")
    desk["om_ovj1"].expects("Dat is niet aan jou")
    assert await cases(desk, "draft", "open") == []


async def test_a_nod_is_no_ack(desk: Desk) -> None:
    await raise_alarm(desk)
    om = desk["om_ovj1"]
    await om.says("ok")
    om.expects("Gezien, nog niet opgepakt.")
    desk["vt_fo"].expects("OM: gezien")


async def test_with_a_vote_and_a_page_open_the_number_alone_is_asked_about(desk: Desk) -> None:
    """Taking a page by mistake, or missing it, is worse than one question more."""
    await raise_alarm(desk)
    for key in ("vt_gw1", "om_ovj1", "politie_cvd1", "rvdk_contact1"):
        await desk[key].taps("✅")
    om = desk["om_ovj1"]
    om.expects("Wanneer kun je?")
    await desk.advance(2)
    await raise_alarm(desk)
    om.expects("Pak je dit op")
    await om.says("1")
    om.expects("Welke bedoel je?")
    await om.says("16:30")
    om.expects("Jij kunt: 16:30")


async def test_files_and_forwarded_commands_are_not_taken(desk: Desk) -> None:
    vt = desk["vt_fo"]
    await desk.update("file", vt.direct, vt.address)
    vt.expects("Foto's en spraak neem ik niet aan.")
    await vt.says("alarm skm spoed Centrum", forwarded=True)
    vt.expects("Er is niets gedaan.")
    assert await cases(desk, "draft", "open") == []


async def test_an_edited_text_is_never_a_command(desk: Desk) -> None:
    await desk["vt_fo"].says("alarm skm spoed Centrum", edit=True)
    assert await cases(desk, "draft", "open") == []


async def test_a_number_in_the_case_room_is_taken_away(desk: Desk) -> None:
    await raise_alarm(desk)
    om, room = desk["om_ovj1"], desk.case_room()
    await om.taps("✅")
    await om.says("bel 06-12345678", room=room)
    om.expects("Ik haalde je bericht van 15:40 weg: er stond een telefoonnummer in.")
    async with desk.store.view() as unit:
        kinds = await unit.session.exec(select(OutboxRow.kind))
        assert "erase" in set(kinds)


async def test_other_talk_in_the_case_room_is_never_answered(desk: Desk) -> None:
    await raise_alarm(desk)
    om, room = desk["om_ovj1"], desk.case_room()
    await om.taps("✅")
    before = len(desk.shown)
    for talk in ("overleg vond ik prima gisteren", "regie voeren is lastig", "stand van zaken?"):
        await om.says(talk, room=room)
    assert len(desk.shown) == before


async def test_an_alarm_in_the_group_room_goes_on_in_the_direct_chat(desk: Desk) -> None:
    vt, group = desk["vt_fo"], desk.rooms_named["Regio Lage Dijk"]
    await vt.says("alarm skm spoed Centrum letsel", room=group)
    vt.expects("Ik vraag de rest in ons eigen gesprek.")
    vt.expects("Er is nog niets verstuurd. Klopt dit?")
    assert desk.erased, "the line still stands in the group room"


async def test_a_stranger_hears_one_refusal_a_day(desk: Desk) -> None:
    for _ in range(2):
        await desk.update("invited", "!theirs", "@stranger:x")
    told = [message for message in desk.shown if message.room == "!theirs"]
    assert ["Dit kanaal is besloten" in message.text for message in told] == [True]


async def test_an_unfinished_alarm_keeps_no_command_from_working(desk: Desk) -> None:
    """Only its reason can begin with the word of a command."""
    vt = desk["vt_fo"]
    await vt.says("alarm")
    await vt.says("taal en")
    vt.expects("OK. English from now on.")
    await vt.says("hulp alarm")
    vt.expects("alert: Raise an alert in 3 taps")
    assert len(await cases(desk, "draft")) == 1


async def test_what_is_no_kind_of_alarm_brings_the_choice_back_below(desk: Desk) -> None:
    vt = desk["vt_fo"]
    await vt.says("alarm")
    await vt.says("brand")
    *_, refusal, question = vt.screen()
    assert refusal.text == "Die soort ken ik niet. Kies:"
    assert question.text.startswith("Wat is er aan de hand?")
    assert [each.text for each in vt.screen() if "aan de hand" in each.text] == [question.text]
    await vt.taps("1️⃣", question)
    vt.expects("Waar? Alleen wijk of gemeente.")
