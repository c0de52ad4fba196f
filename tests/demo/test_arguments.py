"""Wrong arguments end with a sentence before anything is started."""

import pytest

from bot.kill_points import KillPoint
from tests.demo.__main__ import arguments


def test_every_kill_point_can_be_named_also_with_a_count() -> None:
    for point in KillPoint:
        assert arguments(["--kill", point]).kill == point
    assert arguments(["--kill", "outbox.sent:3"]).kill == "outbox.sent:3"


@pytest.mark.parametrize("wrong", ["outbox", "outbox.sent:0", "outbox.sent:twee", ""])
def test_an_unknown_kill_point_names_the_choices(
    wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        arguments(["--kill", wrong])
    assert "Kies: inbox.received" in capsys.readouterr().err
