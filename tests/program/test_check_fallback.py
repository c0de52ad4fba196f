"""`main.py check` of a region that has a third way out."""

from tests.kit.gateway import Gateway, write_fallback
from tests.program.conftest import MakeRegion

NUMBER = "+31000000001"


async def test_it_counts_who_has_one_and_names_who_is_out_of_reach(make_region: MakeRegion) -> None:
    region = await make_region()
    assert "Derde weg" not in (await region.call("check")).out
    secrets = region.folder / "secrets"
    async with Gateway() as gateway:
        numbers = {"om_ovj1": {"sms": NUMBER}, "om_ovj2": {"sms": NUMBER}}
        path = write_fallback(secrets, {"sms": gateway.url()}, numbers)
        said = await region.call("check")
        assert (said.code, said.err) == (1, ""), "its homeserver is away"
        line = next(line for line in said.lines() if "Derde weg" in line)
        assert line.startswith(
            "⚠️ Derde weg: 2 van 12 mensen die opgeroepen kunnen worden hebben sms, e-mail of "
            "belbericht; niet te bereiken, geen gesprek en geen derde weg: VT gedragsw"
        )
        assert "officier van justitie" not in line
        assert gateway.asked == 0, "checking sends nothing"
        for secret in (NUMBER, gateway.url()):
            assert secret not in said.out

        everybody = {
            key: {"sms": NUMBER}
            for partner, duty in (("vt", "gw"), ("om", "ovj"), ("politie", "cvd"), ("rvdk", ""))
            for key in (
                *(f"{partner}_{duty or 'contact'}{n}" for n in (1, 2)),
                f"{partner}_ap",
            )
        }
        write_fallback(secrets, {"sms": gateway.url()}, everybody)
        said = await region.call("check")
        assert (
            "✅ Derde weg: 12 van 12 mensen die opgeroepen kunnen worden hebben sms, e-mail of "
            "belbericht" in said.lines()
        )

        write_fallback(secrets, {"sms": gateway.url()}, {"om_ovj9": {"sms": NUMBER}})
        said = await region.call("check")
        assert (said.code, said.out) == (2, "")
        assert "secrets/fallback.toml:3 · people.om_ovj9" in said.err
        assert "De persoon om_ovj9 staat niet in people.toml." in said.err
        assert NUMBER not in said.err
        path.chmod(0o644)
        assert f"chmod 600 {path}" in (await region.call("check")).err
