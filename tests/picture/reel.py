"""Which frames of a film fit on a picture: what was pressed, and how each message ended. Pure."""

from collections.abc import Iterable, Sequence

from tests.picture.film import Frame


def chosen(frames: Sequence[Frame], gone: Iterable[str], room: str) -> list[Frame]:
    """Of each message in this room: every text under which something was pressed, and its last
    text. What was taken away from the room is not there.

    A text that was pressed stands where it came. The last one stands where the message came,
    or, where the message was pressed before, right after that.
    """
    here = [frame for frame in frames if frame.room == room and frame.message not in set(gone)]
    placed: list[tuple[int, Frame]] = []
    begins: dict[str, int] = {}  # where the part of a message after the last press begins
    last = {frame.message: place for place, frame in enumerate(here)}
    for place, frame in enumerate(here):
        begins.setdefault(frame.message, place)
        if frame.pressed:
            placed.append((place, frame))
            del begins[frame.message]
        elif last[frame.message] == place:
            placed.append((begins[frame.message], frame))
    return [frame for _, frame in sorted(placed, key=lambda each: each[0])]


def until(frames: Sequence[Frame], moment: int) -> list[Frame]:
    """The film as far as it was then. `moment`: UTC epoch milliseconds."""
    return [frame for frame in frames if frame.since <= moment]
