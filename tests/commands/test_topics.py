"""Mode `thread`: the conversation in a topic of the region's group on Telegram."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.base import EraseRoom, Remove
from tests.commands.topic_scene import GROUP, OM, Topics, open_topics, press

OPERATOR = "beheerder"


@pytest.fixture
async def topics(tmp_path: Path) -> AsyncIterator[Topics]:
    async with open_topics(tmp_path) as topics:
        await topics.alarm()
        yield topics


async def close(topics: Topics) -> None:
    await topics.writes(topics.vt, "sluit")
    question = topics.vt.expects("Wat is de uitkomst?", topics.room)
    await press(topics.vt, question, "samen plan gemaakt")
    await press(topics.vt, question, "Sluit")


async def test_the_topic_shows_what_the_own_chat_does_not(topics: Topics) -> None:
    welcome, headline = topics.says()
    assert welcome.startswith("Casusruimte ")
    assert "De hele groep leest mee" in welcome
    assert "letsel past niet bij uitleg" in welcome
    assert "strafbare kindermishandeling · Centrum" in headline
    own = [each.text for each in (*topics.vt.screen(), *topics.police.screen())]
    assert not [text for text in own if "mishandeling" in text.casefold() or "Centrum" in text]


async def test_who_takes_it_is_in_it_and_who_has_no_telegram_has_a_headline(
    topics: Topics,
) -> None:
    await topics.take()
    topics.police.expects("✅ Jij pakt ")
    assert "Politie: opgepakt 15:41" in topics.says()[-1]
    await topics.desk[OM].taps("✅")
    topics.desk[OM].expects("Hieronder staat wie je belt voor de inhoud.")
    headline = topics.desk[OM].expects("OM: opgepakt 15:41", loud=False)
    assert "Jij hebt hier geen casusruimte. Bel VT voor de inhoud: 0800-2001." in headline.text
    inside = topics.police.screen()[-1].text
    assert "geen casusruimte" not in inside


async def test_what_is_agreed_there_is_read_there(topics: Topics) -> None:
    await topics.take()
    await topics.writes(topics.vt, "afspraak politie: sporen veiligstellen vóór 18:00")
    assert "sporen veiligstellen" in "\n".join(topics.says())
    mine = topics.police.expects("📌 Afspraak 1 in ", loud=False)
    assert "sporen" not in mine.text


async def test_a_press_of_who_is_not_in_the_case_is_answered_to_them(topics: Topics) -> None:
    """The whole group reads a topic, and sees its buttons."""
    await topics.writes(topics.vt, "regie")
    before = len(topics.says())
    await press(topics.police, topics.vt.expects("Wie krijgt de regie?", topics.room), "VT")
    topics.police.expects("Dat is niet aan jou, wel aan: ")
    assert len(topics.says()) == before


async def test_a_number_in_the_topic_is_taken_away(topics: Topics) -> None:
    await topics.writes(topics.vt, "bel 06-12345678")
    assert topics.desk.erased, "the line itself"
    topics.vt.expects("Ik haalde je bericht van 15:41 weg", loud=False)


async def test_after_closing_it_says_until_when_and_then_it_is_gone(topics: Topics) -> None:
    await topics.take()
    await topics.writes(topics.vt, "graag nog even wachten")
    await close(topics)
    assert "Ik wis dit onderwerp op za 15:41" in "\n".join(topics.says())
    room = topics.room
    assert len(await topics.inventory()) >= 5, "what we and they said, and the topic itself"
    await topics.desk.advance(24 * 60)
    assert [each.room for each in topics.desk.carried(EraseRoom)] == [room]
    assert (await topics.case()).room is None
    assert await topics.inventory() == []
    topics.police.expects("op Telegram is gewist (15:41)", loud=False)


async def test_it_is_gone_as_soon_as_everybody_has_it_in_their_file(topics: Topics) -> None:
    await topics.take()
    await close(topics)
    await press(topics.vt, topics.vt.expects("Staat alles in je eigen dossier?"), "Ja, klopt")
    assert topics.desk.carried(EraseRoom) == []
    asked = topics.police.expects("Staat alles in je eigen dossier?")
    await press(topics.police, asked, "Ja, klopt")
    assert len(topics.desk.carried(EraseRoom)) == 1


async def test_a_withdrawn_alarm_is_erased_too(topics: Topics) -> None:
    mine = topics.vt.expects("0 van 4 opgepakt")
    await press(topics.vt, mine, "Vergissing")
    await press(topics.vt, topics.vt.expects("intrekken?"), "Trek in")
    assert (await topics.case()).state == "withdrawn"
    await topics.desk.advance(24 * 60)
    assert len(topics.desk.carried(EraseRoom)) == 1


async def test_where_the_group_forbids_it_each_message_goes_and_the_operator_hears_the_rest(
    topics: Topics,
) -> None:
    await topics.writes(topics.vt, "dit staat er te lang")
    await topics.desk.advance(30 * 60)
    await close(topics)
    topics.desk.refuses_kinds = {EraseRoom}
    before = set(await topics.inventory())
    await topics.desk.advance(24 * 60)
    topics.desk[OPERATOR].expects("Wis het onderwerp met de hand", loud=True)
    left = set(await topics.inventory())
    assert left < before
    assert len(left) > 1, "what is older than 48 hours, and the topic itself"


async def test_a_topic_deleted_by_hand_is_made_again_with_how_far_it_is(topics: Topics) -> None:
    await topics.take()
    old = topics.room
    topics.desk.gone.add(old)
    await topics.writes(topics.vt, "stand")
    assert topics.room != old
    told = "\n".join(topics.says())
    assert "tot nu toe" in told
    assert "1 van 4 opgepakt" in told
    topics.desk[OPERATOR].expects("met de hand", loud=True)
    await topics.desk[OM].taps("✅")
    assert "2 van 4 opgepakt" in topics.says()[-1], "the new headline is the one that is edited"


async def test_after_the_end_a_topic_deleted_by_hand_stays_away(topics: Topics) -> None:
    await close(topics)
    old = topics.room
    topics.desk.gone.add(old)
    await topics.desk.advance(24 * 60)
    assert topics.room == old
    assert (await topics.case()).room is None


async def test_an_outsider_in_the_group_is_put_out(topics: Topics) -> None:
    await topics.happens("joined", GROUP, "9999")
    assert [(each.room, each.user) for each in topics.desk.carried(Remove)] == [(GROUP, "9999")]
    topics.desk[OPERATOR].expects("kwam in de Telegram-groep", loud=True)
    await topics.happens("joined", GROUP, topics.police.address)
    assert len(topics.desk.carried(Remove)) == 1, "a colleague may be there"


async def test_words_of_an_outsider_do_not_stay(topics: Topics) -> None:
    before = len(topics.desk.erased)
    for _ in range(2):
        await topics.desk.update("text", topics.room, "", text="hallo", channel="telegram")
    assert len(topics.desk.erased) == 2 + before
    lines = [each for each in topics.desk[OPERATOR].screen() if "schreef in" in each.text]
    assert len(lines) == 1, "once an hour is enough"
    assert topics.desk.carried(Remove) == [], "whoever hides cannot be named either"


async def test_an_outsider_who_writes_is_put_out_too(topics: Topics) -> None:
    await topics.desk.update("text", topics.room, "9999", text="hallo", channel="telegram")
    assert [(each.room, each.user) for each in topics.desk.carried(Remove)] == [(GROUP, "9999")]


async def test_when_we_are_put_out_of_the_group_the_operator_hears_it(topics: Topics) -> None:
    await topics.happens("shut_out", GROUP, "9999")
    topics.desk[OPERATOR].expects("geen beheerder meer van de Telegram-groep", loud=True)
