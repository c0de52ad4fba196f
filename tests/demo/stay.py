"""What somebody needs to know who wants to go on by hand after the day."""

import socket

from tests.demo.closing_table import table
from tests.demo.region import Region
from tests.kit.synapse import Synapse

ANY = "0.0.0.0"  # noqa: S104 - compared with, never listened on from here
NOT_PLAYED = "vt_gw2"


def how_to_go_on(server: Synapse, region: Region) -> list[str]:
    """Lines of text: address, names, password, how to raise the next alarm."""
    address = f"http://{_own_address()}:{server.port}" if server.bind == ANY else server.base_url
    names = [(each.label, each.user.removeprefix("@").partition(":")[0]) for each in region.staff]
    return [
        "Alles blijft aan. De klok loopt nu gelijk met de echte.",
        f"Server      {address}",
        f"Wachtwoord  {region.password}   (voor iedereen)",
        "",
        *table(("wie", "gebruikersnaam"), names),
        "",
        "Zelf alarm slaan, met elke Matrix-app:",
        f"1. Meld je aan met dit serveradres, als {NOT_PLAYED}. Neem de uitnodigingen aan.",
        "2. Schrijf in het gesprek Kortelijn: alarm",
        "3. Meld je in een tweede venster aan als om_ovj2 of een ander, en schrijf: dienst",
        "   Wie nu dienst heeft, wordt opgeroepen. Pak daar op met ✅ of met het woord 1.",
        "Wie vandaag meespeelde, heeft al een sleutel: kies in de app voor opnieuw instellen.",
        "",
        "Stoppen: Ctrl-C.",
    ]


def _own_address() -> str:
    """Under which address others in the local network see this machine. Sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))
        return str(probe.getsockname()[0])
