"""A Telegram phone in a story: what it must never have shown, and what it misses."""

import pytest

from tests.kit.device import PhoneFailed
from tests.kit.expect import NotSeen
from tests.kit.telegram.chats import Post
from tests.kit.telegram.server import FakeTelegram
from tests.stories.handset import Handset


class Still:
    """A floor on which nothing happens."""

    sees_all = True

    def stir(self) -> None:
        """Nothing to do."""

    async def quiet(self) -> None:
        """It always is."""


@pytest.fixture
def telegram() -> FakeTelegram:
    """Not over the wire: the bot's messages are put there by hand."""
    return FakeTelegram(judged=False)


@pytest.fixture
def phone(telegram: FakeTelegram) -> Handset:
    handset = Handset(Still(), telegram, "politie_cvd1")
    telegram.people[handset.id] = handset
    return handset


def _says(telegram: FakeTelegram, phone: Handset, text: str, *labels: str) -> Post:
    return telegram.post(phone.chat, telegram.bot, _content(text, *labels))


def _content(text: str, *labels: str) -> dict[str, object]:
    keys = [{"text": label, "callback_data": f"{label}.1"} for label in labels]
    return {"text": text, "reply_markup": {"inline_keyboard": [keys]}} if keys else {"text": text}


async def test_what_is_kept_back_counts_also_when_it_was_edited_away(
    telegram: FakeTelegram, phone: Handset
) -> None:
    post = _says(telegram, phone, "K7Q4 · Centrum · spoed")
    seen = await phone.expects("K7Q4")
    telegram.change(phone.chat, post, _content("K7Q4 · spoed"))
    await phone.shows(seen, "K7Q4 · ⟦Centrum · ⟧spoed")
    with pytest.raises(AssertionError, match="did not expect"):
        await phone.nothing_unexpected()


async def test_without_the_kept_back_words_it_is_as_expected(
    telegram: FakeTelegram, phone: Handset
) -> None:
    _says(telegram, phone, "K7Q4 · spoed. Link in de casusruimte.")
    await phone.expects("K7Q4 · ⟦Centrum · ⟧spoed. Link ⟦hieronder|in de casusruimte⟧.")
    await phone.nothing_unexpected()


async def test_offline_it_shows_what_was_and_then_what_is(
    telegram: FakeTelegram, phone: Handset
) -> None:
    post = _says(telegram, phone, "🔴 Alarm", "Ik pak op", "Kan niet")
    page = await phone.expects("🔴 Alarm")
    phone.goes_offline()
    telegram.change(phone.chat, post, _content("al op (15:47)", "Ik doe mee"))
    second = _says(telegram, phone, "🔵 OEFENING")
    telegram.remove(phone.chat, second.message_id)
    assert (page.text, len(phone.messages)) == ("🔴 Alarm", 1)
    press = await phone.chooses(page, "ik pak op")
    assert press.data == "Ik pak op.1"

    await phone.comes_back()
    await phone.shows(page, "al op (15:47)")
    await phone.can_choose(page, "ik doe mee")
    with pytest.raises(NotSeen):
        await phone.chooses(page, "ik pak op")
    assert phone.messages[1].redacted


async def test_offline_it_cannot_write(phone: Handset) -> None:
    phone.started = True
    phone.goes_offline()
    with pytest.raises(PhoneFailed, match="no connection"):
        await phone.writes("stand")
