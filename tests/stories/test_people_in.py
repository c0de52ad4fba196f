"""People come in: direct chats, a test page, and who gets no case and hears why."""

from collections.abc import AsyncIterator

import pytest
from sqlmodel import select

from bot.channels.base import Invite
from storage.tables import AccessEntry, Case
from tests.kit.rooms import encrypted_room
from tests.kit.seen import Seen
from tests.kit.synapse import Synapse
from tests.stories.player import Noise
from tests.stories.stage import OPERATOR, Stage, amsterdam

MONDAY = amsterdam(2026, 7, 13, 9, 0)
REFUSAL = "Dit kanaal is besloten. Hulp nodig? Bel 0800-2000. Direct gevaar? Bel 112."
UNSIGNED = "1 apparaat van jou is niet bevestigd: phone. Daar lees je geen casus."


@pytest.fixture(scope="module")
async def stage(synapse: Synapse, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """The first start in a region. One officer has a client that cannot sign devices."""
    stage = Stage(synapse, tmp_path_factory.mktemp("people-in"), MONDAY)
    try:
        await stage.prepare()
        await stage.sign_in("vt_fo", "politie_cvd1", "coordinator", OPERATOR)
        await stage.sign_in("om_ovj1", signed=False)
        await stage.start_bot()
        await stage.arrive()
        yield stage
        await stage.ends()
    finally:
        await stage.close()


async def test_everybody_gets_an_encrypted_chat_and_a_welcome(stage: Stage) -> None:
    for phone in stage.phones.values():
        names = {(invitation.name, invitation.direct) for invitation in phone.invitations}
        assert names == {("Kortelijn", True), ("Regio Lage Dijk", False)}
        assert phone.members(phone.direct_room) == {phone.user_id, stage.bot_id}
        state = {event["type"]: event["content"] for event in await phone.state(phone.direct_room)}
        assert state["m.room.encryption"]["algorithm"] == "m.megolm.v1.aes-sha2"
        welcome = await phone.expects("Welkom, ", room=phone.direct_room, loud=False)
        assert welcome.encrypted
    await stage["om_ovj1"].expects(UNSIGNED, loud=False)
    await stage.ends()


async def test_a_phone_proves_itself_with_a_page_that_is_no_alarm(stage: Stage) -> None:
    politie = stage["politie_cvd1"]
    welcome = next(seen for seen in politie.messages if "Welkom" in seen.text)
    await politie.chooses(welcome, "Ik ben klaar")
    await politie.shows(welcome, "Over 30 seconden komt de test.")
    await stage.at("09:01")
    page = await politie.expects("🔵 TEST, geen echt alarm. Hoor je dit?", loud=True)
    await politie.chooses(page, "Alleen gezien")
    await politie.shows(page, "Laat mij door bij Niet storen")
    await politie.chooses(page, "Test opnieuw")
    again = await politie.expects("🔵 TEST, geen echt alarm. Hoor je dit?", loud=True)
    await politie.chooses(again, "Gehoord")
    await politie.shows(again, "✅ Je bent bereikbaar. Volgende test uiterlijk wo 12 augustus.")
    await stage.ends()


async def test_an_unsigned_device_is_called_but_reads_no_case(stage: Stage) -> None:
    await stage.at("10:00")
    vt, om, politie = stage["vt_fo"], stage["om_ovj1"], stage["politie_cvd1"]
    headline = await _alarm(stage)
    pages = await stage.together("om_ovj1", "politie_cvd1").expect("Oost.", loud=True)
    await om.chooses(pages["om_ovj1"], "ik pak op")
    await om.shows(pages["om_ovj1"], "op (10:00). Ga naar de casusruimte.")
    await om.expects(UNSIGNED, loud=False)
    await politie.chooses(pages["politie_cvd1"], "ik pak op")
    await politie.shows(pages["politie_cvd1"], "op (10:00). Ga naar de casusruimte.")

    await om.reads_nothing_in(vt.case_room)
    await vt.expects("Casusruimte", room=vt.case_room)
    await stage.together("vt_fo", "politie_cvd1").read_the_room(vt.case_room, "2 van 4 opgepakt.")
    await vt.shows(headline, "OM: opgepakt 10:00")
    await stage.together().expect("2 van 4 partners", loud=False)
    await stage.ends()


async def test_a_strangers_invitation_gets_one_neutral_refusal_a_day(stage: Stage) -> None:
    await stage.sign_in("vreemde")
    stranger = stage["vreemde"]
    for _ in range(2):
        room = await encrypted_room(stranger, stage.bot_id)
        stage.stir()
        await stage.quiet()
        assert stranger.members(room) == {stranger.user_id}, "the bot stayed"
    said = await stranger.expects(REFUSAL)
    assert said.text == REFUSAL
    await stage.ends()


async def test_an_outsider_in_the_case_room_is_ignored_and_removed(stage: Stage) -> None:
    """Somebody let them in: one whom nobody knows, and one who is not of this case."""
    vt, outsiders = stage["vt_fo"], stage.together("vreemde", "coordinator")
    room = vt.case_room
    await vt.says(room, "sluit")
    question = await vt.expects("Wat is de uitkomst?", room=room)
    await stage["politie_cvd1"].expects("Wat is de uitkomst?", room=room)
    for outsider in outsiders:
        await stage.running.channel.send(Invite(room, outsider.user_id, outsider.user_id))
    await stage.stop_bot()
    for outsider in outsiders:
        await outsider.catch_up()
        assert room in outsider.rooms
        await outsider.taps(question, "1️⃣")
        await outsider.says(room, "sluit")

    await stage.start_bot()
    await stage.quiet()
    for outsider in outsiders:
        assert room not in outsider.rooms
        assert outsider.noise(room) == Noise(0, 0)
    async with stage.running.store.view() as unit:
        assert (await unit.session.exec(select(Case.state))).all() == ["open"]
        refused = select(AccessEntry.person).where(AccessEntry.action == "refuse")
        assert set(await unit.session.exec(refused)) == {"coordinator"}
    await vt.chooses(question, "samen plan gemaakt")  # the same tap of who may
    await stage.together("vt_fo", "politie_cvd1").find_changed("Sluiten?")


async def _alarm(stage: Stage) -> Seen:
    vt = stage["vt_fo"]
    await vt.writes("alarm skm spoed Oost letsel past niet bij uitleg")
    draft = await vt.expects("Er is nog niets verstuurd. Klopt dit?")
    await vt.chooses(draft, "Verstuur: spoed")
    return draft
