"""The Friday-hospital day as data: who plays, who does what when, how fast the clock runs.

Everybody acts upon what their own phone shows. The texts here are fragments of messages; the
times are those of the clock on the wall of the region.
"""

from dataclasses import dataclass

from tests.demo.acts import Opens, Reads, Says, Step, Taps
from tests.demo.report import What

BEGINS = "15:40"
ASKED = "Pak je dit op"
TAKEN = "Jij pakt"
WHEN = "Wanneer kun je"
FIXED = "Link en agenda"
SOON = "om 16:30 ("
FILE = "eigen dossier"


@dataclass(frozen=True)
class Player:
    """`partner` as in the region's files; `duty`: in which quality this person can take."""

    name: str
    partner: str
    duty: str


CAST = {
    "vt_fo": Player("VT frontoffice", "vt", "melder"),
    "vt_gw1": Player("VT gedragswetenschapper", "vt", "dienst"),
    "om_ovj1": Player("OM officier van justitie", "om", "dienst"),
    "politie_cvd1": Player("Politie chef van dienst", "politie", "dienst"),
    "rvdk_contact1": Player("RvdK dienst", "rvdk", "dienst"),
    "rvdk_contact2": Player("RvdK achterwacht", "rvdk", "achterwacht"),
    "politie_cvd2": Player("Politie collega", "politie", "collega"),
}
PARTNERS = {"vt": "VT", "om": "OM", "politie": "Politie", "rvdk": "RvdK"}
GOES_TO_THE_OVERLEG = ("vt_fo", "vt_gw1", "om_ovj1", "politie_cvd1", "rvdk_contact2")

SCRIPTS: dict[str, tuple[Step, ...]] = {
    "vt_fo": (
        Step("15:40", Says("alarm")),
        Step("15:40", Taps("Kindermishandeling"), "Wat is er aan de hand"),
        Step("15:40", Taps("Centrum"), "Waar?"),
        Step("15:40", Says("letsel past niet bij uitleg"), "Klopt dit?"),
        Step("15:40", Taps("Verstuur: spoed"), "Reden: letsel"),
        Step("15:54", Taps("16:30"), WHEN),
    ),
    "vt_gw1": (
        Step("15:41", Reads(), ASKED),
        Step("15:42", Taps("Ik pak op"), ASKED),
        Step("15:54", Taps("16:30"), WHEN),
        Step("15:58", Opens(), ".ics", "case"),
        Step("16:40", Says("afspraak politie: sporen veiligstellen vóór 18:00"), "Link:", "case"),
        Step("16:44", Says("afspraak rvdk: huisbezoek vóór za 12:00"), "Afspraak 1", "case"),
        Step("16:48", Says("regie politie"), "Afspraak 2", "case"),
        Step("17:51", Taps("Ja, klopt"), FILE),
    ),
    "om_ovj1": (
        Step("15:42", Reads(), ASKED),
        Step("15:44", Taps("Ik pak op"), ASKED),
        Step("15:55", Taps("16:30"), WHEN),
    ),
    "politie_cvd1": (
        Step("15:44", Reads(), ASKED),
        Step("15:46", Says("1"), ASKED),
        Step("15:56", Says("16:30 17:00"), WHEN),
        Step("16:46", Taps("Klopt"), "Afspraak 1 in"),
        Step("17:20", Says("klaar 1"), "Afspraak 1", "case"),
        Step("17:50", Says("sluit"), "Afspraak 1", "case"),
        Step("17:50", Taps("samen plan gemaakt"), "Wat is de uitkomst", "case"),
        Step("17:50", Taps("Sluit"), "loopt door", "case"),
        Step("17:51", Taps("Ja, klopt"), FILE),
    ),
    "rvdk_contact1": (Step("15:43", Reads(), ASKED),),
    "rvdk_contact2": (
        Step("15:51", Reads(), ASKED),
        Step("15:53", Taps("Ik pak op"), ASKED),
        Step("15:57", Taps("16:30"), WHEN),
        Step("16:50", Taps("Klopt"), "Afspraak 2 in"),
    ),
    "politie_cvd2": (),
}


@dataclass(frozen=True)
class Need:
    """Something that must have happened before the clock may go on."""

    who: str
    text: str
    what: tuple[What, ...] = ("message", "edit")


@dataclass(frozen=True)
class Stretch:
    """The clock runs `rate` times as fast as the real one until it shows `until`; there it
    walks at its real pace until all `needs` are met. `chapter` is told before."""

    until: str
    rate: float
    needs: tuple[Need, ...] = ()
    chapter: str = ""


def _all(people: tuple[str, ...], text: str) -> tuple[Need, ...]:
    return tuple(Need(who, text) for who in people)


STRETCHES = (
    Stretch(
        "15:41",
        20,
        _all(("vt_gw1", "om_ovj1", "politie_cvd1", "rvdk_contact1"), ASKED),
        "Een kinderarts belt Veilig Thuis. De frontoffice slaat alarm: drie tikken en één zin.",
    ),
    Stretch(
        "15:43",
        60,
        (Need("vt_gw1", TAKEN),),
        "Vier partners zijn tegelijk opgeroepen. Wie pakt op?",
    ),
    Stretch("15:45", 60, (Need("om_ovj1", TAKEN), Need("rvdk_contact1", ASKED, ("read",)))),
    Stretch("15:47", 60, (Need("politie_cvd1", TAKEN),)),
    Stretch("15:50", 120, (), "De RvdK las de oproep wel, maar zegt niets. De klok loopt."),
    Stretch(
        "15:51",
        40,
        (Need("rvdk_contact2", "Jij bent achterwacht"), Need("rvdk_contact1", "Oppakken kan nog")),
    ),
    Stretch(
        "15:54",
        60,
        (Need("rvdk_contact2", TAKEN), *_all(GOES_TO_THE_OVERLEG, WHEN)),
    ),
    Stretch(
        "15:59",
        60,
        (*_all(GOES_TO_THE_OVERLEG, FIXED), Need("vt_gw1", "DTSTART", ("opened",))),
        "Alle vier zijn er. Wanneer kan iedereen overleggen?",
    ),
    Stretch("16:19", 900, (), "De tijd staat vast. Iedereen gaat door met het eigen werk."),
    Stretch("16:21", 120, _all(GOES_TO_THE_OVERLEG, SOON)),
    Stretch("16:39", 900),
    Stretch(
        "16:52",
        150,
        (
            Need("politie_cvd1", "is bevestigd"),
            Need("rvdk_contact2", "is bevestigd"),
            Need("om_ovj1", "Regie: politie"),
        ),
        "Het overleg loopt. Wat is afgesproken, komt in de casusruimte.",
    ),
    Stretch("17:19", 900),
    Stretch("17:22", 120, (Need("om_ovj1", "klaar 17:2"),)),
    Stretch("17:49", 900),
    Stretch(
        "17:53",
        60,
        (*_all(GOES_TO_THE_OVERLEG, FILE), Need("om_ovj1", "Dossier klopt: VT, politie")),
        "De politie heeft de regie en sluit de casus.",
    ),
)
