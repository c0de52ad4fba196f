"""The letters of pictures: as wide as they are drawn, with the accents of Dutch."""

from io import BytesIO

import resvg_py
from PIL import Image

from bot.picture import ink
from bot.picture.letters import FAMILY, FONT, shortened, signs, width


def drawn(words: str) -> set[int]:
    """Columns in which something dark was drawn."""
    svg = ink.page(600, 100, ink.text(20, 60, words, size=40))
    found = resvg_py.svg_to_bytes(
        svg_string=svg, skip_system_fonts=True, font_files=[str(FONT)], font_family=FAMILY
    )
    return dark_columns(found)


def dark_columns(picture: bytes) -> set[int]:
    grey = Image.open(BytesIO(picture)).convert("L")
    dark = grey.point(lambda shade: 255 * (shade < 128))
    return {x for x in range(grey.width) if dark.crop((x, 0, x + 1, grey.height)).getbbox()}


def test_a_text_is_as_wide_as_it_is_drawn() -> None:
    for words in ("nummer 1", "vr 10", "geen dienst", "AVATAR Tot Wo"):
        columns = drawn(f"{words}|")  # its last letter stands near the end of its width
        assert abs(max(columns) - (20 + width(f"{words}|", 40))) < 6


def test_what_the_font_lacks_is_put_together() -> None:
    assert [(each.letter, each.accents) for each in signs("ëï")] == [
        ("e", "\u0308"),
        ("\u0131", "\u0308"),
    ]
    assert width("één", 10) == width("een", 10)
    assert [each.letter for each in signs("–ß漢")] == ["-", "s", "s", "?"]
    assert drawn("ï"), "something is there"


def test_what_is_left_out_is_in_the_middle() -> None:
    short = shortened("gedragswetenschapper van de spoeddienst nummer 12", 28, 400)
    assert width(short, 28) <= 400
    assert short.startswith("gedrag")
    assert short.endswith("mer 12")
    assert "…" in short
    assert shortened("kort", 28, 400) == "kort"
    assert shortened("kort", 28, 1) == "…"
