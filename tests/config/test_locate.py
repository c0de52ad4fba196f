"""The line of a value, found in the file as people wrote it."""

import pytest

from config.locate import line_of

TEXT = """\
# naam = "uitleg"
name = "x"

[[partners]]
key = "vt"
functions = [
    { key = "a", nl = "b" },
]

  [[ partners ]]   # tweede
key = "om"
[partners.extra]
deep = 1

[matrix]
user = "name = y"
"name" = 3
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("name",), 2),
        (("partners", 0, "key"), 5),
        (("partners", 0, "functions", 0, "nl"), 7),
        (("partners", 1), 10),
        (("partners", 1, "key"), 11),
        (("partners", 1, "extra", "deep"), 13),
        (("partners", 1, "missing"), 10),
        (("matrix", "name"), 17),
        (("matrix",), 15),
        (("nothing",), None),
        ((), None),
    ],
)
def test_line_of(path: tuple[str | int, ...], line: int | None) -> None:
    assert line_of(TEXT, path) == line
