"""Which of these addresses does `apprise` understand? A process of its own:

    python -P understood.py   reads a JSON list of URLs, writes a JSON list of true and false

Its plugins are 42 MB that the bot itself never needs. What it gets are secrets, so it gets them
through stdin and never writes one: not on the command line, not in the environment, not in a log.
"""

import json
import subprocess
import sys
from collections.abc import Sequence

LONGEST_S = 30.0  # guards against hanging; measured: 0.3 s


def understood(urls: Sequence[str]) -> list[bool] | None:
    """An answer for each, in order. None if there is nobody to ask: `apprise` is not installed, or
    hangs."""
    try:
        done = subprocess.run(  # noqa: S603 (nothing of it comes from outside)
            [sys.executable, "-P", __file__],
            input=json.dumps(list(urls)).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # its warnings can quote a URL
            timeout=LONGEST_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    if done.returncode != 0:
        return None
    answers: list[bool] = json.loads(done.stdout)
    return answers


def _main() -> None:
    from apprise import Apprise

    answers = []
    for url in json.load(sys.stdin):
        service = Apprise.instantiate(url)
        # Some take a number that is none, and then write to nobody, or to the sender.
        nobody = service is not None and getattr(service, "targets", None) in ([], (), {}, set())
        answers.append(service is not None and not nobody)
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    _main()
