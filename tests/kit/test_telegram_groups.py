"""Groups, forums with topics, and a group that becomes a supergroup."""

import pytest
from telegram import Bot, Update
from telegram.error import BadRequest, ChatMigrated, Forbidden

from tests.kit.device import PhoneFailed
from tests.kit.telegram.server import FakeTelegram


async def test_everybody_in_the_group_sees_what_the_bot_says(
    server: FakeTelegram, bot: Bot
) -> None:
    anna, bea, carl = (server.person(name) for name in ("anna", "bea", "carl"))
    group = server.group("Dienst", anna, bea)
    await bot.send_message(group.id, "Rooster staat klaar", disable_notification=True)
    await anna.expects("Rooster", room=str(group.id), loud=False)
    await bea.expects("Rooster")
    assert carl.messages == []


async def test_a_plain_member_hears_only_what_is_meant_for_it(
    server: FakeTelegram, bot: Bot
) -> None:
    anna = server.person("anna")
    group = server.group("Dienst", anna)
    server.updates.drop()
    sent = await bot.send_message(group.id, "Rooster")
    await anna.writes("wat een dag", chat=group)
    await anna.writes("/dienst", chat=group)
    await anna.writes("dank", chat=group, reply_to=anna.messages[0])
    await anna.writes(f"hoi @{bot.username}", chat=group)
    heard = [update.message for update in await bot.get_updates() if update.message]
    assert [message.text for message in heard] == ["/dienst", "dank", f"hoi @{bot.username}"]
    assert heard[1].reply_to_message is not None
    assert heard[1].reply_to_message.message_id == sent.message_id
    group.sets_bot("administrator")
    await anna.writes("nu alles", chat=group)
    update = (await bot.get_updates())[-1]
    assert update.message is not None
    assert update.message.text == "nu alles"


async def test_a_bot_that_was_put_out_is_refused(server: FakeTelegram, bot: Bot) -> None:
    anna = server.person("anna")
    group = server.group("Dienst", anna)
    group.sets_bot("kicked")
    with pytest.raises(Forbidden, match=r"(?i)bot was kicked from the group chat"):
        await bot.send_message(group.id, "x")
    await anna.writes("/dienst", chat=group)
    updates = [update.my_chat_member for update in await bot.get_updates()]
    assert [change.new_chat_member.status for change in updates if change] == ["member", "kicked"]
    assert None not in updates


async def test_a_bot_can_leave(server: FakeTelegram, bot: Bot) -> None:
    group = server.group("Dienst", server.person("anna"))
    await bot.leave_chat(group.id)
    with pytest.raises(Forbidden, match=r"(?i)bot is not a member"):
        await bot.send_message(group.id, "x")


async def test_a_topic_holds_its_own_talk(server: FakeTelegram, bot: Bot) -> None:
    anna = server.person("anna")
    forum = server.forum("Regio Lage Dijk", anna)
    server.updates.drop()
    made = await bot.create_forum_topic(forum.id, "K7Q4")
    sent = await bot.send_message(forum.id, "Alarm", message_thread_id=made.message_thread_id)
    assert (sent.is_topic_message, sent.message_thread_id) == (True, made.message_thread_id)
    seen = await anna.expects("Alarm", room=f"{forum.id}/{made.message_thread_id}")
    assert forum.topic("K7Q4").number == made.message_thread_id
    await anna.writes("sporen veiligstellen", chat=forum, thread=made.message_thread_id)
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.message_thread_id == made.message_thread_id
    assert update.message.message_id > int(seen.event_id.partition(":")[2])


async def test_a_topic_can_be_closed_and_named_anew(server: FakeTelegram, bot: Bot) -> None:
    forum = server.forum("Regio Lage Dijk", server.person("anna"))
    thread = (await bot.create_forum_topic(forum.id, "K7Q4")).message_thread_id
    await bot.edit_forum_topic(forum.id, thread, name="K7Q4 gesloten")
    await bot.close_forum_topic(forum.id, thread)
    assert forum.topic("gesloten").closed
    with pytest.raises(BadRequest, match=r"(?i)topic_not_modified"):
        await bot.close_forum_topic(forum.id, thread)
    await bot.reopen_forum_topic(forum.id, thread)
    assert not forum.topic("gesloten").closed


async def test_deleting_a_topic_takes_old_messages_too(server: FakeTelegram, bot: Bot) -> None:
    anna = server.person("anna")
    forum = server.forum("Regio Lage Dijk", anna)
    thread = (await bot.create_forum_topic(forum.id, "K7Q4")).message_thread_id
    await bot.send_message(forum.id, "Alarm", message_thread_id=thread)
    other = await bot.send_message(forum.id, "blijft staan")
    said = await anna.writes("oud bericht", chat=forum, thread=thread)
    server.clock.move(hours=60)
    await bot.delete_forum_topic(forum.id, thread)
    assert said.redacted
    assert [seen.message_id for seen in anna.messages if not seen.redacted] == [other.message_id]
    with pytest.raises(BadRequest, match=r"(?i)topic_id_invalid"):
        await bot.close_forum_topic(forum.id, thread)


