"""A phone in a pocket rings by a push gateway, which learns that there is something to read and
nothing of what it says."""

import json
from pathlib import Path
from typing import Any

from tests.kit.phone import Phone
from tests.kit.seen import Seen
from tests.kit.synapse import Synapse
from tests.operations.push_gateway import PushGateway
from tests.stories.stage import Stage, a_stage, amsterdam

WEDNESDAY = amsterdam(2026, 7, 15, 13, 0)
TOLD = {"event_id", "room_id", "counts", "devices", "prio"}
DEVICE = {"app_id", "pushkey", "pushkey_ts", "data"}


async def test_a_page_and_a_mention_ring_and_an_edit_does_not(
    synapse: Synapse, tmp_path: Path
) -> None:
    async with (
        PushGateway() as gateway,
        a_stage(synapse, tmp_path, WEDNESDAY, ("vt_fo", "om_ovj1")) as stage,
    ):
        vt, om = stage["vt_fo"], stage["om_ovj1"]
        await _sets_a_pusher(om, gateway.url)
        before = {seen.event_id for seen in om.messages}

        await vt.writes("alarm skm spoed Zuid letsel past niet bij uitleg")
        draft = await vt.expects("Er is nog niets verstuurd. Klopt dit?")
        await vt.chooses(draft, "Verstuur: spoed")
        page = await om.expects("vóór 13:10 (10 min)?", loud=True)
        await gateway.until_rung_about(page.event_id)
        quiet = await om.expects("4 partners", loud=False)
        await gateway.until_rung_about(quiet.event_id)  # it is sealed: nobody sees it is quiet

        await om.chooses(page, "ik pak op")
        await om.shows(page, "op (13:00). Ga naar de casusruimte.")
        mention = await _mentions(vt, vt.case_room, om.user_id)
        await om.settle()
        await gateway.until_rung_about(mention.event_id)

        new = {seen.event_id: seen for seen in om.messages if seen.event_id not in before}
        assert any(len(seen.versions) > 1 for seen in new.values()), "nothing was edited"
        # what came up to the mention, each once; an edit is an event of its own and is not there
        rung = [each["event_id"] for each in gateway.rung()]
        assert sorted(rung) == sorted(new)
        _says_nothing_of_the_case(gateway, stage, page)
        for phone in stage.phones.values():
            phone.ignore_so_far()  # the stories look at every message; here it was about ringing


def _says_nothing_of_the_case(gateway: PushGateway, stage: Stage, page: Seen) -> None:
    """Numbers without meaning, and that it is urgent enough to wake the phone."""
    for notification in gateway.rung():
        assert set(notification) == TOLD
        assert notification["prio"] == "high"
        assert [set(device) for device in notification["devices"]] == [DEVICE]
    passed = json.dumps(gateway.told).casefold()
    reference = page.versions[0].split()[2]
    for word in (reference, "alarm", "zuid", "letsel", "kortelijn", "sender", stage.bot_id):
        assert word.casefold() not in passed, word


async def _sets_a_pusher(phone: Phone, url: str) -> None:
    """What an app does once somebody lets it notify."""
    pusher: dict[str, Any] = {
        "kind": "http",
        "app_id": "nl.example.app",
        "pushkey": "the phone's address at the maker of its system",
        "app_display_name": "an app",
        "device_display_name": "a phone",
        "lang": "nl",
        "data": {"url": url, "format": "event_id_only"},
    }
    path = "/_matrix/client/v3/pushers/set"
    bearer = {"Authorization": f"Bearer {phone.client.access_token}"}
    async with await phone.client.send("POST", path, json.dumps(pusher), bearer) as answer:
        assert answer.status == 200, await answer.text()


async def _mentions(phone: Phone, room: str, user: str) -> Seen:
    content = {"msgtype": "m.text", "body": "kijk even", "m.mentions": {"user_ids": [user]}}
    return await phone._says(room, content)
