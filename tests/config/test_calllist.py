"""The paper for the day the bot is dead: every number, no name, nothing from elsewhere."""

import re
from html.parser import HTMLParser

import pytest

from config.calllist import call_list_html, call_list_text
from config.entry import Language
from tests.config.conftest import Broken

NOW = 1_795_330_800_000  # Sunday 22 November 2026, Amsterdam
NUMBERS = ["0800-2001", "0800-2002", "0800-2003", "0800-2004"]


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def test_every_desk_in_the_regions_order(folder: Broken) -> None:
    text = call_list_text(folder.load(), NOW)
    assert [text.index(number) for number in NUMBERS] == sorted(
        text.index(number) for number in NUMBERS
    )
    assert "Bel de RvdK-spoedlijn: 0800-2004" in text
    assert "Bel elkaar" in text
    assert "112" in text.splitlines()[2]
    assert "zo 22 november 2026" in text
    assert "bel 0800-2000" in text, "whom to tell that the bot is dead"


def test_only_numbers_of_the_region_itself(folder: Broken) -> None:
    found = set(re.findall(r"\b[0-9]{3,}[0-9-]*\b", call_list_text(folder.load(), NOW)))
    assert found == {"112", "2026", "0800-2000", "0800-2005", *NUMBERS}


def test_people_by_function_and_not_by_account(folder: Broken) -> None:
    text = call_list_text(folder.load(), NOW)
    assert "officier van justitie 1" in text
    assert "@" not in text


def test_the_council_is_marked_where_it_needs_children(folder: Broken) -> None:
    text = call_list_text(folder.load(), NOW)
    assert "Ouderenmishandeling: VT, OM, politie, RvdK alleen als er kinderen wonen" in text
    assert "Strafbare kindermishandeling: VT, OM, politie, RvdK\n" in text


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_page_says_the_same_and_needs_nothing_from_elsewhere(
    folder: Broken, language: Language
) -> None:
    folder.edit("region.toml", "Regio Lage Dijk", "Regio <b>Dijk</b> & Co")
    configuration = folder.load()
    page = _Page()
    page.feed(call_list_html(configuration, NOW, language))
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "img", "link", "iframe", "b"}
    assert all(not {"src", "href", "onclick"} & set(attrs) for _, attrs in page.tags)
    assert "Regio <b>Dijk</b> & Co" in page.words
    for number in NUMBERS:
        assert number in page.words
    said = set(call_list_text(configuration, NOW, language).splitlines())
    for line in said:
        plain = re.sub(r"^[0-9]\. ", "", line)
        if not set(plain) <= {"=", "-"}:
            assert plain in page.words, plain


def test_a_region_without_a_dial_in_number(folder: Broken) -> None:
    folder.edit("region.toml", 'dial_in = "0800-2005"\n', "")
    assert "Samen bellen" not in call_list_text(folder.load(), NOW)


def test_english(folder: Broken) -> None:
    text = call_list_text(folder.load(), NOW, "en")
    assert "Call its emergency line: 0800-2004" in text
    assert "Police" in text
