"""The Friday-hospital day as data: who plays, who does what when, how fast the clock runs.

Everybody acts upon what their own phone shows. The texts here are fragments of messages; the
times are those of the clock on the wall of the region.
"""

from dataclasses import dataclass

from tests.demo.acts import Opens, Reads, Says, Starts, Step, Taps
from tests.demo.report import Messenger, What

BEGINS = "15:40"
INVITE = "Wie wil je uitnodigen"
WELCOME = "Welkom"
TEST = "Hoor je dit"
ASKED = "Pak je dit op"
TAKEN = "Jij pakt"
WHEN = "Wanneer kun je"
FIXED = "vr 16:30 (over"
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
    "politie_ap": Player("Politie aanspreekpunt", "politie", "aanspreekpunt"),
    "rvdk_ap": Player("RvdK aanspreekpunt", "rvdk", "aanspreekpunt"),
}
ONLY_TELEGRAM = ("politie_cvd1",)
INVITED = {"politie_ap": "politie_cvd1", "rvdk_ap": "rvdk_contact1"}  # who gives whom a link
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
        Step("16:48", Says("regie vt"), "Afspraak 2", "case"),
        Step("17:50", Says("sluit"), "klaar 17:2", "case"),
        Step("17:50", Taps("samen plan gemaakt"), "Wat is de uitkomst", "case"),
        Step("17:50", Taps("Sluit"), "loopt door", "case"),
        Step("17:51", Taps("Ja, klopt"), FILE),
    ),
    "om_ovj1": (
        Step("15:42", Reads(), ASKED),
        Step("15:44", Taps("Ik pak op"), ASKED),
        Step("15:55", Taps("16:30"), WHEN),
    ),
    "rvdk_contact1": (),
    "rvdk_contact2": (
        Step("15:51", Reads(), ASKED),
        Step("15:53", Says("1"), ASKED),
        Step("15:57", Says("16:30 17:00"), WHEN),
        Step("16:46", Taps("Klopt"), "Afspraak 2 in"),
    ),
    "politie_ap": (
        Step("15:20", Says("uitnodigen"), WELCOME),
        Step("15:20", Taps("chef van dienst 1"), INVITE),
    ),
    "rvdk_ap": (
        Step("15:10", Says("uitnodigen"), WELCOME),
        Step("15:10", Taps("RvdK-dienst 1"), INVITE),
    ),
}
ON_TELEGRAM: dict[str, tuple[Step, ...]] = {
    "politie_cvd1": (
        Step("15:20", Starts()),
        Step("15:20", Taps("Ik ben klaar"), WELCOME),
        Step("15:21", Taps("Gehoord"), TEST),
        Step("15:43", Taps("Ik pak op"), ASKED),
        Step("15:56", Taps("16:30"), WHEN),
        Step("16:42", Taps("Klopt"), "Afspraak 1 in"),
        Step("17:20", Says("klaar 1")),
        Step("17:51", Taps("Ja, klopt"), FILE),
    ),
    "rvdk_contact1": (
        Step("15:10", Starts()),
        Step("15:43", Says("ok"), ASKED),
    ),
}
# Of the case, and never for Telegram: kind, place, reason, agreements, outcome, the way to meet.
KEPT_BACK = (
    *("kindermishandeling", "centrum", "letsel", "sporen", "huisbezoek"),
    *("plan gemaakt", "meet.example", "0800-2005", ".ics"),
)


@dataclass(frozen=True)
class Need:
    """Something that must have happened before the clock may go on."""

    who: str
    text: str
    what: tuple[What, ...] = ("message", "edit")
    on: Messenger = "matrix"


@dataclass(frozen=True)
class Beat:
    """The clock hurries to `at`; there it walks until all `needs` are met. So every minute of
    the day is the same on a fast and on a slow machine. `chapter` is told before."""

    at: str
    needs: tuple[Need, ...] = ()
    chapter: str = ""


def _best(who: str) -> Messenger:
    """Where somebody is told things."""
    return "telegram" if who in ONLY_TELEGRAM else "matrix"


def _all(people: tuple[str, ...], text: str) -> tuple[Need, ...]:
    return tuple(_shown(who, text) for who in people)


def _shown(who: str, text: str) -> Need:
    return Need(who, text, on=_best(who))


