"""A page that the messenger took while nobody could know: a press under it is never for nothing."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import select

from bot.compose import Composed, Composer, chats_of
from commands.delivered import accepted
from commands.handle_update import handle_update
from commands.update import Update, UpdateKind
from storage import leases, outbox
from storage.tables import Case, InventoryItem, Measure, OutboxRow, Page, Person, Post
from tests.commands.harness import Desk, Phone, Shown
from tests.commands.telegram_scene import TELEGRAM, enrolled, open_telegram_desk, types

OFFICER, NUMBER = "om_ovj1", "5001"
REPEAT = "Kan een herhaling zijn"
TAKE, DECLINE = "Ik pak op", "Kan niet"
NOTHING_DONE = "Er is niets gedaan."

CHANNELS = ("matrix", "telegram")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_telegram_desk(tmp_path) as desk:
        yield desk


@pytest.fixture
async def other(desk: Desk) -> Phone:
    """The officer of justice has Telegram as well."""
    phone = await enrolled(desk, OFFICER, NUMBER)
    desk.expect_so_far()
    return phone


async def dies_after_sending(desk: Desk) -> None:
    """What waits is sent; what has buttons on Telegram is not marked any more. Then somebody
    starts it again."""
    unmarked = False
    while not unmarked:
        async with desk.store.unit() as unit:
            rows = await leases.claim(unit, limit=50, lanes=outbox.HEADLINES)
            chats, composer = await chats_of(unit, rows), Composer(desk.world)
            for row in rows:
                composed = await composer.compose(unit, row, chats)
                assert isinstance(composed, Composed)
                ids = desk._do(composed.delivery)
                if row.channel != TELEGRAM or row.slot is None:
                    await accepted(unit, desk.world, row, composed.meaning, composed.room, ids)
                else:
                    unmarked = True
    async with desk.store.unit() as unit:
        await leases.release_leases(unit, CHANNELS, known=CHANNELS)


async def hears(phone: Phone, kind: UpdateKind, text: str, about: str | None = None) -> None:
    """It comes in, and nothing is sent yet."""
    desk = phone.desk
    event = desk.fresh_id()
    news = Update(
        event, kind, phone.direct, phone.address, desk.now, text, about, event_id=f"{event}m"
    )
    async with desk.store.unit() as unit:
        await handle_update(unit, desk.world, TELEGRAM, news)


async def page_of_a_former_life(desk: Desk, phone: Phone) -> Shown:
    """An alarm, without a sign on Matrix; then the page on Telegram, of which nobody knows."""
    await desk["vt_fo"].says("alarm skm spoed Centrum letsel past niet bij uitleg")
    await desk["vt_fo"].taps("1️⃣")
    desk.time[0] += 2 * 60_000
    while await desk._sweep():
        pass
    await dies_after_sending(desk)
    (page,) = pages(desk, phone)
    return page


def pages(desk: Desk, phone: Phone) -> list[Shown]:
    """All that ever came, also what was taken away."""
    return [each for each in desk.shown if each.room == phone.direct and each.loud]


async def presses(phone: Phone, on: Shown, label: str, data: str | None = None) -> None:
    press = dict(on.keyboard)[label] if data is None else data
    await phone.desk.update(
        "tap", phone.direct, phone.address, text=press, about=on.event_id, channel=TELEGRAM
    )


async def page_state(desk: Desk, key: str = OFFICER) -> str:
    async with desk.store.view() as unit:
        found = await unit.session.exec(select(Page.state).join(Person).where(Person.key == key))
        return found.one()


async def takings(desk: Desk) -> int:
    """How often the officer's page was taken."""
    async with desk.store.view() as unit:
        taken = (Measure.kind == "time_to_ack", Measure.partner == "om")
        return len((await unit.session.exec(select(Measure.id).where(*taken))).all())


async def test_a_press_before_the_repeat_takes_it_and_there_is_no_repeat(
    desk: Desk, other: Phone
) -> None:
    page = await page_of_a_former_life(desk, other)
    await presses(other, page, TAKE)
    assert await page_state(desk) == "acked"
    assert pages(desk, other) == [page]
    assert "Jij pakt" in page.text
    assert page.keyboard == ()
    assert await takings(desk) == 1


async def test_a_press_on_the_first_copy_takes_it_once_and_one_message_stands(
    desk: Desk, other: Phone
) -> None:
    first = await page_of_a_former_life(desk, other)
    await desk.settle()
    first, second = pages(desk, other)
    assert REPEAT not in first.text
    assert second.text.endswith(f"{REPEAT}: de verbinding brak.")
    keyboard = first.keyboard
    await presses(other, first, TAKE)
    assert await page_state(desk) == "acked"
    assert "Jij pakt" in second.text
    assert first.erased
    await presses(other, first, TAKE, dict(keyboard)[TAKE])
    await presses(other, second, TAKE, dict(keyboard)[TAKE])
    assert await takings(desk) == 1
    assert await page_state(desk) == "acked"
    assert not second.erased


@pytest.mark.parametrize("label", [TAKE, DECLINE])
async def test_a_press_on_the_first_copy_after_the_second_was_taken_tells_how_it_stands(
    desk: Desk, other: Phone, label: str
) -> None:
    await page_of_a_former_life(desk, other)
    await desk.settle()
    first, second = pages(desk, other)
    await presses(other, second, TAKE)
    assert "Jij pakt" in second.text
    assert first.keyboard, "nobody knows this one"
    await presses(other, first, label)
    assert await page_state(desk) == "acked", "what is answered is not taken back by an old button"
    assert first.erased
    assert "Jij pakt" in second.text
    assert not second.erased
    assert await takings(desk) == 1


