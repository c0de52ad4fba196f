"""Reading requests without holding them against the description: for measuring, where loading and
asking it would take the time of what is measured. Nothing is a violation then.
"""

import json
from typing import Any

from tests.kit.telegram.description import Reading
from tests.kit.telegram.refusal import Json

TEXTS = frozenset(
    {"text", "caption", "parse_mode", "callback_query_id", "name", "url", "secret_token"}
)  # of the parameters, what is a text even if it looks like a number


class Unjudged:
    """Stands in for `description`, without its models."""

    def load(self) -> None:
        """Nothing to load."""

    def request(self, method: str, raw: dict[str, Any]) -> Reading:
        return Reading({name: _read(name, value) for name, value in raw.items()})

    def result(self, method: str, value: object) -> list[str]:
        return []

    def refusal(self, body: Json) -> list[str]:
        return []

    def update(self, value: Json) -> list[str]:
        return []


def _read(name: str, value: Any) -> Any:
    """A form has texts only."""
    if not isinstance(value, str) or name in TEXTS:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
