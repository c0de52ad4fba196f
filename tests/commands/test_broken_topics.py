"""Topics that cannot be made, read, changed or erased: nothing of a case is lost in silence."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.base import EraseRoom, OpenRoom, Remove
from bot.compose import Composed, Composer, chats_of
from commands.world import World
from config.region import Telegram
from storage import leases, outbox
from tests.commands.harness import Desk
from tests.commands.telegram_scene import BOT, types
from tests.commands.test_topics import close
from tests.commands.topic_scene import ALARM, GROUP, OM, Topics, open_topics, press

OPERATOR = "beheerder"
BROKEN = "De casusruimte werkt niet. Bel elkaar: 0800-2001"
REASON = "letsel past niet bij uitleg"
LINK = "meet.example"
DAY = 24 * 60


@pytest.fixture
async def topics(tmp_path: Path) -> AsyncIterator[Topics]:
    async with open_topics(tmp_path) as topics:
        yield topics


def in_mode_pages(desk: Desk) -> None:
    """Somebody changed it in the folder, and we were started again."""
    telegram = Telegram(bot=BOT, group=GROUP)
    region = desk.world.region.model_copy(update={"telegram": telegram})
    desk.world = World(region, desk.world.protocols)


def lines(topics: Topics, words: str) -> int:
    return len([each for each in topics.desk[OPERATOR].screen() if words in each.text])


async def settle_but_for_the_room(desk: Desk) -> None:
    """The group takes no new topic now; everything else goes."""
    while True:
        async with desk.store.unit() as unit:
            rows = await leases.claim(unit, limit=50, lanes=outbox.HEADLINES)
            chats = await chats_of(unit, rows)
            for row in rows:
                composed = await Composer(desk.world).compose(unit, row, chats)
                if row.kind == "open_room":
                    outbox.put_back(row, "limited")
                elif isinstance(composed, Composed):
                    await desk._carry_out(unit, row, composed)
                else:
                    outbox.finish(unit, row, composed)
        if {row.kind for row in rows} <= {"open_room"} and not await desk._sweep():
            return


async def test_who_takes_it_later_hears_too_that_there_is_no_room(topics: Topics) -> None:
    topics.desk.refuses_kinds = {OpenRoom}
    await topics.alarm()
    topics.vt.expects(BROKEN, loud=True)
    await topics.take()
    topics.police.expects(BROKEN, loud=True)
    await topics.desk[OM].taps("✅")
    topics.desk[OM].expects(BROKEN, loud=True)
    told = [each for each in topics.vt.screen() if BROKEN in each.text]
    assert len(told) == 1, "each hears it once"
    assert lines(topics, "is geweigerd") == 1


async def test_the_room_is_tried_again_when_somebody_takes_it(topics: Topics) -> None:
    topics.desk.refuses_kinds = {OpenRoom}
    await topics.alarm()
    topics.desk.refuses_kinds = set()
    await topics.take()
    assert REASON in "\n".join(topics.says())
    topics.vt.lacks(BROKEN)
    topics.vt.expects("Kijk in de casusruimte.", loud=False)


async def test_a_room_in_which_we_may_not_speak_is_told(topics: Topics) -> None:
    await topics.alarm()
    await topics.take()
    topics.desk.refuses.add((await topics.case()).reference or "")
    for _ in range(2):
        await topics.writes(topics.vt, "stand")
    topics.vt.expects(BROKEN, loud=True)
    topics.police.expects(BROKEN, loud=True)
    assert lines(topics, "is geweigerd") == 1


async def test_what_was_said_as_somebody_deleted_the_topic_stands_in_the_next(
    topics: Topics,
) -> None:
    await topics.alarm()
    await topics.take()
    topics.desk.gone.add(topics.room)
    await topics.writes(topics.vt, "afspraak politie: sporen veiligstellen vóór 18:00")
    said = topics.says()
    assert [each for each in said if "sporen veiligstellen" in each]
    assert len([each for each in said if "van 4 opgepakt. Wacht" in each]) == 1, "one headline"


async def test_a_group_in_which_every_topic_is_gone_is_not_tried_for_ever(topics: Topics) -> None:
    await topics.alarm()

    class Everything(set[str]):
        def __contains__(self, room: object) -> bool:
            return isinstance(room, str) and room in topics.desk.case_rooms

    topics.desk.gone = Everything()
    before = len(topics.desk.case_rooms)
    await topics.writes(topics.vt, "afspraak politie: sporen veiligstellen vóór 18:00")
    assert len(topics.desk.case_rooms) - before < 10


async def test_a_topic_that_comes_after_the_end_goes_at_once_and_tells_no_reason(
    topics: Topics, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = topics.desk
    await types(topics.vt, ALARM)
    with monkeypatch.context() as away:
        away.setattr(desk, "settle", lambda: settle_but_for_the_room(desk))
        await press(topics.vt, topics.vt.expects("Klopt dit?"), "Verstuur: spoed")
        await press(topics.vt, topics.vt.expects("0 van 4 opgepakt"), "Vergissing")
        await press(topics.vt, topics.vt.expects("intrekken?"), "Trek in")
        await desk.advance(DAY + 60)
    assert desk.case_rooms == []
    await desk.settle()
    assert [each.room for each in desk.carried(EraseRoom)] == [topics.room]
    assert REASON not in "\n".join(topics.says())


async def test_the_operator_hears_how_much_stays_after_all_was_tried(topics: Topics) -> None:
    await topics.alarm()
    await topics.take()
    await close(topics)
    topics.desk.refuses.add((await topics.case()).reference or "")
    await topics.desk.advance(DAY)
    left = len(await topics.inventory()) - 1  # the topic itself
    assert left >= 5
    topics.desk[OPERATOR].expects(f"Er staan nog {left} berichten.", loud=True)
    assert lines(topics, "met de hand") == 1


async def test_an_outsider_who_cannot_be_put_out_is_told(topics: Topics) -> None:
    topics.desk.refuses_kinds = {Remove}
    await topics.happens("joined", GROUP, "9999")
    topics.desk[OPERATOR].expects("Ik mag die er niet uit zetten.", loud=True)


async def test_a_number_that_is_forwarded_into_a_topic_does_not_stay(topics: Topics) -> None:
    await topics.alarm()
    before = len(topics.desk.erased)
    await types(topics.vt, "bel 06-12345678", topics.room, forwarded=True)
    assert len(topics.desk.erased) == before + 1
    topics.vt.expects("Ik haalde je bericht van", loud=False)


async def test_back_in_mode_pages_no_link_goes_to_a_topic_that_is_left(topics: Topics) -> None:
    await topics.alarm()
    await topics.take()
    in_mode_pages(topics.desk)
    await press(topics.vt, topics.vt.expects("van 4 opgepakt"), "Overleg nu")
    assert topics.desk.files == []
    assert LINK not in "\n".join(topics.says())


async def test_a_draft_of_mode_thread_gets_its_room_where_rooms_are_now(topics: Topics) -> None:
    await types(topics.vt, ALARM)
    in_mode_pages(topics.desk)
    await press(topics.vt, topics.vt.expects("Klopt dit?"), "Verstuur: spoed")
    assert (await topics.case()).channel == "matrix"


async def test_a_line_that_cannot_be_taken_out_of_the_topic_is_told(topics: Topics) -> None:
    await topics.alarm()
    topics.desk.keeps_all = True
    await topics.writes(topics.vt, "bel 06-12345678")
    assert lines(topics, "Wis het onderwerp met de hand") == 1


async def test_what_stays_in_a_direct_chat_is_no_matter_of_the_topic(topics: Topics) -> None:
    await topics.alarm()
    topics.desk.keeps_all = True
    await types(topics.vt, "afspraak politie: sporen veiligstellen vóór 18:00")
    assert lines(topics, "Wis het onderwerp met de hand") == 0
