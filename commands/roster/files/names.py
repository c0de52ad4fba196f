"""Whom and what a roster file means: organisations, functions, places and people.

Everything can be written as its key or as its label, in either language and in any case.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from commands.messages import Named, Param
from commands.reading.words import fold, phrase
from config.region import Function, Partner, Region

_LISTED_AT_MOST = 8


@dataclass(frozen=True)
class Colleague:
    """Somebody who can stand in a roster."""

    key: str
    partner: str
    label: str
    functions: frozenset[str]
    on_duty: bool  # has the role `duty`


@dataclass(frozen=True)
class Unclear:
    """Nobody and nothing that is known; `code` tells why (import.problem.*)."""

    code: str
    choices: "Param | None" = None


@dataclass(frozen=True)
class Names:
    """The region's own names, and the people that the database knows."""

    region: Region
    people: Sequence[Colleague]

    def partner(self, text: str) -> str | Unclear:
        """The key of an organisation."""
        for partner in self.region.partners:
            if _same(text, partner.key, partner.label.nl, partner.label.en):
                return partner.key
        return Unclear("unknown_partner", listed((p.label.nl, p.label.en) for p in self._partners))

    def function(self, partner: str, text: str) -> str | Unclear:
        """The key of a function of this organisation."""
        functions = self.region.partner(partner).functions
        for function in functions:
            if _same(text, function.key, function.nl, function.en):
                return function.key
        return Unclear("unknown_function", listed((f.nl, f.en) for f in functions))

    def only_function(self, partner: str) -> str | None:
        """The one function of this organisation for which anybody can be on duty, if it is one."""
        functions = {
            function
            for each in self.people
            if each.partner == partner and each.on_duty
            for function in each.functions
        }
        return functions.pop() if len(functions) == 1 else None

    def place(self, text: str) -> str | Unclear:
        """A district or municipality, by its own name."""
        for place in self.region.places:
            if _same(text, place.name, *place.words):
                return place.name
        return Unclear("unknown_place", listed((p.name, p.name) for p in self.region.places))

    def person(self, partner: str, function: str, text: str) -> str | Unclear:
        """The key of somebody who can have this duty."""
        found = self._meant(partner, text)
        if isinstance(found, Unclear):
            return found
        return self.fit(found, partner, function) or found.key

    def fit(self, person: Colleague, partner: str, function: str) -> Unclear | None:
        """Why this person cannot have this duty; None: they can."""
        if person.partner != partner:
            return Unclear("other_partner")
        if function not in person.functions:
            return Unclear("no_function")
        return None if person.on_duty else Unclear("no_duty_role")

    def by_key(self, key: str) -> Colleague | None:
        """Somebody, by exactly this key."""
        return self._by_key.get(key)

    def candidates(self, partner: str, function: str) -> list[Colleague]:
        """Everybody who can have this duty."""
        return [each for each in self.people if self.fit(each, partner, function) is None]

    def choices(self, partner: str) -> Param:
        """The keys of those of an organisation who can be on duty."""
        near = [each.key for each in self.people if each.partner == partner and each.on_duty]
        return listed((key, key) for key in near)

    def written(self, key: str) -> str:
        """How a file names this person: by label where that is one person's and cannot be taken
        for anything else, else by key."""
        person = self.by_key(key)
        if person is None or not _plain(person.label):
            return key
        same = self._by_label.get(phrase(person.label), ())
        return person.label if len(same) == 1 and phrase(person.label) not in self._keys else key

    def _meant(self, partner: str, text: str) -> Colleague | Unclear:
        by_key = self._by_key.get(fold(text.strip()))
        if by_key is not None:
            return by_key
        named = self._by_label.get(phrase(text), ())
        mine = [each for each in named if each.partner == partner]
        if len(mine) > 1:
            return Unclear("same_name", listed((each.key, each.key) for each in mine))
        if mine or len(named) == 1:
            return (mine or list(named))[0]
        if named:
            return Unclear("other_partner")
        return Unclear("unknown_person", self.choices(partner))

    @cached_property
    def _keys(self) -> frozenset[str]:
        return frozenset(phrase(each.key) for each in self.people)

    @property
    def _partners(self) -> Sequence[Partner]:
        return self.region.partners

    @cached_property
    def _by_key(self) -> dict[str, Colleague]:
        return {each.key: each for each in self.people}

    @cached_property
    def _by_label(self) -> dict[str, tuple[Colleague, ...]]:
        found: dict[str, tuple[Colleague, ...]] = {}
        for each in self.people:
            label = phrase(each.label)
            found[label] = (*found.get(label, ()), each)
        return found


def function_in(functions: Iterable[Function], text: str) -> str | None:
    """The one function that is named somewhere in a text, such as the title of a calendar."""
    words = f" {phrase(text)} "
    named = {
        function.key
        for function in functions
        for name in (function.key, function.nl, function.en)
        if f" {phrase(name)} " in words
    }
    return named.pop() if len(named) == 1 else None


def listed(names: Iterable[tuple[str, str]]) -> Named:
    """What can be chosen from, in both languages; a long list is cut off."""
    pairs = list(names)
    rest = ["…"] if len(pairs) > _LISTED_AT_MOST else []
    dutch = [nl for nl, _ in pairs[:_LISTED_AT_MOST]] + rest
    english = [en for _, en in pairs[:_LISTED_AT_MOST]] + rest
    return Named(", ".join(dutch) or "–", ", ".join(english) or "–")


def _same(text: str, *names: str) -> bool:
    wanted = phrase(text)
    return bool(wanted) and wanted in {phrase(name) for name in names}


def _plain(label: str) -> bool:
    """Nothing in it that separates people in a cell, or that a spreadsheet would calculate."""
    from commands.roster.files.turns import MEANS_SOMETHING

    label = label.strip()
    return (
        bool(phrase(label))
        and label[0].isalnum()
        and not any(sign in label for sign in '/,;\t\n\r"')
        and phrase(label) not in MEANS_SOMETHING
    )
