"""Which methods of the Bot API this server knows."""

from collections.abc import Callable
from typing import Any

from tests.kit.telegram import account, editing, face, files, members, sending, topics
from tests.kit.telegram.refusal import Json
from tests.kit.telegram.world import World

Method = Callable[[World, Json], Any]

METHODS: dict[str, Method] = {
    "getMe": account.get_me,
    "getUpdates": account.get_updates,
    "setWebhook": account.set_webhook,
    "deleteWebhook": account.delete_webhook,
    "getWebhookInfo": account.webhook_info,
    "setMyCommands": face.set_commands,
    "getMyCommands": face.get_commands,
    "deleteMyCommands": face.delete_commands,
    "setMyShortDescription": face.set_short,
    "getMyShortDescription": face.get_short,
    "setMyDescription": face.set_long,
    "getMyDescription": face.get_long,
    "getChat": account.get_chat,
    "getChatMember": account.get_member,
    "leaveChat": account.leave_chat,
    "banChatMember": members.ban,
    "unbanChatMember": members.unban,
    "sendMessage": sending.send_message,
    "sendDocument": sending.send_document,
    "sendPhoto": sending.send_photo,
    "getFile": files.get_file,
    "sendChatAction": sending.send_chat_action,
    "editMessageText": editing.edit_text,
    "editMessageReplyMarkup": editing.edit_markup,
    "deleteMessage": editing.delete_message,
    "answerCallbackQuery": editing.answer_press,
    "createForumTopic": topics.create_topic,
    "editForumTopic": topics.edit_topic,
    "closeForumTopic": topics.close_topic,
    "reopenForumTopic": topics.reopen_topic,
    "deleteForumTopic": topics.delete_topic,
}
