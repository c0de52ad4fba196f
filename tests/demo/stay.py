"""What somebody needs to know who wants to go on by hand after the day."""

import socket

from tests.demo.closing_table import table
from tests.demo.region import Region
from tests.kit.synapse import Synapse

ANY = "0.0.0.0"  # noqa: S104 - compared with, never listened on from here
MELDER, CALLED = "vt_gw2", "om_ovj1"  # the first did not play; the second has duty day and night


def how_to_go_on(server: Synapse, telegram: str, region: Region) -> list[str]:
    """Lines of text: addresses, names, password, how to raise the next alarm."""
    address = f"http://{_own_address()}:{server.port}" if server.bind == ANY else server.base_url
    names = [(each.label, each.user.removeprefix("@").partition(":")[0]) for each in region.staff]
    return [
        "Alles blijft aan. De klok loopt nu gelijk met de echte.",
        f"Server      {address}",
        f"Wachtwoord  {region.password}   (voor iedereen)",
        f"Telegram    {telegram}/   (zo zien de telefoons daar er nu uit, in elke browser)",
        "",
        *table(("wie", "gebruikersnaam"), names),
        "",
        "Zelf alarm slaan, met elke Matrix-app:",
        f"1. Meld je aan op dit serveradres als {MELDER}. Neem de uitnodigingen aan.",
        "2. Schrijf in het gesprek Kortelijn: alarm",
        f"3. Meld je in een tweede venster aan als {CALLED}. Daar komt de oproep: tik ✅.",
        "   Wil de app dit apparaat bevestigen? Kies opnieuw instellen (reset), met hetzelfde",
        "   wachtwoord: de telefoon die vandaag meespeelde, is er niet meer.",
        "Wie er nu dienst heeft, zegt de bot als je schrijft: dienst",
        "",
        "Stoppen: Ctrl-C.",
    ]


def _own_address() -> str:
    """Under which address others in the local network see this machine. Sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:  # no network at all
            return "127.0.0.1"
        return str(probe.getsockname()[0])
