"""Typed words under a question: gone with the answer, and without one after a day."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from commands.messages import Action, Word, message
from commands.tell import tell_person
from commands.waiting_words import forget_words
from storage.tables import OutboxRow, Post
from tests.commands.harness import Desk, Shown
from tests.commands.morning import open_desk

SEALED = "gAAAA"  # how everything sealed begins
DAY = 24 * 60.0
TYPO = "alrm skm spoed Centrum letsel past niet bij uitleg"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A quiet Friday afternoon."""
    async with open_desk(tmp_path) as desk:
        yield desk


async def kept(desk: Desk, slot: str) -> bool:
    """Whether sealed words stand under a question, or wait to be sent there."""
    async with desk.store.view() as unit:
        posts = await unit.session.exec(select(Post.actions).where(col(Post.slot).startswith(slot)))
        rows = await unit.session.exec(
            select(OutboxRow.payload).where(col(OutboxRow.slot).startswith(slot))
        )
        return any(SEALED in text for text in (*posts, *rows))


async def _typo(desk: Desk) -> Shown:
    await desk["vt_fo"].says(TYPO)
    return desk["vt_fo"].expects("Bedoel je alarm?")


async def _same(desk: Desk) -> Shown:
    await desk["vt_fo"].says("alarm skm spoed Centrum letsel")
    await desk["vt_fo"].taps("1️⃣")
    await desk["vt_fo"].says("alarm skm spoed Noord tweede letsel")
    return desk["vt_fo"].expects("Is dit hetzelfde?")


async def _which(desk: Desk) -> Shown:
    for place in ("Centrum", "Noord"):
        await desk["vt_fo"].says(f"alarm skm spoed {place}")
        await desk["vt_fo"].taps("1️⃣")
        await desk.advance(2)
    await desk["vt_fo"].says("afspraak vt: sporen veiligstellen vóór 23:00")
    return desk["vt_fo"].expects("Welke casus?")


QUESTIONS = {"typo": _typo, "same": _same, "which": _which}


@pytest.mark.parametrize("slot", QUESTIONS)
async def test_words_under_a_question_are_forgotten_after_a_day(desk: Desk, slot: str) -> None:
    question = await QUESTIONS[slot](desk)
    await desk.advance(DAY - 5)
    assert await kept(desk, slot)
    await desk.advance(10)
    assert not await kept(desk, slot)
    assert question.text.startswith("Niet beantwoord, dus niets gedaan.")
    assert question.buttons == ()
    question.expected = True
    before = len(desk.shown)
    await desk.update(
        "tap", question.room, desk["vt_fo"].address, text="1️⃣", about=question.event_id
    )
    assert len(desk.shown) == before


@pytest.mark.parametrize("slot", QUESTIONS)
@pytest.mark.parametrize("button", [0, -1])
async def test_an_answer_takes_the_words_away(desk: Desk, slot: str, button: int) -> None:
    question = await QUESTIONS[slot](desk)
    await desk["vt_fo"].taps(question.buttons[button], question)
    assert not await kept(desk, slot)
    answered = question.text
    await desk.advance(DAY + 5)
    assert question.text == answered


async def test_a_newer_question_in_the_same_place_has_a_day_of_its_own(desk: Desk) -> None:
    await _typo(desk)
    await desk.advance(DAY / 2)
    newer = await _typo(desk)
    await desk.advance(DAY / 2 + 5)
    assert await kept(desk, "typo")
    await desk["vt_fo"].taps("✅", newer)
    desk["vt_fo"].expects("Reden: letsel past niet bij uitleg")


async def test_words_that_could_not_even_be_sent_are_forgotten_too(desk: Desk) -> None:
    """The messenger is away for more than a day, and the question waits in the outbox."""
    async with desk.store.unit() as unit:
        sealed = unit.vault.seal("letsel")
        no = Action("not_meant", Word("button.no"), f"alarm:{sealed}", stop=True)
        text = message("wrong.typo", command="alarm")
        await tell_person(unit, 1, text, actions=(no,), slot="typo")
        await unit.session.flush()
        await forget_words(unit, "person:1:matrix", "typo")
    await desk.settle()
    assert not await kept(desk, "typo")
