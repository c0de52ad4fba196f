"""The one place where names of people come to be found. They are not found yet.

Until that detector is built, the bot's own words ("geen namen hier") are all that keeps
names out. Whoever builds it fills `find_names`; nothing else in the guard has to change.
"""

from collections.abc import Iterator

from commands.guard.hit import Spot

FINDS_NAMES = False  # for whoever tells users or operators what the guard covers


def find_names(text: str) -> Iterator[Spot]:  # noqa: ARG001 the detector's interface
    """Names of people as spots of the kind `name`. Finds none: see above."""
    return iter(())
