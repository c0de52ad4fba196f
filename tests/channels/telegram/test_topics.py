"""Case rooms as topics of the region's group, over the wire."""

from dataclasses import dataclass

import pytest

from bot.channels.base import (
    Accepted,
    Erase,
    EraseRoom,
    Later,
    OpenRoom,
    Refused,
    Remove,
    Say,
    SendFile,
)
from bot.channels.telegram.channel import TelegramChannel
from tests.kit.telegram.group import Group
from tests.kit.telegram.person import Person
from tests.kit.telegram.screen import TelegramSeen
from tests.kit.telegram.server import FakeTelegram


@dataclass
class Forum:
    """The region's group with one topic, made by our channel."""

    group: Group
    police: Person
    room: str

    def heard(self) -> list[str]:
        """What stands in the topic now."""
        number = int(self.room.partition("/")[2])
        posts = self.group.chat.posts.values()
        return [
            post.body["text"] for post in posts if post.thread_id == number if "text" in post.body
        ]


@pytest.fixture
async def forum(telegram: FakeTelegram, channel: TelegramChannel) -> Forum:
    owner, police = telegram.person("beheer"), telegram.person("politie")
    group = telegram.forum("Lage Dijk", owner, police)
    made = await channel.send(OpenRoom("k1", "K7Q4", under=str(group.id)))
    assert isinstance(made, Accepted)
    (room,) = made.ids
    return Forum(group, police, room)


async def test_a_case_gets_a_topic_with_nothing_but_its_reference(forum: Forum) -> None:
    (topic,) = forum.group.topics
    assert topic.name == "K7Q4"
    assert forum.room == f"{forum.group.id}/{topic.number}"


async def test_words_edits_and_files_go_into_the_topic(
    forum: Forum, channel: TelegramChannel, telegram: FakeTelegram
) -> None:
    said = await channel.send(Say(forum.room, "k2", "Welkom", loud=False))
    assert isinstance(said, Accepted)
    await channel.send(Say(forum.room, "k3", "Welkom terug", loud=False, replaces=said.ids[0]))
    assert forum.heard() == ["Welkom terug"]
    sent = await channel.send(SendFile(forum.room, "k4", "K7Q4.ics", "text/calendar", b"x"))
    assert isinstance(sent, Accepted)
    assert telegram.log.of("sendDocument")[0].parameters["message_thread_id"] > 0


async def test_what_is_said_in_a_topic_and_pressed_there_bears_its_address(
    forum: Forum, channel: TelegramChannel
) -> None:
    asked = Say(forum.room, "k2", "Ben je er?", loud=False, keyboard=(("Ja", "1.abc"),))
    await channel.send(asked)
    batch = await channel.receive(None)
    number = int(forum.room.partition("/")[2])
    written = await forum.police.writes("stand", chat=forum.group, thread=number)
    shown = forum.police.screen.messages[-2]
    assert isinstance(shown, TelegramSeen)
    await forum.police.taps(shown, "Ja")
    batch = await channel.receive(batch.cursor)
    said, pressed = batch.updates
    assert (said.room, said.text, said.event_id) == (
        forum.room, "stand", f"{forum.group.id}:{written.message_id}",
    )  # fmt: skip
    assert (pressed.kind, pressed.room, pressed.text) == ("tap", forum.room, "1.abc")


async def test_a_topic_is_erased_with_all_that_stands_in_it(
    forum: Forum, channel: TelegramChannel
) -> None:
    await channel.send(Say(forum.room, "k2", "Welkom", loud=False))
    assert await channel.send(EraseRoom(forum.room, "k3")) == Accepted()
    assert forum.group.topics == []
    assert forum.heard() == []
    assert await channel.send(EraseRoom(forum.room, "k3")) == Accepted(), "it is gone, as asked"


async def test_a_group_that_does_not_let_us_erase_says_so(
    forum: Forum, channel: TelegramChannel
) -> None:
    forum.group.sets_bot("member")
    refused = await channel.send(EraseRoom(forum.room, "k3"))
    assert isinstance(refused, Refused)
    assert not refused.gone


async def test_a_topic_that_somebody_deleted_by_hand_is_told_as_gone(
    forum: Forum, channel: TelegramChannel
) -> None:
    forum.group.loses_topic(forum.group.topics[0])
    refused = await channel.send(Say(forum.room, "k2", "Welkom", loud=False))
    assert isinstance(refused, Refused)
    assert refused.gone


async def test_a_change_of_a_message_that_somebody_deleted_is_said_anew(
    forum: Forum, channel: TelegramChannel
) -> None:
    said = await channel.send(Say(forum.room, "k2", "0 van 4", loud=False))
    assert isinstance(said, Accepted)
    await channel.send(Erase(forum.room, "k3", said.ids[0]))
    anew = await channel.send(Say(forum.room, "k4", "1 van 4", loud=False, replaces=said.ids[0]))
    assert isinstance(anew, Accepted)
    assert anew.ids != said.ids
    assert forum.heard() == ["1 van 4"]


async def test_a_change_tells_that_its_topic_is_gone(
    forum: Forum, channel: TelegramChannel
) -> None:
    said = await channel.send(Say(forum.room, "k2", "0 van 4", loud=False))
    assert isinstance(said, Accepted)
    forum.group.loses_topic(forum.group.topics[0])
    refused = await channel.send(Say(forum.room, "k4", "1 van 4", loud=False, replaces=said.ids[0]))
    assert isinstance(refused, Refused)
    assert refused.gone


async def test_what_is_too_old_remains(
    forum: Forum, channel: TelegramChannel, telegram: FakeTelegram
) -> None:
    said = await channel.send(Say(forum.room, "k2", "Welkom", loud=False))
    assert isinstance(said, Accepted)
    telegram.clock.move(hours=49)
    erased = await channel.send(Erase(forum.room, "k3", said.ids[0]))
    assert erased == Accepted(remains=said.ids)


async def test_an_outsider_is_put_out_and_may_come_back(
    forum: Forum, channel: TelegramChannel, telegram: FakeTelegram
) -> None:
    stranger = telegram.person("onbekend")
    before = await channel.receive(None)  # from then on it knows what we want to hear
    forum.group.joins(stranger)
    batch = await channel.receive(before.cursor)
    came = [each for each in batch.updates if each.kind == "joined"]
    assert [(each.room, each.sender) for each in came] == [(str(forum.group.id), str(stranger.id))]
    assert await channel.send(Remove(str(forum.group.id), "k4", str(stranger.id))) == Accepted()
    assert stranger.id not in forum.group.chat.members
    forum.group.joins(stranger)


async def test_all_topics_share_the_limit_of_their_group(
    forum: Forum, channel: TelegramChannel
) -> None:
    other = await channel.send(OpenRoom("k5", "M3X8", under=str(forum.group.id)))
    assert isinstance(other, Accepted)
    rooms = (forum.room, *other.ids)
    receipts = [await channel.send(Say(rooms[n % 2], f"n{n}", "x", loud=False)) for n in range(19)]
    assert [type(each) for each in receipts] == [Accepted] * 18 + [Later], "20 a minute, with both"
