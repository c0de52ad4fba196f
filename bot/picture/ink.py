"""Shapes and lines of text as SVG."""

from html import escape

from bot.picture.letters import DOTLESS, FAMILY, signs, width

PAPER, TEXT, MUTED, LINE = "#ffffff", "#14202a", "#45545f", "#c9d2d9"
OFF, GAP, ON_GAP, NOW = "#e9edf0", "#b3261e", "#ffffff", "#0b57a4"
# Light enough for dark letters, and each other than its neighbours for who sees no red and green.
PEOPLE = ("#a9d2f0", "#f7d58a", "#b8e0b4", "#d9c2ea", "#f4bfa6", "#a5dcd9", "#dcdc9a", "#e8b7d0")
_HIGH = {"\u0301": "acute", "\u0300": "grave", "\u0302": "circumflex", "\u0308": "dots",
         "\u030c": "caron", "\u0303": "tilde", "\u030a": "ring"}  # fmt: skip


def box(
    x: float,
    y: float,
    w: float,
    h: float,
    *,
    fill: str,
    r: float = 0,
    edge: str = "",
    line: float = 2,
) -> str:
    """A rectangle, with round corners if `r` is given."""
    stroke = f' stroke="{edge}" stroke-width="{line}"' if edge else ""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(w, 0):.1f}" height="{h:.1f}" rx="{r}"'
        f' fill="{fill}"{stroke}/>'
    )


def rule(x: float, y: float, to_x: float, to_y: float, *, colour: str, line: float = 2) -> str:
    """A straight line."""
    return (
        f'<path d="M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}" stroke="{colour}"'
        f' stroke-width="{line}" fill="none"/>'
    )


def text(
    x: float,
    y: float,
    words: str,
    *,
    size: float,
    colour: str = TEXT,
    bold: bool = False,
    middle: bool = False,
) -> str:
    """One line; `y` is what the letters stand on. `middle`: `x` is its middle."""
    x -= width(words, size) / 2 if middle else 0
    edge = f' stroke="{colour}" stroke-width="{size * 0.035:.2f}"' if bold else ""
    drawn = []
    run, begun = "", x
    for sign in signs(words):
        if sign.letter == DOTLESS:
            drawn += [_line_of(run, begun, y, size, colour, edge)]
            stem = 0.085 * size
            middle_x = x + sign.width * size / 2
            drawn.append(box(middle_x - stem / 2, y - 0.53 * size, stem, 0.53 * size, fill=colour))
            run, begun = "", x + sign.width * size
        else:
            run += sign.letter
        for mark in sign.accents:
            drawn.append(_accent(mark, sign.letter, x + sign.width * size / 2, y, size, colour))
        x += sign.width * size
    drawn.append(_line_of(run, begun, y, size, colour, edge))
    return "".join(drawn)


def page(w: float, h: float, content: str) -> str:
    """A whole SVG on paper."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{w:.0f}" height="{h:.0f}"'
        f' font-family="{FAMILY}" font-kerning="none">{box(0, 0, w, h, fill=PAPER)}{content}</svg>'
    )


def _line_of(words: str, x: float, y: float, size: float, colour: str, edge: str) -> str:
    if not words.strip():
        return ""
    return (
        f'<text x="{x:.2f}" y="{y:.2f}" font-size="{size}" fill="{colour}"{edge}'
        f' style="font-kerning:none;font-variant-ligatures:none"'
        f' xml:space="preserve">{escape(words)}</text>'
    )


def _accent(mark: str, letter: str, x: float, y: float, size: float, colour: str) -> str:
    """What stands above a letter, or the tail under it; other marks are left out."""
    if mark == "\u0327":
        return _stroke(f"M{x:.2f} {y:.2f}q{0.1 * size:.2f} {0.1 * size:.2f} {-0.04 * size:.2f}"
                       f" {0.17 * size:.2f}", size, colour)  # fmt: skip
    top = y - (0.9 if letter.isupper() else 0.72) * size
    a, b = 0.1 * size, 0.12 * size
    match _HIGH.get(mark):
        case "dots":
            return "".join(
                f'<circle cx="{x + side * 1.25 * a:.2f}" cy="{top + 0.5 * b:.2f}"'
                f' r="{0.058 * size:.2f}" fill="{colour}"/>'
                for side in (-1, 1)
            )
        case "acute":
            path = f"M{x - 0.4 * a:.2f} {top + b:.2f}l{a:.2f} {-b:.2f}"
        case "grave":
            path = f"M{x + 0.4 * a:.2f} {top + b:.2f}l{-a:.2f} {-b:.2f}"
        case "circumflex":
            path = f"M{x - a:.2f} {top + b:.2f}l{a:.2f} {-b:.2f}l{a:.2f} {b:.2f}"
        case "caron":
            path = f"M{x - a:.2f} {top:.2f}l{a:.2f} {b:.2f}l{a:.2f} {-b:.2f}"
        case "tilde":
            path = (
                f"M{x - a:.2f} {top + 0.7 * b:.2f}q{a / 2:.2f} {-b:.2f} {a:.2f} {-0.2 * b:.2f}"
                f"t{a:.2f} {-0.2 * b:.2f}"
            )
        case "ring":
            return (
                f'<circle cx="{x:.2f}" cy="{top + 0.4 * b:.2f}" r="{0.07 * size:.2f}"'
                f' fill="none" stroke="{colour}" stroke-width="{0.05 * size:.2f}"/>'
            )
        case _:
            return ""
    return _stroke(path, size, colour)


def _stroke(path: str, size: float, colour: str) -> str:
    return (
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{0.075 * size:.2f}"'
        f' stroke-linecap="round"/>'
    )
