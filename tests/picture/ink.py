"""Shapes and lines of text as SVG, and SVG as a PNG, with no letters but the locked ones."""

import io
from html import escape

import resvg_py
from PIL import Image, ImageColor

from tests.picture.letters import (
    FAMILY,
    FILES,
    REGULAR,
    SEMIBOLD,
    emoji_address,
    emoji_size,
    pieces,
    width,
)

PAGE, PAGE_TEXT, PAGE_MUTED = "#24343f", "#ffffff", "#b9c7d0"
SCREEN, HEADER, EDGE = "#f3f5f7", "#ffffff", "#dfe5ea"
TEXT, MUTED = "#1b2731", "#61717e"
BOT, OWN, OWN_EDGE = "#ffffff", "#dcedf5", "#c4dfec"
CHIP, CHIP_EDGE, MINE, MINE_EDGE = "#ffffff", "#d3dbe1", "#d8f1e3", "#2c9463"
LOUD, BRAND = "#a8540a", "#1f6f8b"
COLOURS, STEPS = 240, 16  # together what a PNG with a palette can have
REFINED = 3  # without, the rare colours of small emoji come out wrong


def box(
    x: float, y: float, w: float, h: float, *, r: float, fill: str, edge: str = "", line: float = 1
) -> str:
    """A rectangle with round corners."""
    stroke = f' stroke="{edge}" stroke-width="{line}"' if edge else ""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" rx="{r}"'
        f' fill="{fill}"{stroke}/>'
    )


def circle(x: float, y: float, r: float, *, fill: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r}" fill="{fill}"/>'


def arrow(x: float, y: float, *, colour: str) -> str:
    """A small arrow downwards, its point at `x`, `y`."""
    return (
        f'<path d="M{x:.1f} {y - 11:.1f}v10m-4.5 -4.5l4.5 4.5l4.5 -4.5" fill="none"'
        f' stroke="{colour}" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"/>'
    )


def line(x: float, y: float, text: str, *, size: float, colour: str, weight: int = REGULAR) -> str:
    """One line of text with its emoji; `y` is the line that the letters stand on."""
    parts = []
    for piece in pieces(text):
        if piece.emoji:
            side, left, above = 0.92 * emoji_size(size), 0.05 * size, 0.94 * size
            parts.append(
                f'<image x="{x + left:.2f}" y="{y - above:.2f}" width="{side:.2f}"'
                f' height="{side:.2f}" href="{emoji_address(piece.text)}"/>'
            )
        else:
            parts.append(
                f'<text x="{x:.2f}" y="{y:.2f}" font-size="{size}" font-weight="{weight}"'
                f' fill="{colour}" xml:space="preserve">{escape(piece.text)}</text>'
            )
        x += width(piece.text, size, weight)
    return "".join(parts)


def page(w: float, h: float, content: str) -> str:
    """A whole SVG. What is not drawn on stays transparent."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{w:.0f}" height="{h:.0f}"'
        f' font-family="{FAMILY}">{content}</svg>'
    )


def png(svg: str) -> bytes:
    """The SVG as a small picture: 240 colours, and sixteen steps of the page's own colour for
    its round corners, so that they are smooth on a light and on a dark page."""
    drawn = Image.open(
        io.BytesIO(
            resvg_py.svg_to_bytes(
                svg_string=svg,
                skip_system_fonts=True,
                font_files=[str(FILES[weight]) for weight in (REGULAR, SEMIBOLD)],
                font_family=FAMILY,
            )
        )
    )
    solid = Image.new("RGB", drawn.size, PAGE)
    solid.paste(drawn, mask=drawn.getchannel("A"))
    cut = Image.Quantize.MEDIANCUT
    small = solid.quantize(COLOURS, cut, kmeans=REFINED, dither=Image.Dither.NONE)
    colours = (small.getpalette() or [])[: 3 * COLOURS]
    colours += [0] * (3 * COLOURS - len(colours)) + list(ImageColor.getrgb(PAGE)) * STEPS
    small.putpalette(colours)
    through = drawn.getchannel("A").point(lambda alpha: COLOURS + alpha * STEPS // 256)
    small.paste(through, mask=drawn.getchannel("A").point(lambda alpha: 255 * (alpha < 255)))
    alphas = bytes([255] * COLOURS + [step * 255 // STEPS for step in range(STEPS)])
    packed = io.BytesIO()
    small.save(packed, "PNG", optimize=True, transparency=alphas)
    return packed.getvalue()
