"""One person on two messengers: one page, whichever is tapped; and what a press there means."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from commands.messages import message
from commands.tell import tell_identity
from commands.world import World
from storage.outbox import UNKNOWN
from storage.tables import OutboxRow, Page, Person
from tests.commands.harness import Desk, Phone, Shown
from tests.commands.telegram_scene import TELEGRAM, enrolled, identities, open_telegram_desk, types

PAGE = "🔴 Alarm"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_telegram_desk(tmp_path) as desk:
        yield desk


@pytest.fixture
async def other(desk: Desk) -> Phone:
    """The officer of justice has Matrix and Telegram."""
    phone = await enrolled(desk, "om_ovj1", "5001")
    desk.expect_so_far()
    return phone


async def alarm(desk: Desk) -> None:
    await desk["vt_fo"].says("alarm skm spoed Centrum letsel past niet bij uitleg")
    await desk["vt_fo"].taps("1️⃣")


async def presses(phone: Phone, message: Shown, label: str, keyboard: object = None) -> None:
    """Press an inline button of this message, as it stands or as it stood."""
    buttons = dict(keyboard or message.keyboard)  # type: ignore[call-overload]
    await phone.desk.update(
        "tap",
        phone.direct,
        phone.address,
        text=buttons[label],
        about=message.event_id,
        channel=TELEGRAM,
    )


async def state(desk: Desk, key: str) -> str:
    async with desk.store.view() as unit:
        found = await unit.session.exec(select(Page.state).join(Person).where(Person.key == key))
        return found.one()


def pages_on(desk: Desk, phone: Phone) -> list[Shown]:
    return [each for each in desk.shown if each.room == phone.direct and PAGE in each.text]


async def test_without_a_sign_the_page_comes_on_the_other_messenger_too(
    desk: Desk, other: Phone
) -> None:
    await alarm(desk)
    desk["om_ovj1"].expects(PAGE, loud=True)
    assert pages_on(desk, other) == []
    await desk.advance(2)
    (page,) = pages_on(desk, other)
    assert page.loud
    assert "Centrum" not in page.text
    assert "kindermishandeling" not in page.text.casefold()
    assert [label for label, _ in page.keyboard] == ["Ik pak op", "Kan niet"]


async def test_the_backup_too_is_called_on_both(desk: Desk) -> None:
    other = await enrolled(desk, "om_ovj2", "5002")
    desk.expect_so_far()
    await alarm(desk)
    await desk.advance(5.1)
    desk["om_ovj2"].expects(PAGE, loud=True)
    assert pages_on(desk, other) == []
    await desk.advance(2)
    (page,) = pages_on(desk, other)
    assert page.loud
    await presses(other, page, "Ik pak op")
    assert await state(desk, "om_ovj2") == "acked"


async def test_a_sign_of_the_phone_keeps_the_other_messenger_quiet(
    desk: Desk, other: Phone
) -> None:
    await alarm(desk)
    page = desk["om_ovj1"].expects(PAGE)
    await desk.advance(1)
    await desk.update("seen", desk["om_ovj1"].direct, desk["om_ovj1"].address, about=page.event_id)
    await desk.advance(3)
    assert pages_on(desk, other) == []


async def test_taking_it_on_one_messenger_is_seen_on_both(desk: Desk, other: Phone) -> None:
    await alarm(desk)
    await desk.advance(2)
    (page,) = pages_on(desk, other)
    await presses(other, page, "Ik pak op")
    assert await state(desk, "om_ovj1") == "acked"
    assert "Jij pakt" in page.text
    desk["om_ovj1"].expects("Jij pakt")
    async with desk.store.view() as unit:
        found = await unit.session.exec(select(OutboxRow.id).where(OutboxRow.state == "pending"))
        assert found.all() == []


async def test_the_way_to_the_room_is_a_button_once_it_is_taken(desk: Desk, other: Phone) -> None:
    link = "https://element.example/#/room/{room}"
    region = desk.world.region
    matrix = region.matrix.model_copy(update={"room_link": link})
    desk.world = World(region.model_copy(update={"matrix": matrix}), desk.world.protocols)
    await alarm(desk)
    await desk.advance(2)
    (page,) = pages_on(desk, other)
    assert len(page.keyboard) == 2
    await presses(other, page, "Ik pak op")
    assert len(page.keyboard) == 1
    way = page.keyboard[0]
    assert way[0] == "Open casusruimte"
    assert way[1].startswith("https://element.example/#/room/!")
    await types(other, "toch niet")
    assert page.keyboard == (), "who is out of the case finds no door"


async def test_a_press_on_an_older_keyboard_answers_with_the_present_state(
    desk: Desk, other: Phone
) -> None:
    await alarm(desk)
    await desk.advance(2)
    (page,) = pages_on(desk, other)
    old = page.keyboard
    await presses(other, page, "Ik pak op")
    desk.expect_so_far()
    await presses(other, page, "Kan niet", old)
    assert await state(desk, "om_ovj1") == "acked"


@pytest.mark.parametrize("data", ["", "1", "1.", "1.00000000", "9.abcdef01", "١.x", "take:1"])
async def test_made_up_data_of_a_press_does_nothing(desk: Desk, other: Phone, data: str) -> None:
    await alarm(desk)
    await desk.advance(2)
    (page,) = pages_on(desk, other)
    about = page.event_id
    await desk.update("tap", other.direct, other.address, text=data, about=about, channel=TELEGRAM)
    assert await state(desk, "om_ovj1") != "acked"


async def test_what_may_have_arrived_says_that_it_can_be_a_repeat(desk: Desk, other: Phone) -> None:
    identity = (await identities(desk, "om_ovj1"))[TELEGRAM]
    async with desk.store.unit() as unit:
        for doubt in ("HTTP 429", f"{UNKNOWN}: line cut"):
            tell_identity(unit, identity, message("onboard.own_chat"))
            await unit.session.flush()
            newest = select(OutboxRow).order_by(col(OutboxRow.id).desc())
            row = (await unit.session.exec(newest)).first()
            assert row is not None
            row.error = doubt
    await desk.settle()
    once, again = [each.text for each in desk.shown if each.room == other.direct][-2:]
    assert "herhaling" not in once
    assert again.endswith("Kan een herhaling zijn: de verbinding brak.")


async def test_the_typed_line_of_an_alarm_leaves_the_screen(desk: Desk) -> None:
    phone = await enrolled(desk, "vt_fo", "5002", maker="vt_ap")
    await types(phone, "alarm skm spoed Centrum letsel past niet bij uitleg")
    assert len(desk.erased) == 1
    draft = phone.expects("Er is nog niets verstuurd.")
    assert "letsel" not in draft.text
