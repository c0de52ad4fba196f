"""The third way out: a secret file that a region may have, and all that can be wrong in it."""

from pathlib import Path

import pytest

import config
from config.fallback import kind_of_gateway
from tests.config.conftest import Broken
from tests.kit.gateway import write_fallback

KEY = "verzonnen-sleutel-van-niemand"
SMS = {"sms": f"json://:{KEY}@gateway.example/{{to}}"}
NUMBER = "+31 000 000 001"
TWILIO = f"twilio://AC{'0' * 32}:{'1' * 32}@+15550000000/{{to}}"


def put(folder: Broken, gateways: dict[str, str] | None = None, **people: dict[str, str]) -> Path:
    return write_fallback(
        folder.settings.secrets_dir,
        SMS if gateways is None else gateways,
        people or {"om_ovj1": {"sms": NUMBER}},
    )


def test_a_region_need_not_have_one(folder: Broken) -> None:
    assert folder.load().fallback is None


def test_a_person_has_a_number_at_a_gateway(folder: Broken) -> None:
    put(folder, {**SMS, "mail": "mailto://kortelijn:geheim@mail.example/?to={to}"}, om_ovj1={
        "sms": NUMBER, "mail": "ovj1@lagedijk.example"
    }, om_ovj2={"mail": "ovj2@lagedijk.example"})  # fmt: skip
    fallback = folder.load().fallback
    assert fallback is not None
    assert fallback.ways() == {"om_ovj1": ("sms", "mail"), "om_ovj2": ("mail",)}
    assert fallback.url("sms", "om_ovj1") == (
        f"json://:{KEY}@gateway.example/%2B31%20000%20000%20001"
    )
    assert fallback.url("mail", "om_ovj2") == (
        "mailto://kortelijn:geheim@mail.example/?to=ovj2%40lagedijk.example"
    )
    assert fallback.url("sms", "om_ovj2") is None
    assert fallback.url("sms", "niemand") is None


def test_it_is_never_printed(folder: Broken) -> None:
    put(folder)
    configuration = folder.load()
    shown = f"{configuration!r} {configuration} {configuration.fallback!r}"
    assert KEY not in shown
    assert "000 001" not in shown


@pytest.mark.parametrize("mode", [0o640, 0o604])
def test_others_cannot_read_it(folder: Broken, mode: int) -> None:
    path = put(folder)
    path.chmod(mode)
    problem = folder.problem()
    assert problem.file == "secrets/fallback.toml"
    assert problem.mend == f"Draai: chmod 600 {path}"


@pytest.mark.parametrize(
    ("gateways", "people", "key", "mend"),
    [
        ({"sms": "json://gateway.example/"}, {"sms": NUMBER}, "gateways.sms", "{to}"),
        ({"sms": "json://g.example/{to}/{to}"}, {"sms": NUMBER}, "gateways.sms", "{to}"),
        ({"sms": "geensoort://x/{to}"}, {"sms": NUMBER}, "gateways.sms", "docs/fallback.md"),
        ({"piep": SMS["sms"]}, {"piep": NUMBER}, "gateways.piep", "sms, mail of voice"),
        (SMS, {"voice": NUMBER}, "people.om_ovj1.voice", "Kies uit: sms"),
        (SMS, {"sms": "0612345678"}, "people.om_ovj1.sms", "landnummer"),
        (SMS, {"sms": ""}, "people.om_ovj1.sms", "landnummer"),
        ({"mail": SMS["sms"]}, {"mail": NUMBER}, "people.om_ovj1.mail", "dienst@"),
        ({"sms": TWILIO}, {"sms": "+1 0 0 0"}, "people.om_ovj1.sms", "landnummer"),
    ],
)
def test_a_wrong_entry_is_named_and_never_shown(
    folder: Broken, gateways: dict[str, str], people: dict[str, str], key: str, mend: str
) -> None:
    put(folder, gateways, om_ovj1=people)
    problem = folder.problem()
    assert (problem.file, problem.key) == ("secrets/fallback.toml", key)
    assert problem.line
    assert mend in problem.mend
    for secret in (*gateways.values(), *(each for each in people.values() if each)):
        assert secret not in str(problem)


def test_an_unknown_person_is_named(folder: Broken) -> None:
    put(folder, None, ovj99={"sms": NUMBER})
    problem = folder.problem()
    assert problem.key == "people.ovj99"
    assert "ovj99" in problem.what
    assert "om_ovj1" in problem.mend


def test_it_complains_in_the_language_of_the_region(folder: Broken) -> None:
    put(folder, {"sms": "geensoort://x/{to}"})
    folder.edit("region.toml", 'language = "nl"', 'language = "en"')
    assert folder.problem().what == "Apprise does not understand this URL."


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f'[gateways]\nsms = "{KEY}\n', 2),
        (f"[gateways]\nsms = {KEY}\n", 2),
        (f'gateways = "{KEY}"\n', 1),
        (f'[gateways]\n[people]\nom_ovj1 = "{KEY}"\n', 3),
        (f'[gateways]\n[sleutels]\nx = "{KEY}"\n', 2),
        (f'[gateways]\nsms = ["{KEY}"]\n', 2),
    ],
)
def test_another_shape_is_told_without_its_content(folder: Broken, text: str, line: int) -> None:
    path = put(folder)
    path.write_text(text)
    problem = folder.problem()
    assert (problem.file, problem.line) == ("secrets/fallback.toml", line)
    assert KEY not in str(problem)


def test_a_gateway_that_nobody_uses_is_checked_as_well(folder: Broken) -> None:
    put(folder, {**SMS, "mail": "geensoort://x/{to}"})
    assert folder.problem().key == "gateways.mail"


def test_the_example_in_the_document_works(folder: Broken) -> None:
    document = (Path(config.__file__).parents[1] / "docs" / "fallback.md").read_text("utf-8")
    path = put(folder)
    path.write_text(document.split("```toml\n")[1].split("```")[0], "utf-8")
    fallback = folder.load().fallback
    assert fallback is not None
    assert fallback.ways() == {
        "om_ovj1": ("sms", "voice"),
        "politie_cvd1": ("sms-politie", "mail"),
    }


def test_a_name_begins_with_what_it_is(folder: Broken) -> None:
    put(folder, {"sms-politie": SMS["sms"]}, om_ovj1={"sms-politie": NUMBER})
    assert folder.load().fallback is not None
    assert kind_of_gateway("sms-politie") == "sms"
