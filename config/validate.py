"""What no single file can know: whether the files fit each other."""

from collections.abc import Mapping, Sequence

from config.check_people import check_people
from config.check_protocols import check_protocols, check_reachable
from config.check_roster import check_roster
from config.people import PersonEntry
from config.problem import Report
from config.protocol import Protocol
from config.region import Region
from config.roster import DutyEntry
from config.settings import TELEGRAM_API, Settings

_REGION = "region.toml"


def validate(
    report: Report,
    settings: Settings,
    region: Region,
    people: Sequence[PersonEntry] | None,
    protocols: Mapping[str, Protocol] | None,
    roster: Sequence[DutyEntry] | None,
) -> None:
    """Add every problem between the files. None: that file could not be read, it is left out.

    `protocols` goes by file name.
    """
    _check_region(report, settings, region)
    if people is not None:
        check_people(report, region, people)
    if protocols is not None:
        check_protocols(report, region, protocols)
    if people is not None and protocols is not None:
        check_reachable(report, region, people, protocols)
    if people is not None and roster is not None:
        check_roster(report, region, people, roster)


def _check_region(report: Report, settings: Settings, region: Region) -> None:
    report.unique(_REGION, ((p.key, ("partners", n, "key")) for n, p in enumerate(region.partners)))
    for n, partner in enumerate(region.partners):
        keys = ((f.key, ("partners", n, "functions", m)) for m, f in enumerate(partner.functions))
        report.unique(_REGION, keys)
    words = (
        (word.casefold(), ("places", n))
        for n, place in enumerate(region.places)
        for word in sorted({place.name.casefold(), *(each.casefold() for each in place.words)})
    )
    report.unique(_REGION, words)
    if not region.fictional:
        if settings.story_clock is not None:
            report.add(_REGION, ("fictional",), "story_clock")
        if settings.kill_at is not None:
            report.add(_REGION, ("fictional",), "kill_at")
        if settings.telegram_api != TELEGRAM_API:  # whoever is there gets the token
            report.add(_REGION, ("fictional",), "telegram_api")
    telegram = region.telegram
    if telegram is not None and telegram.mode == "thread" and telegram.group is None:
        report.add(_REGION, ("telegram", "group"), "thread_without_group")
