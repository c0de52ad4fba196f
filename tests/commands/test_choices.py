"""Lists that are longer than there are keycaps: nothing is left out."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col, select

from commands.choices import begin_of, page_of
from commands.messages import Action, action_from
from commands.reading.emoji import MOST
from commands.roster.spoken_shift import from_argument
from commands.rules.moments import DAY
from config.region import Function
from storage.tables import Case, Person, Post
from tests.commands.harness import Desk, Shown
from tests.commands.morning import open_desk
from tests.commands.roster.scene import on_duty, third_of_rvdk


@given(
    count=st.integers(0, 60),
    beside=st.integers(0, 3),
    argument=st.sampled_from(["", "7", "a:b", '["rvdk", 1]']),
)
def test_going_on_shows_everything_once_and_comes_back(
    count: int, beside: int, argument: str
) -> None:
    options = [Action("choose", f"optie {number}", str(number)) for number in range(count)]
    begin, seen = 0, list[Action]()
    for _ in range(count + 1):
        page = page_of(options, begin, "further", argument, beside=beside)
        assert len(page) + beside <= MOST
        seen += [each for each in page if each.verb == "choose"]
        onward = [each for each in page if each.verb == "further"]
        if not onward:
            assert count <= MOST - beside
            break
        begin, given_with = begin_of(onward[0].argument)
        assert given_with == argument
        assert page[-1] is onward[0], "the last of the numbers"
        if begin == 0:
            break
    assert seen == options


@given(begin=st.integers(-5, 100), count=st.integers(0, 30))
def test_a_page_of_a_list_that_became_shorter_is_not_empty(begin: int, count: int) -> None:
    options = [Action("choose", f"optie {number}", str(number)) for number in range(count)]
    assert bool(page_of(options, begin, "further")) is bool(count)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path, after=third_of_rvdk) as desk:
        yield desk
        desk.expect_so_far()


async def test_a_shift_in_three_weeks_can_be_swapped(desk: Desk) -> None:
    """Four weeks with a change every half day are more shifts than keycaps."""
    phone = desk["rvdk_contact1"]
    await phone.says("ruil")
    starts = list[int]()
    while True:
        question = phone.expects("Welke dienst wil je ruilen?")
        page = await standing_actions(desk, "swap")
        shifts = [each for each in page if each.verb == "swap_ask"]
        starts += [from_argument(each.argument.partition(" ")[2]).start for each in shifts]
        if begin_of(page[-1].argument)[0] == 0:
            break
        await phone.taps(question.buttons[-1], question)
    assert starts == sorted(starts)
    assert starts[-1] - desk.now > 26 * DAY
    await phone.taps(question.buttons[len(shifts) - 1], question)
    phone.expects("Gevraagd aan 2 collega's.")
    await desk["rvdk_ap"].taps("1️⃣")
    assert (await on_duty(desk, starts[-1]))[0] == "rvdk_ap"


async def test_all_colleagues_can_stand_in(desk: Desk) -> None:
    async with desk.store.unit() as unit:
        found = (await unit.session.exec(select(Person))).all()
        for person in [each for each in found if each.key.startswith(("vt_", "om_", "politie_"))]:
            person.partner, person.functions = "rvdk", "contact"
            person.roles = f"{person.roles} duty"
    phone = desk["rvdk_contact1"]
    await phone.says("waarnemer")
    await phone.taps("1️⃣")
    asked = list[str]()
    for _ in range(9):
        question = phone.expects("Wie neemt", loud=False)
        page = await standing_actions(desk, "stand_in")
        asked += [each.argument.split()[0] for each in page if each.verb == "stand_in_set"]
        if page[-1].verb != "stand_in_others" or begin_of(page[-1].argument)[0] == 0:
            break
        await phone.taps(question.buttons[-1], question)
    assert len(asked) == len(set(asked)) > MOST
    await phone.taps("1️⃣", question)
    chosen = next(each for each in page if each.verb == "stand_in_set")
    assert question.text.startswith(f"✅ {chosen.label} neemt waar")


async def test_a_region_with_twelve_districts_loses_none(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        region = desk.world.region
        first = region.places[0]
        many = tuple(first.model_copy(update={"name": f"District {n}"}) for n in range(1, 13))
        desk.world = replace(desk.world, region=region.model_copy(update={"places": many}))
        phone = desk["vt_fo"]
        await phone.says("alarm skm")
        question = phone.expects("Waar")
        assert "District 12" not in question.text
        await phone.taps("8️⃣", question)  # before [Elders]
        question = phone.expects("District 12")
        await phone.taps("5️⃣", question)
        async with desk.store.view() as unit:
            draft = (await unit.session.exec(select(Case))).one()
            assert draft.place == "District 12"
        desk.expect_so_far()


async def test_the_page_of_a_function_stays_while_it_is_given_and_taken(tmp_path: Path) -> None:
    async with open_desk(tmp_path, after=third_of_rvdk) as desk:
        region = desk.world.region
        rvdk = region.partner("rvdk")
        many = (*rvdk.functions, *(_duty(rvdk.functions[0], number) for number in range(1, 12)))
        partners = tuple(
            each.model_copy(update={"functions": many}) if each.key == "rvdk" else each
            for each in region.partners
        )
        desk.world = replace(desk.world, region=region.model_copy(update={"partners": partners}))
        phone = desk["rvdk_ap"]
        await phone.says("mensen RvdK-dienst 1")
        await phone.taps("1️⃣")
        screen = phone.expects("Taak 1")
        assert "Taak 11" not in screen.text
        await phone.taps("8️⃣", screen)
        for button in ("geef Taak 11", "neem Taak 11", "geef Taak 11"):
            assert button in screen.text
            await phone.taps(_keycap_of(screen, button), screen)
        desk.expect_so_far()


def _duty(like: Function, number: int) -> Function:
    words = {"key": f"taak{number}", "nl": f"Taak {number}", "en": f"Task {number}"}
    return like.model_copy(update=words)


def _keycap_of(screen: Shown, label: str) -> str:
    """The emoji before these words."""
    place = [each.strip() for each in screen.text.replace("Reageer ", ",").split(",")]
    return next(each.split()[0] for each in place if each.endswith(label))


async def standing_actions(desk: Desk, slot: str) -> list[Action]:
    """The buttons of the newest message in this slot."""
    async with desk.store.view() as unit:
        newest = select(Post).where(Post.slot == slot).order_by(col(Post.id).desc())
        post = (await unit.session.exec(newest)).first()
        assert post is not None
        return [action_from(each) for each in json.loads(post.actions)]
