"""Commands that nobody typed here, that were typed in the wrong place, or not by a person: no alarm
comes of them, and who can be answered is told the way on."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.tables import Case, InboxRow
from tests.faults.telegram_region import LINE, TelegramRegion, telegram_region
from tests.kit.seen import Seen
from tests.kit.telegram.group import Group
from tests.kit.telegram.person import Person

NOTHING_DONE = "Er is niets gedaan."
LAST_SCREEN = "Er is nog niets verstuurd."


@pytest.fixture
async def region(tmp_path: Path) -> AsyncIterator[TelegramRegion]:
    """At the end nothing that came was set aside."""
    async with telegram_region(tmp_path, group=True) as region:
        yield region
        assert {row.state for row in await region.rows(InboxRow)} == {"done"}


@pytest.fixture
def group(region: TelegramRegion) -> Group:
    """The region's own."""
    assert region.group is not None
    return region.group


@pytest.fixture
async def police(region: TelegramRegion, group: Group) -> Person:
    """A melder on Telegram, who is in the group as well."""
    phone = await region.enrolled("politie_cvd1", "politie_ap")
    group.joins(phone)
    await region.quiet()
    return phone


async def cases(region: TelegramRegion) -> list[str]:
    """How each alarm stands, also those that were not sent."""
    return [case.state for case in await region.rows(Case)]


def of_bot(phone: Person) -> list[Seen]:
    """What the bot said to them since they came in, wherever."""
    return [seen for seen in phone.unexpected() if not seen.redacted]


async def test_a_forwarded_alarm_is_not_raised(
    region: TelegramRegion, police: Person, group: Group
) -> None:
    other = region.telegram.person("somebody")
    await police.forwards(f"/{LINE}", by=other)
    await region.quiet()
    (answer,) = of_bot(police)
    assert NOTHING_DONE in answer.text
    line = await police.forwards(f"/{LINE}", by=other, chat=group)
    await region.quiet()
    assert await cases(region) == []
    assert [seen.room for seen in of_bot(police)] == [str(police.id)] * 2, "not in the group"
    assert not line.redacted, "a plain member cannot; it said so in the log only"


async def test_a_forwarded_yes_takes_nothing(region: TelegramRegion, police: Person) -> None:
    await region.alarm()
    await region.quiet()
    page = await police.expects("🔴 Alarm", loud=True)
    await police.forwards("ik pak op", by=region.telegram.person("somebody"))
    await region.quiet()
    assert page.text.startswith("🔴 Alarm")
    assert NOTHING_DONE in of_bot(police)[-1].text


async def test_an_edit_is_never_a_command(
    region: TelegramRegion, police: Person, group: Group
) -> None:
    talk = await police.writes("hulp")
    await region.quiet()
    said = len(of_bot(police))
    await police.edits(talk, f"/{LINE}")
    in_group = await police.writes("/hulp", chat=group)
    await region.quiet()
    said += 1
    await police.edits(in_group, "/alarm skm spoed")
    await region.quiet()
    assert await cases(region) == []
    assert len(of_bot(police)) == said, "an edit is not answered either"


async def test_an_edited_answer_does_not_take_the_page(
    region: TelegramRegion, police: Person
) -> None:
    await region.alarm()
    await region.quiet()
    page = await police.expects("🔴 Alarm", loud=True)
    talk = await police.writes("ok")
    await region.quiet()
    await police.edits(talk, "1")
    await region.quiet()
    assert page.text.startswith("🔴 Alarm")


@pytest.mark.parametrize("bot", ["member", "administrator"])
async def test_in_a_group_that_is_not_ours_nothing_is_done_or_said(
    region: TelegramRegion, police: Person, bot: str
) -> None:
    other = region.telegram.group("Buurtpreventie", police, bot=bot)
    for words in ("/alarm", f"/{LINE}", "/dienst", "/hulp", "/stand", "alarm"):
        await police.writes(words, chat=other)
    await police.sends_photo(chat=other)
    await region.quiet()
    assert await cases(region) == []
    assert of_bot(police) == []
    assert region.telegram.log.of("sendMessage", chat=other.id) == []


async def test_what_belongs_in_the_own_chat_is_not_done_in_the_group(
    region: TelegramRegion, police: Person, group: Group
) -> None:
    await region.alarm()
    await region.quiet()
    page = await police.expects("🔴 Alarm", loud=True)
    before = len(of_bot(police))
    for words in ("/stand", "/test", "/uitnodigen chef van dienst 2", "/ja", "/sluit", "1"):
        await police.writes(words, chat=group)
    await region.quiet()
    assert page.text.startswith("🔴 Alarm"), "not taken"
    told = of_bot(police)[before:]
    assert {seen.text for seen in told} == {"Dat kan alleen in ons eigen gesprek."}
    assert {seen.room for seen in told} == {str(police.id)}, "said there, and not in the group"


async def test_an_alarm_in_the_group_goes_on_in_the_own_chat(
    region: TelegramRegion, police: Person, group: Group
) -> None:
    group.sets_bot("administrator")
    line = await police.writes("/alarm@lagedijk_kortelijn_bot skm spoed Centrum", chat=group)
    await region.quiet()
    assert line.redacted, "its words do not stay there"
    await police.expects("Ik vraag de rest in ons eigen gesprek.")
    assert (await police.expects(LAST_SCREEN)).room == str(police.id)
    assert await cases(region) == ["draft"]
    assert not [seen for seen in of_bot(police) if seen.room == str(group.id)]


async def test_an_alarm_for_another_bot_is_not_ours(
    region: TelegramRegion, police: Person, group: Group
) -> None:
    group.sets_bot("administrator")
    await police.writes("/alarm@other_bot", chat=group)
    await police.writes("/alarm@other_bot")
    await region.quiet()
    assert await cases(region) == []
    assert of_bot(police) == []


async def test_who_is_not_a_person_is_not_listened_to(
    region: TelegramRegion, police: Person, group: Group
) -> None:
    group.sets_bot("administrator")
    robot = region.telegram.person("robot", is_bot=True)
    group.joins(robot)
    channel = region.telegram.channel("Nieuws")
    channel.posts(f"/{LINE}")
    channel.writes(f"/{LINE}", chat=group)
    await robot.writes(f"/{LINE}", chat=group)
    await region.quiet()
    assert await cases(region) == []
    assert of_bot(police) == []
    assert not [call for call in region.telegram.log.of("sendMessage") if call.chat == channel.id]


async def test_a_stranger_hears_the_same_sentence_once_and_in_the_group_nothing(
    region: TelegramRegion, police: Person, group: Group
) -> None:
    stranger = region.telegram.person("somebody")
    group.joins(stranger)
    await stranger.writes(f"/{LINE}", chat=group)
    await stranger.starts()
    for words in (LINE, "/alarm", "ik pak op", "1"):
        await stranger.writes(words)
    await stranger.sends_photo()
    await region.quiet()
    assert await cases(region) == []
    own = [seen for seen in of_bot(stranger) if seen.room == str(stranger.id)]
    assert ["Dit kanaal is besloten." in seen.text for seen in own] == [True]
    assert not [seen for seen in of_bot(police) if seen.room == str(group.id)]


async def test_photos_files_and_speech_are_not_taken(
    region: TelegramRegion, police: Person
) -> None:
    await police.sends_photo("alarm skm spoed Centrum")
    await police.sends_file("alarm.txt", b"alarm")
    await region.quiet()
    assert await cases(region) == []
    answers = of_bot(police)
    assert answers
    assert all("neem ik niet aan" in seen.text for seen in answers)
