"""The call list is there on the day that everything else is lost, and names nobody."""

import re
import shutil
import tomllib
from html.parser import HTMLParser

from tests.program.conftest import MakeRegion


async def test_without_secrets_and_database(make_region: MakeRegion) -> None:
    region = await make_region()
    shutil.rmtree(region.folder / "secrets")
    text = await region.call("calllist")
    assert (text.code, text.err) == (0, "")
    assert text.out.startswith("Bellijst Regio Lage Dijk\n")
    for number in ("0800-2001", "0800-2002", "0800-2003", "0800-2004"):
        assert number in text.out
    assert not (region.folder / "data").exists()


async def test_both_forms_say_the_same_and_name_nobody(make_region: MakeRegion) -> None:
    region = await make_region()
    people = tomllib.loads((region.folder / "people.toml").read_text())["people"]
    text = (await region.call("calllist")).out
    page = (await region.call("calllist", "--html")).out
    assert page.startswith("<!doctype html>")
    assert _words(_Plain(page).text) == _words(text)
    for person in people:
        for said in (text, page):
            assert person.get("matrix", "@") not in said
            assert not re.search(rf"\b{person['key']}\b", said) or person["key"] in (
                word for other in people for word in other["label"].split()
            ), "a key may only stand there as part of a function"


async def test_a_wrong_folder_is_told(make_region: MakeRegion) -> None:
    region = await make_region()
    region.edit("region.toml", 'desk_number = "0800-2002"', 'desk_number = "bel mij"')
    said = await region.call("calllist")
    assert (said.code, said.out) == (2, "")
    assert "partners[om].desk_number" in said.err


class _Plain(HTMLParser):
    """The text of a page as it is read."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text = ""
        self._body = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._body = self._body or tag == "body"

    def handle_data(self, data: str) -> None:
        if self._body:
            self.text += f" {data}"


def _words(text: str) -> list[str]:
    """Without the lines and numbers that only the text form has."""
    return [word for word in re.sub(r"^[=-]+$|^\d+\. ", " ", text, flags=re.M).split() if word]
