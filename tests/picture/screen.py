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
INSET, BETWEEN, SAME = 12.0, 14.0, 25.0
OWN_INDENT = 48.0
APART = 18.0  # phones below each other
LEGEND = (
    "🔔 deze telefoon gaat af",
    "groen: hier getikt",
    "pijl: hetzelfde bericht, na de tik",
    "alles uit een echte run, zoals de telefoons het ontsleutelden",
)


@dataclass(frozen=True)
class Scene:
    """One phone: what stands in its header, and the messages below that."""

    title: str
    subtitle: str
    frames: Sequence[Frame]


@dataclass(frozen=True)
class Chapter:
    """Phones below each other, and above them what to look at."""

    caption: str
    remark: str
    scenes: Sequence[Scene]


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


def sheet(chapters: Sequence[Chapter]) -> str:
    """The picture as SVG."""
    each = (WIDE - 2 * MARGIN - (len(chapters) - 1) * GAP) / len(chapters)
    limit = each - 2 * INSET
    columns = [[column(scene.frames, limit) for scene in one.scenes] for one in chapters]
    screens = max(
        sum(_tall(high) for _, high in phones) + APART * (len(phones) - 1) for phones in columns
    )
    tall = CAPTIONS + screens + FOOT
    parts = [ink.box(0, 0, WIDE, tall, r=22, fill=ink.PAGE)]
    for number, (chapter, phones) in enumerate(zip(chapters, columns, strict=True)):
        x, y = MARGIN + number * (each + GAP), CAPTIONS
        parts.append(_caption(chapter, number + 1, x))
        for scene, (placed, high) in zip(chapter.scenes, phones, strict=True):
            last = scene is chapter.scenes[-1]
            bottom = CAPTIONS + screens if last else y + _tall(high)
            parts.append(_phone(scene, placed, (x, y, each, bottom - y)))
            y = bottom + APART
    parts.append(_legend(tall))
    return ink.page(WIDE, tall, "".join(parts))


def _tall(messages: float) -> float:
    """A phone with messages that are so high together."""
    return HEADER + messages + 2 * BETWEEN


def _caption(chapter: Chapter, number: int, x: float) -> str:
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
        + ink.line(x + 40, 34, chapter.caption, size=18, colour=ink.PAGE_TEXT, weight=SEMIBOLD)
        + ink.line(x + 40, 56, chapter.remark, size=14.5, colour=ink.PAGE_MUTED)
    )


def _phone(scene: Scene, placed: Sequence[Placed], where: tuple[float, float, float, float]) -> str:
    x, top, wide, tall = where
    clip, initial = f"phone{x:.0f}-{top:.0f}", scene.title[0]
    parts = [
        f'<clipPath id="{clip}">{ink.box(x, top, wide, tall, r=20, fill="#000")}</clipPath>',
        f'<g clip-path="url(#{clip})">',
        ink.box(x, top, wide, tall, r=0, fill=ink.SCREEN),
        ink.box(x, top, wide, HEADER, r=0, fill=ink.HEADER),
        ink.box(x, top + HEADER - 1, wide, 1, r=0, fill=ink.EDGE),
        "</g>",
        ink.circle(x + 34, top + HEADER / 2, 19, fill=ink.BRAND),
        ink.line(
            x + 34 - width(initial, 19, SEMIBOLD) / 2,
            top + HEADER / 2 + 7,
            initial,
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
            parts.append(ink.arrow(left + 20, y - 6, colour=ink.MUTED))
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
