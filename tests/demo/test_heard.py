"""Waiting for what phones report ends in a sentence that names who and what."""

import asyncio

import pytest

from tests.demo.day import Need
from tests.demo.heard import Heard, Stalled
from tests.demo.report import Report, What, report_from


def report(who: str, text: str, what: What = "message", event: str = "$1") -> Report:
    return Report(who, what, story=0, wall=0, text=text, event=event)


async def test_what_came_before_the_waiting_counts_too() -> None:
    heard = Heard(hang_s=0)
    heard.add(report("om_ovj1", "Pak je dit op vóór 15:50?"))
    await heard.until((Need("om_ovj1", "Pak je dit op"),))


async def test_it_waits_for_the_right_person() -> None:
    heard = Heard()
    waiting = asyncio.create_task(heard.until((Need("om_ovj1", "Pak je dit op"),)))
    heard.add(report("vt_gw1", "Pak je dit op"))
    await asyncio.sleep(0)
    assert not waiting.done()
    heard.add(report("om_ovj1", "Pak je dit op"))
    await waiting


async def test_the_same_on_the_other_messenger_is_not_it() -> None:
    heard = Heard(hang_s=0)
    heard.add(report("rvdk_contact1", "Pak je dit op vóór 15:50?"))
    with pytest.raises(Stalled, match=r"RvdK dienst kreeg geen bericht met .* op Telegram"):
        await heard.until((Need("rvdk_contact1", "Pak je dit op", on="telegram"),))


async def test_a_kind_of_report_can_be_waited_for() -> None:
    heard = Heard()
    waiting = asyncio.create_task(heard.first("sent"))
    heard.add(report("politie_cvd1", "ok", "typed"))
    await asyncio.sleep(0)
    assert not waiting.done()
    heard.add(report("politie_cvd1", "sendMessage {}", "sent"))
    assert (await waiting).text == "sendMessage {}"


async def test_what_never_came_is_named() -> None:
    with pytest.raises(Stalled, match="RvdK achterwacht kreeg geen bericht met “achterwacht”"):
        await Heard(hang_s=0).until((Need("rvdk_contact2", "achterwacht"),))


async def test_a_phone_that_fails_ends_the_waiting() -> None:
    heard = Heard()
    waiting = asyncio.create_task(heard.until((Need("om_ovj1", "Pak je dit op"),)))
    heard.add(report("om_ovj1", "de server weigert", "fault"))
    with pytest.raises(Stalled, match="OM officier van justitie viel uit: de server weigert"):
        await waiting


def test_a_message_is_unreadable_until_its_key_comes() -> None:
    heard = Heard()
    heard.add(Report("om_ovj1", "message", 0, 0, event="$1", unreadable=True))
    assert heard.unreadable() == ["OM officier van justitie"]
    heard.add(report("om_ovj1", "nu wel"))
    assert heard.unreadable() == []


def test_a_report_survives_its_line() -> None:
    given = Report(
        "vt_fo", "typed", 1, 2, "case", "één\nregel 🔔", "$1", True, False, "telegram", "[x]"
    )
    assert report_from(given.line()) == given
    with pytest.raises(ValueError, match="not a report"):
        report_from('{"who": "vt_fo"}')
