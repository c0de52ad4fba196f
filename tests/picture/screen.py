"""Phones side by side: what each shows, under a caption that says what to look at."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.picture import ink
from tests.picture.bubble import Bubble
from tests.picture.film import Frame
from tests.picture.letters import SEMIBOLD, width

WIDE = 1200.0
MARGIN, GAP = 26.0, 20.0
CAPTIONS, HEADER, FOOT = 78.0, 62.0, 46.0
INSET, BETWEEN, SAME = 12.0, 14.0, 20.0
OWN_INDENT = 48.0
LEGEND = (
    "🔔 deze telefoon gaat af",
    "groen: door de eigenaar getikt",
    "pijl: hetzelfde bericht, bewerkt na de tik",
)


@dataclass(frozen=True)
class Scene:
    """One phone. `title` and `subtitle` stand on its screen, `caption` above it."""

    caption: str
    remark: str
    title: str
    subtitle: str
    frames: Sequence[Frame]


@dataclass(frozen=True)
class Placed:
    """A bubble, and how far below the header it begins."""

    bubble: Bubble
    top: float
    follows: bool  # the same message as the one above


def column(frames: Sequence[Frame], limit: float) -> tuple[list[Placed], float]:
    """The bubbles from top to bottom, and how high they are together."""
    placed: list[Placed] = []
    top, before = 0.0, ""
    for frame in frames:
        follows = frame.message == before
        top += (SAME if follows else BETWEEN) if placed else 0
        room = limit - (OWN_INDENT if frame.by == "me" else 0)
        bubble = Bubble(frame, room, name="" if frame.by != "other" else frame.sender)
        placed.append(Placed(bubble, top, follows))
        top += bubble.height
        before = frame.message
    return placed, top


def sheet(scenes: Sequence[Scene]) -> str:
    """The picture as SVG."""
    each = (WIDE - 2 * MARGIN - (len(scenes) - 1) * GAP) / len(scenes)
    limit = each - 2 * INSET
    columns = [column(scene.frames, limit) for scene in scenes]
    screen = HEADER + max(high for _, high in columns) + 2 * BETWEEN
    tall = CAPTIONS + screen + FOOT
    parts = [ink.box(0, 0, WIDE, tall, r=22, fill=ink.PAGE)]
    for number, (scene, (placed, _)) in enumerate(zip(scenes, columns, strict=True)):
        x = MARGIN + number * (each + GAP)
        parts += [_caption(scene, number + 1, x), _phone(scene, placed, x, each, screen)]
    parts.append(_legend(tall))
    return ink.page(WIDE, tall, "".join(parts))


def _caption(scene: Scene, number: int, x: float) -> str:
    return (
        ink.circle(x + 15, 37, 15, fill=ink.BRAND)
        + ink.line(
            x + 15 - width(str(number), 17, SEMIBOLD) / 2,
            43,
            str(number),
            size=17,
            colour=ink.PAGE_TEXT,
            weight=SEMIBOLD,
        )
        + ink.line(x + 40, 34, scene.caption, size=18, colour=ink.PAGE_TEXT, weight=SEMIBOLD)
        + ink.line(x + 40, 56, scene.remark, size=14.5, colour=ink.PAGE_MUTED)
    )


def _phone(scene: Scene, placed: Sequence[Placed], x: float, wide: float, tall: float) -> str:
    top = CAPTIONS
    clip = f"phone{x:.0f}"
    parts = [
        f'<clipPath id="{clip}">{ink.box(x, top, wide, tall, r=20, fill="#000")}</clipPath>',
        f'<g clip-path="url(#{clip})">',
        ink.box(x, top, wide, tall, r=0, fill=ink.SCREEN),
        ink.box(x, top, wide, HEADER, r=0, fill=ink.HEADER),
        ink.box(x, top + HEADER - 1, wide, 1, r=0, fill=ink.EDGE),
        "</g>",
        ink.circle(x + 34, top + HEADER / 2, 19, fill=ink.BRAND),
        ink.line(
            x + 34 - width("K", 19, SEMIBOLD) / 2,
            top + HEADER / 2 + 7,
            "K",
            size=19,
            colour=ink.PAGE_TEXT,
            weight=SEMIBOLD,
        ),
        ink.line(x + 64, top + 28, scene.title, size=17, colour=ink.TEXT, weight=SEMIBOLD),
        ink.line(x + 64, top + 47, scene.subtitle, size=13, colour=ink.MUTED),
    ]
    for each in placed:
        y = top + HEADER + BETWEEN + each.top
        own = each.bubble.frame.by == "me"
        left = x + wide - INSET - each.bubble.width if own else x + INSET
        if each.follows:
            parts.append(ink.arrow(left + 18, y - 4, colour=ink.MUTED))
        parts.append(each.bubble.draw(left, y))
    return "".join(parts)


def _legend(tall: float) -> str:
    size, between = 14.0, 34.0
    whole = sum(width(text, size) for text in LEGEND) + between * (len(LEGEND) - 1)
    x, parts = (WIDE - whole) / 2, []
    for text in LEGEND:
        parts.append(ink.line(x, tall - 17, text, size=size, colour=ink.PAGE_MUTED))
        x += width(text, size) + between
    return "".join(parts)
