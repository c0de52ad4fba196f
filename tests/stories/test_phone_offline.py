"""Story 4: called, and no sign of the phone. When it comes back, it sees how it stands now."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.kit.gateway import Gateway
from tests.kit.seen import Seen
from tests.kit.synapse import Synapse
from tests.stories.casting import Casting, on_two
from tests.stories.player import Noise, Player
from tests.stories.stage import OPERATOR, amsterdam
from tests.stories.two_messengers import Sms, TwoMessengers

FRIDAY = amsterdam(2026, 7, 10, 15, 40)
AWAY, BACKUP = "politie_cvd1", "politie_cvd2"
STAFF = ("vt_gw1", "om_ovj1", "rvdk_contact1", AWAY, BACKUP)
NUMBERS = {AWAY: "+31000000001", BACKUP: "+31000000002", "rvdk_contact1": "+31000000003"}
PAGE = "🔴 Alarm"
MATRIX_THEN_TELEGRAM = Casting("Matrix, then Telegram", both=(AWAY,))
TELEGRAM_ONLY = Casting("Telegram only", only_telegram=(AWAY,))
APPS = {MATRIX_THEN_TELEGRAM: "Telegram of Element", TELEGRAM_ONLY: "Telegram"}
CASTINGS = pytest.mark.parametrize("casting", APPS, ids=str)


@CASTINGS
async def test_an_old_button_does_not_lie(
    synapse: Synapse, tmp_path: Path, casting: Casting
) -> None:
    """The backup has it by the time that the phone comes back, and its press takes nothing."""
    async with _a_region_with_sms(casting, synapse, tmp_path) as (stage, gateway):
        headline, page = await _called_and_no_sign(stage, gateway, casting)
        called = await _the_backup_is_called(stage, headline)
        await stage.at("15:47")
        backup, vt = stage[BACKUP], stage["vt_gw1"]
        await backup.chooses(called, "ik pak op")
        await backup.shows(called, "op (15:47). Ga naar de casusruimte.")
        await vt.shows(headline, "Politie: opgepakt 15:47 (achterwacht)")

        await stage.at("15:48")
        await stage.person(AWAY).chooses(page, "ik pak op")  # what it still shows
        for phone in _pocket(stage):
            await phone.comes_back()
        for phone, seen in _all_that_it_got(stage, page).items():
            await phone.shows(seen, "Politie pakte ")
            await phone.shows(seen, "al op (15:47). Je hoeft niets te doen.")
            await phone.can_choose(seen, "ik doe mee")
            assert phone.noise() == Noise(1, 0), "called once, whatever it missed"
        await vt.shows(headline, "Politie: opgepakt 15:47 (achterwacht)")
        assert backup.noise() == Noise(1, 0), "who has it hears nothing of it"
        await _the_room_is_read(stage, "vt_gw1", "om_ovj1", BACKUP)
        await _the_group_reads(stage, "3 van 4 partners")


@CASTINGS
async def test_late_is_not_too_late(synapse: Synapse, tmp_path: Path, casting: Casting) -> None:
    """Nobody has it yet: taking it is still welcome, and the backup need not do anything."""
    async with _a_region_with_sms(casting, synapse, tmp_path) as (stage, gateway):
        headline, page = await _called_and_no_sign(stage, gateway, casting)
        called = await _the_backup_is_called(stage, headline)
        await stage.at("15:46")
        for phone in _pocket(stage):
            await phone.comes_back()
        got = _all_that_it_got(stage, page)
        for phone, seen in got.items():
            await phone.shows(seen, "⏫ De achterwacht is opgeroepen (15:45). Oppakken kan nog.")
            await phone.can_choose(seen, "ik pak op", "kan niet")
        phone = _pocket(stage)[-1]
        await phone.chooses(got[phone], "ik pak op")
        for phone, seen in got.items():
            await phone.shows(seen, "op (15:46).")
            await phone.can_choose(seen)
            assert phone.noise().loud == 1, phone.heard_ringing()
        await stage["vt_gw1"].shows(headline, "Politie: opgepakt 15:46")
        await stage[BACKUP].shows(called, "al op (15:46). Je hoeft niets te doen.")
        await stage[BACKUP].can_choose(called, "ik doe mee")
        await _the_room_is_read(stage, "vt_gw1", "om_ovj1", AWAY)
        await _the_group_reads(stage, "3 van 4 partners")


@asynccontextmanager
async def _a_region_with_sms(
    casting: Casting, synapse: Synapse, folder: Path
) -> AsyncIterator[tuple[TwoMessengers, Gateway]]:
    async with Gateway() as gateway:
        sms = Sms(gateway, NUMBERS)
        async with on_two(casting, synapse, folder, FRIDAY, STAFF, sms) as stage:
            yield stage, gateway


def _pocket(stage: TwoMessengers) -> Sequence[Player]:
    """Every messenger on the phone that is away, the first to be called first."""
    return tuple(dict.fromkeys((stage.person(AWAY), stage.handsets[AWAY])))


async def _called_and_no_sign(
    stage: TwoMessengers, gateway: Gateway, casting: Casting
) -> tuple[Seen, Seen]:
    """The page came, and then the phone lost its connection before anybody looked at it. Returns
    the headline and the page."""
    vt, om, rvdk, away = stage["vt_gw1"], stage["om_ovj1"], stage["rvdk_contact1"], _pocket(stage)
    await vt.writes("alarm kindermishandeling spoed Centrum letsel past niet bij uitleg")
    headline = await vt.expects("Er is nog niets verstuurd. Klopt dit?", loud=False)
    await vt.chooses(headline, "Verstuur: spoed")
    others = stage.together("om_ovj1", "rvdk_contact1")
    pages = await others.expect("vóór 15:50 (10 min)?", loud=True)
    page = await away[0].expects("vóór 15:50 (10 min)?", loud=True)
    await vt.shows(headline, "Politie: opgeroepen 15:40")  # their server has it, nothing more
    for phone in away:
        phone.goes_offline()

    await stage.at("15:41")
    await om.chooses(pages["om_ovj1"], "ik pak op")
    await om.shows(pages["om_ovj1"], "op (15:41). Ga naar de casusruimte.")
    await rvdk.reads(pages["rvdk_contact1"])
    await stage.quiet()
    assert gateway.got == []
    assert _pages_on_telegram(stage) == (1 if casting is TELEGRAM_ONLY else 0)

    await stage.at("15:42")
    await vt.shows(headline, "Politie: geen reactie, sms 15:42")
    await vt.shows(headline, "RvdK: gezien 15:41")
    assert _pages_on_telegram(stage) == 1, "one page on each messenger"
    assert [arrived.to for arrived in gateway.got] == [NUMBERS[AWAY]], "who saw it needs no SMS"
    _is_one_sms(gateway.told(NUMBERS[AWAY])[0], APPS[casting], headline.text.split()[1])
    return headline, page


def _is_one_sms(text: str, apps: str, reference: str) -> None:
    assert text == (
        f"Kortelijn: alarm {reference}, spoed. Open {apps}, kies Ik pak op voor 15:50. "
        "Lukt dat niet? Bel 0800-2000."
    )
    assert len(text) <= 160
    assert text.isascii(), "else it would be two"


async def _the_backup_is_called(stage: TwoMessengers, headline: Seen) -> Seen:
    """Five minutes without a sign. Who gave one is reminded at the same moment, and no more."""
    await stage.at("15:45")
    called = await stage[BACKUP].expects(
        "vóór 15:50 (5 min)? Jij bent achterwacht, je collega reageert niet.", loud=True
    )
    await stage["rvdk_contact1"].expects("wacht op jou, vóór 15:50 (5 min)", loud=True)
    await stage["vt_gw1"].shows(headline, "Politie: geen reactie, achterwacht opgeroepen 15:45")
    return called


def _all_that_it_got(stage: TwoMessengers, page: Seen) -> dict[Player, Seen]:
    """The page on each messenger of the phone that was away."""
    first, *second = _pocket(stage)
    got = {first: page}
    for phone in second:
        (seen,) = [seen for seen in phone.messages if seen.versions[0].startswith(PAGE)]
        got[phone] = seen
    return got


def _pages_on_telegram(stage: TwoMessengers) -> int:
    chat = stage.handsets[AWAY].chat.id
    sent = stage.telegram.log.of("sendMessage", chat=chat)
    return sum(PAGE in str(call.parameters["text"]) for call in sent)


async def _the_room_is_read(stage: TwoMessengers, *keys: str) -> None:
    room, there = await stage.case_room(), stage.people(*keys)
    await there.are_welcomed(room)
    await there.read_the_room(room, "Politie: opgepakt 15:4")


async def _the_group_reads(stage: TwoMessengers, stands: str) -> None:
    await stage.people().expect(stands, loud=False)
    assert stage[OPERATOR].noise() == Noise(0, 0), "nothing is broken"