async def test_both_copies_pressed_in_one_breath(desk: Desk, other: Phone) -> None:
    await page_of_a_former_life(desk, other)
    await desk.settle()
    first, second = pages(desk, other)
    press = dict(first.keyboard)[TAKE]
    for copy in (first, second, first):
        await hears(other, "tap", press, copy.event_id)
    await desk.settle()
    assert [copy.erased for copy in (first, second)] == [True, False]
    assert "Jij pakt" in second.text
    assert await takings(desk) == 1


async def test_no_on_the_first_copy_calls_the_next_one(desk: Desk, other: Phone) -> None:
    await page_of_a_former_life(desk, other)
    await desk.settle()
    first, second = pages(desk, other)
    await presses(other, first, DECLINE)
    assert await page_state(desk) == "declined"
    assert await page_state(desk, "om_ovj2") == "called"
    assert first.erased
    await presses(other, second, "Bezig")
    assert second.text == "Dank je. Genoteerd."


async def test_a_page_that_was_never_repeated_answers_too(desk: Desk, other: Phone) -> None:
    first = await page_of_a_former_life(desk, other)
    take = next(each for each in desk[OFFICER].screen() if each.loud)
    async with desk.store.unit() as unit:  # as when somebody else's yes came before the repeat
        found = await unit.session.exec(select(OutboxRow).where(OutboxRow.channel == TELEGRAM))
        for row in found.all():
            if row.state == "pending":
                outbox.finish(unit, row, "cancelled")
    await desk[OFFICER].taps("✅", take)
    assert await page_state(desk) == "acked"
    await presses(other, first, DECLINE)
    assert await page_state(desk) == "acked"
    assert "Jij pakt" in first.text
    assert first.keyboard == ()


async def test_a_press_that_is_faster_than_the_servers_answer(desk: Desk, other: Phone) -> None:
    """The repeat is on its way while the first one is pressed: it goes when it arrives."""
    first = await page_of_a_former_life(desk, other)
    async with desk.store.unit() as unit:
        (row,) = await leases.claim(unit, limit=50, lanes=outbox.PAGES)
        composed = await Composer(desk.world).compose(unit, row, await chats_of(unit, [row]))
        assert isinstance(composed, Composed)
        (second,) = desk._do(composed.delivery)
    await presses(other, first, TAKE)
    assert await page_state(desk) == "acked"
    async with desk.store.unit() as unit:
        fresh = await unit.session.get(OutboxRow, row.id)
        assert fresh is not None
        await accepted(unit, desk.world, fresh, composed.meaning, composed.room, (second,))
    await desk.settle()
    assert [each.event_id for each in pages(desk, other) if not each.erased] == [first.event_id]
    assert "Jij pakt" in first.text
    async with desk.store.view() as unit:
        post = await unit.session.exec(select(Post).where(Post.event_id == second))
        assert post.first() is None


async def test_the_first_copy_is_known_for_wiping_should_it_not_go_away(
    desk: Desk, other: Phone
) -> None:
    await page_of_a_former_life(desk, other)
    await desk.settle()
    first, _ = pages(desk, other)
    await presses(other, first, TAKE)
    async with desk.store.view() as unit:
        known = await unit.session.exec(
            select(InventoryItem.what).where(InventoryItem.event_id == first.event_id)
        )
        assert known.all() == ["message"]


async def test_an_edit_that_is_on_the_screen_already_can_be_pressed(desk: Desk) -> None:
    """The last screen of an alarm was shown, we died, and the thumb was faster than the repeat."""
    phone = await enrolled(desk, "vt_fo", "5002", maker="vt_ap")
    await types(phone, "alarm skm")
    (draft,) = [each for each in phone.screen() if each.keyboard]
    await hears(phone, "tap", dict(draft.keyboard)["Centrum"], draft.event_id)
    await dies_after_sending(desk)
    assert draft.edits == 1
    await hears(phone, "tap", dict(draft.keyboard)["Verstuur: spoed"], draft.event_id)
    assert await states(desk) == ["open"]
    await desk.settle()
    assert "van 4 opgepakt" in draft.text


async def test_the_last_screen_that_came_twice_sends_one_alarm(desk: Desk) -> None:
    phone = await enrolled(desk, "vt_fo", "5002", maker="vt_ap")
    await hears(phone, "text", "alarm skm spoed Centrum letsel past niet bij uitleg")
    await dies_after_sending(desk)
    await desk.settle()
    first, second = [each for each in phone.screen() if each.keyboard]
    send = dict(first.keyboard)["Verstuur: spoed"]
    await presses(phone, second, "Verstuur: spoed")
    await presses(phone, first, "Verstuur: spoed", send)
    phone.expects("Dit is voorbij. Nu: ")
    assert first.erased, "what was typed does not stay"
    assert await states(desk) == ["open"]


async def states(desk: Desk) -> list[str]:
    async with desk.store.view() as unit:
        return list(await unit.session.exec(select(Case.state)))


async def test_a_press_that_nobody_can_place_is_told_so_once_a_minute(
    desk: Desk, other: Phone
) -> None:
    lost = Shown(other.direct, "lost", "", loud=True)
    for _ in range(3):
        await presses(other, lost, "", "1.deadbeef")
    said = [each for each in other.screen() if NOTHING_DONE in each.text]
    assert len(said) == 1
