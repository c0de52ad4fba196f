"""One spelling for every emoji that can be tapped."""

KEYCAP = "\u20e3"
VARIATION_SELECTORS = ("\ufe0e", "\ufe0f")
SKIN_TONES = range(0x1F3FB, 0x1F400)


def plain(emoji: str) -> str:
    """Without skin tone and variation selectors: 👍🏽 and 👍️ are 👍.

    Digits in a box keep their one usual spelling, with the selector: 1⃣ is 1️⃣.
    """
    bare = "".join(c for c in emoji if c not in VARIATION_SELECTORS and ord(c) not in SKIN_TONES)
    if len(bare) == 2 and bare[1] == KEYCAP:
        return f"{bare[0]}\ufe0f{KEYCAP}"
    return bare