def _read(who: str) -> Need:
    return Need(who, ASKED, ("read",))


# Before anybody looks: one person of the RvdK gets Telegram beside Matrix.
QUIET = Beat("15:10", (Need("rvdk_contact1", WELCOME, on="telegram"),))
PROLOGUE = (
    Beat(
        "15:20",
        (_shown("politie_cvd1", "komt de test"),),
        "Vooraf. De politie heeft Telegram. Het aanspreekpunt geeft de chef van dienst een link.",
    ),
    Beat("15:21", (_shown("politie_cvd1", "Je bent bereikbaar"),)),
)

BEATS = (
    Beat(
        "15:40",
        _all(("vt_gw1", "om_ovj1", "politie_cvd1", "rvdk_contact1"), ASKED),
        "Een kinderarts belt Veilig Thuis. De frontoffice slaat alarm: drie tikken en één zin.",
    ),
    Beat(
        "15:41",
        (_read("vt_gw1"),),
        "Bij vier partners gaat één telefoon af, bij de politie op Telegram. Wie pakt op?",
    ),
    Beat(
        "15:42",
        (
            Need("vt_gw1", TAKEN),
            _read("om_ovj1"),
            Need("rvdk_contact1", ASKED, on="telegram"),
        ),
        "De RvdK geeft op Matrix 2 minuten geen teken. Dan gaat de oproep ook naar Telegram.",
    ),
    Beat(
        "15:43",
        (
            _shown("politie_cvd1", TAKEN),
            Need("rvdk_contact1", "nog niet opgepakt", on="telegram"),
        ),
    ),
    Beat("15:44", (Need("om_ovj1", TAKEN),)),
    Beat("15:45", (Need("rvdk_contact1", "wacht op jou"),)),
    Beat(
        "15:50",
        (Need("rvdk_contact2", "Jij bent achterwacht"), Need("rvdk_contact1", "Oppakken kan nog")),
        "Ok is nog geen ja. De RvdK pakt niet op: om 15:50 roept de bot zelf de achterwacht op.",
    ),
    Beat("15:51", (_read("rvdk_contact2"),)),
    Beat("15:53", (Need("rvdk_contact2", TAKEN), *_all(GOES_TO_THE_OVERLEG, WHEN))),
    Beat(
        "15:54",
        _all(("vt_fo", "vt_gw1"), "Jij kunt"),
        "Alle vier pakten op. Wanneer kunnen zij samen overleggen? Uiterlijk 18:40.",
    ),
    Beat("15:55", (Need("om_ovj1", "Jij kunt"),)),
    Beat("15:56", (_shown("politie_cvd1", "Jij kunt"),)),
    Beat("15:57", _all(GOES_TO_THE_OVERLEG, FIXED)),
    Beat("15:58", (Need("vt_gw1", "DTSTART", ("opened",)),)),
    Beat("16:20", _all(GOES_TO_THE_OVERLEG, SOON), "De tijd staat vast. Tot dan: het eigen werk."),
    Beat("16:30", (Need("om_ovj1", "Overleg bezig"),)),
    Beat(
        "16:40",
        (_shown("politie_cvd1", "Afspraak 1 in"),),
        "In het overleg. Wat wordt afgesproken, komt in de casusruimte.",
    ),
    Beat("16:42", (_shown("politie_cvd1", "is bevestigd"),)),
    Beat("16:44", (Need("rvdk_contact2", "Afspraak 2 in"),)),
    Beat("16:46", (Need("rvdk_contact2", "is bevestigd"),)),
    Beat("16:48", (Need("om_ovj1", "Regie: VT"),)),
    Beat(
        "17:20",
        (Need("om_ovj1", "klaar 17:2"),),
        "De politie doet wat is afgesproken, en zegt dat op Telegram. De rest ziet het op Matrix.",
    ),
    Beat(
        "17:50",
        _all(GOES_TO_THE_OVERLEG, FILE),
        "VT heeft de regie en sluit de casus. Iedereen hoort het op het eigen kanaal.",
    ),
    Beat("17:51", _all(("vt_gw1", "politie_cvd1"), "Je dossier van")),
    Beat(
        "17:52",
        (
            *_all(("om_ovj1", "politie_cvd1"), "Dossier klopt: VT, politie"),
            Need("politie_ap", "gesloten"),
        ),
    ),
)
