"""What nobody expected is reported; what was expected and did not come is reported too."""

import pytest

from tests.kit.expect import Expectations, NotSeen, nothing_unexpected
from tests.kit.seen import Screen
from tests.kit.test_seen import BOT, ROOM, edit, removal, tap, text


class Table(Expectations):
    """A screen on which a test lays events, without any server."""

    def __init__(self) -> None:
        super().__init__()
        self.name = "om"
        self.bot = BOT
        self.screen = Screen()

    async def settle(self) -> None:
        """All there is lies on the table."""

    async def news(self, timeout_s: float) -> None:
        """Nothing comes by itself."""

    def lay(self, *events: dict[str, object]) -> None:
        for event in events:
            self.screen.take(ROOM, event, encrypted=True, readable=True)


async def test_a_message_that_nobody_expected_fails_the_end() -> None:
    om = Table()
    om.lay(text("$1", "Alarm K7Q4"), text("$2", "Nog iets"))
    await om.expects("Alarm")
    assert [seen.text for seen in om.unexpected()] == ["Nog iets"]
    with pytest.raises(AssertionError, match=r"om did not expect:\n.*Nog iets"):
        await nothing_unexpected([om])


async def test_nothing_is_reported_when_all_was_expected() -> None:
    om = Table()
    om.lay(text("$1", "Alarm K7Q4"), text("$2", "hallo", sender="@vt:x"))
    await om.expects("Alarm")
    await nothing_unexpected([om])


async def test_an_edit_must_be_expected_too() -> None:
    om = Table()
    om.lay(text("$1", "Alarm K7Q4"))
    page = await om.expects("Alarm")
    om.lay(edit("$2", "$1", "Jij pakt K7Q4 op"))
    assert om.unexpected() == [page]
    await om.shows(page, "pakt K7Q4 op")
    assert om.unexpected() == []


async def test_a_headline_may_change_as_long_as_it_holds_what_was_expected() -> None:
    om = Table()
    om.lay(text("$1", "K7Q4: 0 van 4", kind="m.notice"))
    await om.expects("K7Q4:", loud=False)
    om.lay(edit("$2", "$1", "K7Q4: 1 van 4"))
    assert om.unexpected() == []


async def test_each_message_answers_one_expectation() -> None:
    om = Table()
    om.lay(text("$1", "Alarm K7Q4"))
    await om.expects("Alarm")
    with pytest.raises(NotSeen, match="waited for a message with 'Alarm'"):
        await om.expects("Alarm", hang_s=0)


async def test_a_silent_message_is_not_taken_for_a_loud_one() -> None:
    om = Table()
    om.lay(text("$1", "Alarm K7Q4", kind="m.notice"))
    with pytest.raises(NotSeen, match="that rings"):
        await om.expects("Alarm", loud=True, hang_s=0)


async def test_a_removal_must_be_expected() -> None:
    om = Table()
    om.lay(text("$1", "Alarm K7Q4"))
    page = await om.expects("Alarm")
    om.lay(removal("$2", "$1"))
    assert om.unexpected() == [page]
    await om.gone(page)
    assert om.unexpected() == []


async def test_a_message_that_cannot_be_read_is_never_expected() -> None:
    om = Table()
    locked = {**text("$1", ""), "type": "m.room.encrypted", "content": {}}
    om.screen.take(ROOM, locked, encrypted=True, readable=False)
    with pytest.raises(NotSeen, match="cannot be decrypted"):
        await om.expects("Alarm", hang_s=0)
    assert len(om.unexpected()) == 1


async def test_buttons_are_compared_in_order() -> None:
    om = Table()
    om.lay(text("$1", "Alarm"), tap("$2", "$1", "✅", BOT), tap("$3", "$1", "❌", BOT))
    page = await om.expects("Alarm")
    await om.offers(page, "✅", "❌")
    with pytest.raises(NotSeen, match="the buttons ❌ ✅"):
        await om.offers(page, "❌", "✅", hang_s=0)


async def test_a_prologue_can_be_passed_over_but_not_what_follows() -> None:
    om = Table()
    om.lay(text("$1", "Welkom"))
    om.ignore_so_far()
    assert om.unexpected() == []
    om.lay(text("$2", "Alarm"))
    assert [seen.text for seen in om.unexpected()] == ["Alarm"]
