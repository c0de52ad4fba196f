"""Whose devices are vouched for: signed by their own user, whose master key did not change."""

import secrets
from pathlib import Path
from typing import Any

import pytest

from bot.channels.matrix.cross_signing import USAGES, key_objects
from bot.channels.matrix.crypto import Device
from bot.channels.matrix.folder import StateFolder
from bot.channels.matrix.signing import public_key, signature
from bot.channels.matrix.trust import Trust
from tests.channels.matrix.bot import Bot, cannot_read
from tests.conftest import MakePhone

USER = "@om:lage-dijk.example"
DEVICE = Device(USER, "TOESTEL", "ed", "curve", "phone")
Seeds = dict[str, bytes]


def fresh_seeds() -> Seeds:
    return {usage: secrets.token_bytes(32) for usage in USAGES}


def answer(seeds: Seeds, signing_seed: bytes | None = None) -> dict[str, Any]:
    """A server's answer to a key query, with one device signed by `signing_seed`."""
    keys = key_objects(USER, seeds)
    device: dict[str, Any] = {
        "user_id": USER,
        "device_id": DEVICE.id,
        "keys": {f"ed25519:{DEVICE.id}": "ed", f"curve25519:{DEVICE.id}": "curve"},
    }
    seed = signing_seed or seeds["self_signing"]
    device["signatures"] = {USER: {f"ed25519:{public_key(seed)}": signature(device, seed)}}
    return {
        "device_keys": {USER: {DEVICE.id: device}},
        "master_keys": {USER: keys["master_key"]},
        "self_signing_keys": {USER: keys["self_signing_key"]},
    }


@pytest.fixture
def folder(tmp_path: Path) -> StateFolder:
    return StateFolder(tmp_path)


def test_a_device_signed_by_its_user_is_signed(folder: StateFolder) -> None:
    trust = Trust(folder)
    trust.learn(USER, answer(fresh_seeds()))
    assert trust.is_signed(DEVICE)
    assert not trust.is_signed(Device(USER, DEVICE.id, "ed", "other curve", "phone"))
    assert not trust.is_signed(Device("@vt:lage-dijk.example", DEVICE.id, "ed", "curve", ""))


def test_a_foreign_signature_counts_for_nothing(folder: StateFolder) -> None:
    trust = Trust(folder)
    trust.learn(USER, answer(fresh_seeds(), secrets.token_bytes(32)))
    assert not trust.is_signed(DEVICE)


def test_a_self_signing_key_that_the_master_did_not_sign_counts_for_nothing(
    folder: StateFolder,
) -> None:
    seeds, others = fresh_seeds(), fresh_seeds()
    forged = answer(seeds)
    forged["self_signing_keys"] = answer(others)["self_signing_keys"]
    forged["device_keys"] = answer(others)["device_keys"]
    trust = Trust(folder)
    trust.learn(USER, forged)
    assert not trust.is_signed(DEVICE)


@pytest.mark.parametrize("gone", ["master_keys", "self_signing_keys"])
@pytest.mark.parametrize("odd", [None, {}, [], {USER: None}, {USER: {"keys": 3}}])
def test_without_well_made_keys_nothing_is_signed(
    folder: StateFolder, gone: str, odd: object
) -> None:
    trust = Trust(folder)
    trust.learn(USER, {**answer(fresh_seeds()), gone: odd})
    assert not trust.is_signed(DEVICE)


def test_a_changed_master_key_is_not_believed_until_accepted(folder: StateFolder) -> None:
    trust, fresh = Trust(folder), answer(fresh_seeds())
    trust.learn(USER, answer(fresh_seeds()))
    for reader in (trust, Trust(folder)):  # also after a restart
        reader.learn(USER, fresh)
        assert not reader.is_signed(DEVICE)
    other_process = Trust(folder)
    other_process.learn(USER, fresh)
    assert other_process.accept(USER)
    trust.learn(USER, fresh)
    assert trust.is_signed(DEVICE)
    assert not trust.accept("@niemand:lage-dijk.example")


async def test_a_new_identity_gets_no_keys_until_accepted(
    bot: Bot, make_blind_phone: MakePhone
) -> None:
    first = await make_blind_phone("om", bot=bot.user)
    assert list(await bot.channel.unsigned_devices(first.user_id)) == []
    case = await bot.opens("K7Q4", first.user_id, signed_only=True)
    await first.settle()
    # its sign-in makes a new identity, as somebody with only the password would
    second = await make_blind_phone(first.user_id, bot=bot.user)
    assert list(await bot.channel.unsigned_devices(first.user_id)) == ["phone", "phone"]
    await bot.says(case, "te vroeg")
    await cannot_read(second, case)
    assert await bot.channel.accept_identity(first.user_id)
    await bot.says(case, "na het accepteren")
    await second.expects("na het accepteren")
