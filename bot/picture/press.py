"""Make one PNG. A process of its own, for one picture and no longer:

    python -P press.py FONT FAMILY SECONDS   reads an SVG, writes the PNG

Drawing takes a tenth of a second to half a one, in which a page would have to wait (measured:
the library does not let go of the interpreter).
"""

import signal
import sys


def _main() -> None:
    import resvg_py

    font, family, seconds = sys.argv[1:]
    signal.setitimer(signal.ITIMER_REAL, float(seconds))  # also when the bot is gone meanwhile
    drawn = resvg_py.svg_to_bytes(
        svg_string=sys.stdin.buffer.read().decode(),
        skip_system_fonts=True,
        font_files=[font],
        font_family=family,
    )
    sys.stdout.buffer.write(drawn)


if __name__ == "__main__":
    _main()
