from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.reading.agreement_line import AgreementLine, PartnerWords, read_agreement
from commands.reading.deadline import Deadline

PARTNERS = [
    PartnerWords("vt", ("Veilig Thuis",)),
    PartnerWords("politie", ("police",)),
    PartnerWords("om", ("officier", "ovj")),
    PartnerWords("rvdk", ("Raad", "raad voor de kinderbescherming")),
]
ZONE = ZoneInfo("Europe/Amsterdam")
NOW = int(datetime(2026, 7, 10, 15, 40, tzinfo=ZONE).timestamp() * 1000)
AT_18 = Deadline(int(datetime(2026, 7, 10, 18, 0, tzinfo=ZONE).timestamp() * 1000), past=False)


def read(text: str) -> AgreementLine:
    return read_agreement(text, PARTNERS, NOW)


@pytest.mark.parametrize(
    "text",
    [
        "afspraak politie: sporen veiligstellen vóór 18:00",
        "Afspraak Politie sporen veiligstellen voor 18.00",
        "/afspraak politie: sporen veiligstellen, uiterlijk 18u",
        "agreement police: sporen veiligstellen before 18:00",
        "politie: sporen veiligstellen vóór 18:00",
        "afspraak: politie: vóór 18:00 sporen veiligstellen",
        "afspraak: politie sporen veiligstellen vóór 18:00",
    ],
)
def test_partner_text_and_deadline(text: str) -> None:
    assert read(text) == AgreementLine("politie", None, "sporen veiligstellen", AT_18)


def test_a_partner_of_several_words() -> None:
    line = read("afspraak Raad voor de Kinderbescherming: dossier lezen")
    assert (line.partner, line.text, line.deadline) == ("rvdk", "dossier lezen", None)


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("afspraak brandweer: rapport sturen vóór 18:00", "brandweer"),
        ("afspraak VT en politie: samen gaan vóór 18:00", "VT en politie"),
        ("afspraak sporen", None),
        ("afspraak", None),
        ("afspraak sporen vóór 18:00", None),
        ("afspraak let op dit is belangrijk: doen", None),
    ],
)
def test_without_a_known_partner(text: str, unknown: str | None) -> None:
    line = read(text)
    assert line.partner is None
    assert line.unknown_partner == unknown


def test_a_colon_of_a_time_is_no_partner() -> None:
    line = read("afspraak om belt terug vóór 18:00")
    assert (line.partner, line.text, line.deadline) == ("om", "belt terug", AT_18)
    assert read("afspraak gesprek om 16:30 voeren").text == "gesprek om 16:30 voeren"


MIXED = ["afspraak", "politie", "om", ":", "x", "vóór", "18:00", "\u200f", "<b>"]


@given(st.text() | st.lists(st.sampled_from(MIXED)).map(" ".join))
def test_no_text_raises(text: str) -> None:
    line = read(text)
    assert line.partner is None or line.unknown_partner is None


def test_sixty_kilobytes() -> None:
    line = read("afspraak politie: " + "sporen : " * 7_000 + "vóór 18:00")
    assert (line.partner, line.deadline) == ("politie", AT_18)
