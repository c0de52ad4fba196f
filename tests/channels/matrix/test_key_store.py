"""Keys of room messages: read when needed, not kept longer, and no other's passed off as ours."""

from pathlib import Path
from typing import Any

import pytest

from bot.channels.matrix import key_store
from bot.channels.matrix.crypto import Crypto, Undecryptable

ROOM, OTHER = "!zaak:x", "!andere:x"
ANNA, BEN = "@anna:x", "@ben:x"


class Writer:
    """Somebody's device that the bot was told of, and whose keys it gets."""

    def __init__(self, user: str, folder: Path) -> None:
        folder.mkdir()
        self.user = user
        self.crypto = Crypto(user, "PHONE", folder)
        self._sent = 0

    def gives_key(self, bot: Crypto, room: str) -> None:
        if room not in self.crypto.olm.outbound_group_sessions:
            self.crypto.olm.create_outbound_group_session(room)
        key = self.crypto.olm.outbound_group_sessions[room]
        self.passes_on(bot, room, key.id, key.session_key)

    def passes_on(self, bot: Crypto, room: str, session_id: str, session_key: str) -> None:
        """As nio does with an `m.room_key` that came from this device."""
        own = (self.crypto.curve25519, self.crypto.ed25519)
        bot.olm.create_group_session(*own, room, session_id, session_key)

    def writes(self, room: str, text: str, **left_out: None) -> dict[str, Any]:
        self._sent += 1
        outbound = self.crypto.olm.outbound_group_sessions[room]
        outbound.shared = True
        event = {"type": "m.room.message", "content": {"msgtype": "m.text", "body": text}}
        content = self.crypto.olm.group_encrypt(room, event)
        return {
            "type": "m.room.encrypted",
            "event_id": f"${self.user}{self._sent}",
            "sender": self.user,
            "origin_server_ts": self._sent,
            "content": {name: value for name, value in content.items() if name not in left_out},
        }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "bot").mkdir()
    return tmp_path / "bot"


@pytest.fixture
def bot(folder: Path) -> Crypto:
    return Crypto("@bot:x", "BOT", folder)


@pytest.fixture
def anna(tmp_path: Path) -> Writer:
    return Writer(ANNA, tmp_path / "anna")


def text_of(event: dict[str, Any]) -> str:
    return str(event["content"]["body"])


def knows(bot: Crypto, writer: Writer) -> None:
    device = writer.crypto.olm.account.identity_keys
    keys = {f"{kind}:PHONE": value for kind, value in device.items()}
    told = {
        "user_id": writer.user,
        "device_id": "PHONE",
        "algorithms": ["m.olm.v1.curve25519-aes-sha2", "m.megolm.v1.aes-sha2"],
        "keys": keys,
        "unsigned": {"device_display_name": ""},
    }
    told["signatures"] = {
        writer.user: {"ed25519:PHONE": writer.crypto.olm.sign_json(_unsigned(told))}
    }
    bot.learn_devices(writer.user, {"PHONE": told})


def _unsigned(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name != "unsigned"}


def test_a_message_of_an_earlier_life_is_read(bot: Crypto, anna: Writer, folder: Path) -> None:
    anna.gives_key(bot, ROOM)
    bot.close()
    again = Crypto("@bot:x", "BOT", folder)
    assert text_of(again.decrypt(ROOM, anna.writes(ROOM, "na de herstart"))) == "na de herstart"


def test_more_rooms_than_are_at_hand_can_all_be_read(
    bot: Crypto, anna: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_store, "ROOMS_AT_HAND", 1)
    for room in (ROOM, OTHER):
        anna.gives_key(bot, room)
    for room in (ROOM, OTHER, ROOM):
        assert text_of(bot.decrypt(room, anna.writes(room, room))) == room


def test_our_own_keys_are_not_kept(bot: Crypto, folder: Path) -> None:
    bot.olm.create_outbound_group_session(ROOM)
    assert not bot.olm.inbound_group_store[ROOM]
    bot.close()
    assert not Crypto("@bot:x", "BOT", folder).olm.inbound_group_store[ROOM]


def test_keys_of_a_room_that_we_left_are_gone_from_the_disk(
    bot: Crypto, anna: Writer, folder: Path
) -> None:
    for room in (ROOM, OTHER):
        anna.gives_key(bot, room)
    bot.forget_room(ROOM)
    with pytest.raises(Undecryptable):
        bot.decrypt(ROOM, anna.writes(ROOM, "weg"))
    bot.close()
    again = Crypto("@bot:x", "BOT", folder)
    with pytest.raises(Undecryptable):
        again.decrypt(ROOM, anna.writes(ROOM, "weg"))
    assert text_of(again.decrypt(OTHER, anna.writes(OTHER, "daar"))) == "daar"


def test_a_message_of_which_nobody_told_the_key_is_only_unreadable(
    bot: Crypto, anna: Writer
) -> None:
    """Newer phones leave out whose key it is: then even that is not known."""
    anna.crypto.olm.create_outbound_group_session(ROOM)
    written = anna.writes(ROOM, "te vroeg", sender_key=None, device_id=None)
    with pytest.raises(Undecryptable):
        bot.decrypt(ROOM, written)
    bot.ask_for_key(ROOM, written)


def test_who_passes_on_the_key_of_another_does_not_silence_them(
    bot: Crypto, anna: Writer, tmp_path: Path
) -> None:
    """Newer phones leave out whose key it is."""
    ben = Writer(BEN, tmp_path / "ben")
    for writer in (anna, ben):
        knows(bot, writer)
    anna.gives_key(bot, ROOM)
    key = anna.crypto.olm.outbound_group_sessions[ROOM]
    ben.passes_on(bot, ROOM, key.id, key.session_key)
    written = anna.writes(ROOM, "van Anna", sender_key=None)
    assert text_of(bot.decrypt(ROOM, written)) == "van Anna"