async def test_a_topic_deleted_by_hand_is_only_found_out(server: FakeTelegram, bot: Bot) -> None:
    anna = server.person("anna")
    forum = server.forum("Regio Lage Dijk", anna)
    thread = (await bot.create_forum_topic(forum.id, "K7Q4")).message_thread_id
    server.updates.drop()
    forum.loses_topic(forum.topic("K7Q4"))
    assert await bot.get_updates() == ()
    with pytest.raises(BadRequest, match=r"(?i)message thread not found"):
        await bot.send_message(forum.id, "x", message_thread_id=thread)
    with pytest.raises(PhoneFailed, match="no topic"):
        await anna.writes("x", chat=forum, thread=thread)


async def test_topics_need_a_forum_and_the_right(server: FakeTelegram, bot: Bot) -> None:
    anna = server.person("anna")
    with pytest.raises(BadRequest, match=r"(?i)not a forum"):
        await bot.create_forum_topic(server.group("Dienst", anna).id, "K7Q4")
    with pytest.raises(BadRequest, match=r"(?i)not enough rights"):
        await bot.create_forum_topic(server.forum("Regio", anna, bot="member").id, "K7Q4")


async def test_a_closed_topic_is_closed_for_who_has_no_rights(
    server: FakeTelegram, bot: Bot
) -> None:
    bea = server.person("bea")
    forum = server.forum("Regio", server.person("anna"), bea)
    thread = (await bot.create_forum_topic(forum.id, "K7Q4")).message_thread_id
    await bot.close_forum_topic(forum.id, thread)
    await bot.send_message(forum.id, "mag", message_thread_id=thread)
    with pytest.raises(PhoneFailed, match="is closed"):
        await bea.writes("x", chat=forum, thread=thread)
    forum.sets_bot("member")
    with pytest.raises(BadRequest, match=r"(?i)topic_closed"):
        await bot.send_message(forum.id, "mag niet", message_thread_id=thread)


async def test_only_an_administrator_deletes_what_others_wrote(
    server: FakeTelegram, bot: Bot
) -> None:
    anna = server.person("anna")
    group = server.group("Dienst", anna)
    said = await anna.writes("/alarm", chat=group)
    with pytest.raises(BadRequest, match=r"(?i)message can't be deleted"):
        await bot.delete_message(group.id, said.message_id)
    group.sets_bot("administrator")
    await bot.delete_message(group.id, said.message_id)
    assert said.redacted


async def test_a_group_that_is_upgraded_tells_its_new_number(
    server: FakeTelegram, bot: Bot
) -> None:
    anna = server.person("anna")
    group = server.group("Dienst", anna)
    old = group.id
    new = group.upgrades()
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(old, "x")
    assert moved.value.new_chat_id == new == group.id
    await bot.send_message(new, "hier verder")
    await anna.expects("hier verder", room=str(new))
    told = [update.message for update in await bot.get_updates() if update.message]
    assert [(one.migrate_to_chat_id, one.migrate_from_chat_id) for one in told] == [
        (new, None),
        (None, old),
    ]


async def test_who_is_in_the_group(server: FakeTelegram, bot: Bot) -> None:
    anna, bea = server.person("anna"), server.person("bea")
    forum = server.forum("Regio", anna)
    await bot.get_updates(allowed_updates=[Update.CHAT_MEMBER])
    forum.joins(bea)
    assert (await bot.get_chat_member(forum.id, anna.id)).status == "creator"
    assert (await bot.get_chat_member(forum.id, bea.id)).status == "member"
    assert (await bot.get_chat_member(forum.id, bot.id)).status == "administrator"
    forum.leaves(bea)
    assert (await bot.get_chat_member(forum.id, bea.id)).status == "left"
    changes = [update.chat_member for update in await bot.get_updates() if update.chat_member]
    assert [change.new_chat_member.status for change in changes] == ["member", "left"]
    chat = await bot.get_chat(forum.id)
    assert (chat.title, chat.is_forum) == ("Regio", True)


async def test_bots_and_channels_write_too(server: FakeTelegram, bot: Bot) -> None:
    other = server.person("reclame", is_bot=True)
    channel = server.channel("Nieuws")
    forum = server.forum("Regio", server.person("anna"), other)
    server.updates.drop()
    await other.writes("/alarm", chat=forum)
    channel.writes("/alarm", chat=forum)
    channel.posts("/alarm")
    by_bot, by_channel, in_channel = await bot.get_updates()
    assert by_bot.message is not None
    assert by_bot.message.from_user is not None
    assert by_bot.message.from_user.is_bot
    assert by_channel.message is not None
    assert by_channel.message.sender_chat is not None
    assert by_channel.message.sender_chat.id == channel.id
    assert in_channel.channel_post is not None
    assert in_channel.channel_post.chat.id == channel.id
