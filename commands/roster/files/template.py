"""The file to begin with: the region's own words in rows that import as they stand."""

from datetime import date, timedelta

from commands.roster.files.headings import ORDER
from commands.roster.files.names import Names
from commands.roster.files.workbook import csv_of, workbook_of
from commands.roster.files.written import headings
from config.catalogue import Texts
from config.entry import Language

_EXPLAINED = {"Uitleg": "nl", "Explanation": "en"}
_WORDS = {
    "nl": {"all": "elke dag", "weekend": "weekend", "next": "volgende", "week": "week"},
    "en": {"all": "every day", "weekend": "weekend", "next": "next", "week": "week"},
}
_CHOICES: dict[str, dict[str, tuple[str, ...]]] = {
    "nl": {
        "days": ("elke dag", "werkdagen", "weekend", "ma t/m vr", "ma", "di", "wo", "do", "vr",
                 "za", "zo", "feestdagen"),
        "turn": ("dag", "week"),
        "temporary": ("ja", "nee"),
    },
    "en": {
        "days": ("every day", "workdays", "weekend", "mon", "tue", "wed", "thu", "fri", "sat",
                 "sun", "holidays"),
        "turn": ("day", "week"),
        "temporary": ("yes", "no"),
    },
}  # fmt: skip


def template(
    names: Names, language: Language, today: date, ending: str, partner: str | None = None
) -> bytes:
    """As `.xlsx` with lists to choose from and a page of explanation, or as `.csv`.

    partner: this organisation only. Raises `KeyError` for one that the region does not have.
    """
    keys = [partner] if partner else [each.key for each in names.region.partners]
    table = [headings(language), *_rows(names, language, today, keys)]
    if ending == ".csv":
        return csv_of(table)
    functions = [
        function.of(language) for key in keys for function in names.region.partner(key).functions
    ]
    people = [
        names.written(each.key) for each in names.people if each.on_duty and each.partner in keys
    ]
    choices = {
        "partner": [names.region.partner(key).label.of(language) for key in keys],
        "function": functions,
        "place": [place.name for place in names.region.places],
        "primary": people,
        "backup": [_WORDS[language]["next"], *people],
        **_CHOICES[language],
    }
    explanation = {
        sheet: Texts("nl" if spoken == "nl" else "en").get("template.explanation").split("\n")
        for sheet, spoken in _EXPLAINED.items()
    }
    by_column = {ORDER.index(name): words for name, words in choices.items() if words}
    return workbook_of(table, by_column, explanation)


def _rows(names: Names, language: Language, today: date, partners: list[str]) -> list[list[str]]:
    """For every function with people one row: in turn by week, if they are several."""
    monday = today + timedelta(days=-today.weekday() % 7)
    words = _WORDS[language]
    rows = []
    for key in partners:
        partner = names.region.partner(key)
        for function in partner.functions:
            people = [names.written(each.key) for each in names.candidates(key, function.key)]
            if not people:
                continue
            row = {
                "partner": key,
                "function": function.key,
                "days": words["all"],
                "from": "00:00",
                "to": "24:00",
                "primary": " / ".join(people),
            }
            if len(people) > 1:
                row |= {
                    "backup": words["next"],
                    "turn": words["week"],
                    "first_turn": monday.isoformat(),
                }
            rows.append([row.get(name, "") for name in ORDER])
    return rows
