"""What somebody can do here, and in which language the bot speaks to them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import select

from commands.declare import typed_commands
from config.catalogue import Texts
from config.entry import Language
from storage.tables import AccessEntry
from tests.commands.harness import Desk
from tests.commands.morning import open_desk


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path) as desk:
        yield desk
        desk.nothing_unexpected()


async def alarm(desk: Desk) -> None:
    """VT raises one. What came of it so far is expected."""
    await desk["vt_fo"].says("alarm skm Centrum")
    await desk["vt_fo"].taps("1️⃣")
    desk.expect_so_far()


def last(desk: Desk, key: str, room: str | None = None) -> str:
    """The newest message on this screen, as expected."""
    message = desk[key].screen(room)[-1]
    message.expected = True
    return message.text


async def commands_shown(desk: Desk, key: str, room: str | None = None) -> set[str]:
    await desk[key].says("hulp", room)
    title, *lines = last(desk, key, room).splitlines()
    assert title == "Wat kan hier:"
    return {line.partition(":")[0] for line in lines}


async def test_help_shows_what_this_person_can_do(desk: Desk) -> None:
    roster = {"dienst", "rooster", "rooster beeld", "agenda"}
    everybody = {*roster, "test", "hulp", "taal", "uitschrijven", "voorkeur"}
    melder = await commands_shown(desk, "vt_fo")
    called = await commands_shown(desk, "om_ovj1")
    coordinator = await commands_shown(desk, "coordinator")
    assert everybody <= melder & called & coordinator
    assert {"alarm", "stand"} <= melder
    assert not {"ik pak op", "weekbericht"} & melder
    assert {"ik pak op", "kan niet", "stand"} <= called
    assert "alarm" not in called
    assert coordinator == {*everybody, "oefening", "weekbericht"}


async def test_what_is_needed_in_a_hurry_stands_on_top(desk: Desk) -> None:
    await desk["politie_cvd1"].says("hulp")
    lines = last(desk, "politie_cvd1").splitlines()
    words = [line.partition(":")[0] for line in lines[1:4]]
    assert words == ["alarm", "ik pak op", "kan niet"]


async def test_help_in_the_room_leaves_out_what_does_not_work_there(desk: Desk) -> None:
    await alarm(desk)
    shown = await commands_shown(desk, "vt_fo", desk.case_room())
    assert {"stand", "hulp"} <= shown
    assert not {"alarm", "dienst", "test", "ik pak op"} & shown


async def test_help_from_the_group_comes_in_the_own_chat(desk: Desk) -> None:
    await desk["vt_fo"].says("hulp", desk.rooms_named["Regio Lage Dijk"])
    assert "stand: Hoe staat het nu" in last(desk, "vt_fo")


async def test_help_about_one_command(desk: Desk) -> None:
    await desk["vt_fo"].says("hulp alarm")
    assert last(desk, "vt_fo") == "alarm: Sla alarm in 3 tikken"
    await desk["om_ovj1"].says("hulp alarm")
    assert last(desk, "om_ovj1").startswith("Wat kan hier:"), "not a melder"
    await desk["om_ovj1"].says("hulp onzin")
    assert last(desk, "om_ovj1").startswith("Wat kan hier:")


@pytest.mark.parametrize("talk", ["hulp nodig bij het adres", "Taal is hier lastig"])
async def test_talk_in_the_room_is_not_answered(desk: Desk, talk: str) -> None:
    await alarm(desk)
    before = len(desk.shown)
    await desk["vt_fo"].says(talk, desk.case_room())
    assert len(desk.shown) == before


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_command_has_its_line_of_help(language: Language) -> None:
    texts = Texts(language)
    lines = [texts.get(each.help_key) for each in typed_commands()]
    assert len(lines) > 10
    assert all(len(line.split()) <= 12 for line in lines)


@pytest.mark.parametrize("words", ["taal en", "language english", "Taal Engels"])
async def test_the_language_can_be_typed(desk: Desk, words: str) -> None:
    await desk["om_ovj1"].says(words)
    assert last(desk, "om_ovj1") == "OK. English from now on."
    await desk["om_ovj1"].says("help take")
    assert last(desk, "om_ovj1") == "take: You take the page"
    await desk["om_ovj2"].says("hulp ik pak op")
    assert last(desk, "om_ovj2") == "ik pak op: Jij pakt de oproep op", "only this person's"


async def test_the_language_can_be_tapped(desk: Desk) -> None:
    await desk["vt_fo"].says("taal")
    await desk["vt_fo"].taps("2️⃣")
    assert last(desk, "vt_fo") == "OK. English from now on."
    async with desk.store.view() as unit:
        found = await unit.session.exec(
            select(AccessEntry.person).where(AccessEntry.what == "language")
        )
        assert list(found) == ["vt_fo"]


async def test_a_typed_answer_closes_the_question(desk: Desk) -> None:
    await desk["vt_fo"].says("taal")
    await desk["vt_fo"].says("taal nl")
    assert last(desk, "vt_fo") == "Goed. Vanaf nu Nederlands."
    desk.expect_so_far()
    assert not any(each.buttons for each in desk["vt_fo"].screen())


async def test_a_language_that_is_not_there(desk: Desk) -> None:
    await desk["vt_fo"].says("taal frans")
    desk["vt_fo"].expects("Nederlands")


async def test_a_language_chosen_in_the_room_is_told_in_the_own_chat(desk: Desk) -> None:
    await alarm(desk)
    await desk["vt_fo"].says("taal en", desk.case_room())
    assert last(desk, "vt_fo") == "OK. English from now on."
    desk["vt_fo"].lacks("English", desk.case_room())
