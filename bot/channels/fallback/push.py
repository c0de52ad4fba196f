"""Hand one text to a gateway. A process of its own, for one text and no longer:

    python -P push.py   reads {"url": …, "text": …, "within_s": …}, ends with one of `Code`

`apprise` loads 42 MB of plugins and waits for servers; neither is for the bot. URL and text are
secrets: they come through stdin and go to nobody but the gateway, nor into a log.
"""

import enum
import json
import os
import signal
import sys

TITLE = "Kortelijn"  # where a gateway has a line for it, as e-mail does


class Code(enum.IntEnum):
    """What became of it. Any other end, also by a signal: nobody knows."""

    ACCEPTED = 0
    NOT_UNDERSTOOD = 3
    FAILED = 4


def _push(url: str, text: str) -> Code:
    from apprise import Apprise, AppriseAsset, NotifyFormat

    service = Apprise.instantiate(url, asset=AppriseAsset(app_id=TITLE, app_desc=TITLE))
    if service is None:
        return Code.NOT_UNDERSTOOD
    # Without a line of its own the title would be put into the text, and a long SMS is two.
    title = TITLE if service.title_maxlen else ""
    both = Apprise()
    both.add(service)
    taken = both.notify(body=text, title=title, body_format=NotifyFormat.TEXT)
    return Code.ACCEPTED if taken else Code.FAILED


def _main() -> None:
    given = json.load(sys.stdin)
    signal.setitimer(signal.ITIMER_REAL, given["within_s"])  # also when the bot is gone meanwhile
    code = _push(given["url"], given["text"])
    os._exit(code)  # at once: a thread of a plugin may still wait for somebody


if __name__ == "__main__":
    _main()
