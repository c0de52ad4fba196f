"""A number alone, typed where several questions stand: what it answers, and when that is asked."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from storage.tables import Case
from tests.commands.harness import Desk, Shown
from tests.commands.morning import open_desk

OM = "om_ovj1"
OWN_FILE = "Staat alles in je eigen dossier?"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A quiet Friday afternoon."""
    async with open_desk(tmp_path) as desk:
        yield desk


async def alarm(desk: Desk, place: str = "Centrum") -> Shown:
    """A case in which OM is called; returns that page."""
    await desk["vt_fo"].says(f"alarm skm {place}")
    await desk["vt_fo"].taps("1️⃣")
    await desk.advance(2)
    return desk[OM].expects("Pak je dit op")


async def closed_case(desk: Desk) -> Shown:
    """A case that OM took part in is closed; returns the silent question that still stands."""
    await alarm(desk)
    await desk[OM].taps("✅")
    await desk["vt_fo"].says("sluit")
    question = desk["vt_fo"].expects("Wat is de uitkomst?")
    await desk["vt_fo"].taps("1️⃣", question)
    await desk["vt_fo"].taps("✅", question)
    return desk[OM].expects(OWN_FILE)


async def taken(desk: Desk) -> list[bool]:
    """For every open case, oldest first: whether OM is in its room."""
    async with desk.store.view() as unit:
        cases = (
            await unit.session.exec(select(Case).where(Case.state == "open").order_by(col(Case.id)))
        ).all()
        return [desk[OM].address in desk.members[case.room or ""] for case in cases]


@pytest.mark.parametrize("text", ["1", "✅"])
async def test_a_page_goes_before_a_question_about_a_closed_case(desk: Desk, text: str) -> None:
    own_file = await closed_case(desk)
    page = await alarm(desk, "Noord")
    await desk[OM].says(text)
    desk[OM].lacks("Welke")
    assert page.text.startswith("✅ Jij pakt")
    assert await taken(desk) == [True]
    assert OWN_FILE in own_file.text, "that one still waits"
    await desk[OM].says(text)
    assert "Je dossier van" in own_file.text, "now it is the only question"


async def test_two_goes_to_the_page_as_well(desk: Desk) -> None:
    await closed_case(desk)
    page = await alarm(desk, "Noord")
    await desk[OM].says("2")
    desk[OM].lacks("Welke")
    assert "is opgeroepen" in page.text


async def test_two_pages_are_asked_about_and_only_they(desk: Desk) -> None:
    await closed_case(desk)
    await alarm(desk, "Noord")
    await alarm(desk, "Oost")
    await desk[OM].says("1")
    which = desk[OM].expects("Je hebt 2 oproepen. Welke?")
    assert len(which.buttons) == 2
    assert await taken(desk) == [False, False]


async def test_the_counter_question_is_answered_by_a_number_too(desk: Desk) -> None:
    first = await alarm(desk, "Noord")
    second = await alarm(desk, "Oost")
    await desk[OM].says("1")
    which = desk[OM].expects("Welke?")
    await desk[OM].says("2")
    assert not which.buttons
    assert "Pak je dit op" in first.text
    assert second.text.startswith("✅ Jij pakt")
    assert await taken(desk) == [False, True]


async def test_a_page_that_came_after_the_counter_question_is_asked_about(desk: Desk) -> None:
    for place in ("Noord", "Oost"):
        await alarm(desk, place)
    await desk[OM].says("1")
    await alarm(desk, "West")
    await desk[OM].says("1")
    assert await taken(desk) == [False] * 3


async def test_the_label_of_the_silent_question_still_answers_it(desk: Desk) -> None:
    own_file = await closed_case(desk)
    await alarm(desk, "Noord")
    await desk[OM].says("ja, klopt")
    assert "Je dossier van" in own_file.text
    assert await taken(desk) == [False]
