"""Tables as people make them: any order of columns, both languages, all kinds of dates."""

from datetime import date, time

import pytest

from commands.roster.files.given import Given
from commands.rules.moments import instant, last_instant
from commands.rules.roster.replacement import Planned
from commands.rules.roster.rule import DutyRule, Pair, Seat
from tests.roster.region import NOW, read, wrong

OVJ = Seat("om", "ovj")
OM = Given("om", only="om", now=NOW)
EVERY_DAY = frozenset(range(7))
DUTCH = "organisatie;functie;dagen;datum;van;tot;voorwacht;achterwacht;beurt;eerste beurt\n"


def csv(*rows: str, headings: str = DUTCH) -> bytes:
    return (headings + "\n".join(rows) + "\n").encode()


def test_a_duty_that_comes_back() -> None:
    parsed = read("a.csv", csv("om;ovj;ma t/m vr;;8;17.30 uur;om_ovj1;OM_OVJ2;;"))
    assert parsed.rules == (
        DutyRule(2, OVJ, frozenset(range(5)), time(8), time(17, 30), (Pair("om_ovj1", "om_ovj2"),)),
    )
    assert parsed.planned == ()


def test_english_in_another_order_with_labels() -> None:
    content = (
        "Backup,Primary,To,From,Days,Function,Partner,District,Temporary,Valid from,Valid until\n"
        "Community officer 9,wijkagent 1,12:00,08:00,mon-wed,Community officer,Police,noord,yes,"
        "1 Sept 2026,2026-12-31\n"
    ).replace("Community officer 9", "wijk2")
    (rule,) = read("a.csv", content.encode()).rules
    assert rule == DutyRule(
        2,
        Seat("politie", "wijkagent", "Noord"),
        frozenset({0, 1, 2}),
        time(8),
        time(12),
        (Pair("wijk1", "wijk2"),),
        valid_from=date(2026, 9, 1),
        valid_until=date(2026, 12, 31),
        temporary=True,
    )


def test_dienst_beside_functie_is_who_is_on_duty() -> None:
    content = csv("ovj;ma;8;17;om_ovj1", headings="functie;dag(en);van;tot;dienst\n")
    (rule,) = read("a.csv", content, OM).rules
    assert rule.turns == (Pair("om_ovj1"),)


@pytest.mark.parametrize(
    "written",
    ["24-11-2026", "24/11/26", "24.11.2026", "24 nov 2026", "di 24 november 2026", "2026-11-24"],
)
def test_a_date_is_a_shift_for_once(written: str) -> None:
    parsed = read("a.csv", csv(f"om;ovj;;{written};22:00;8:00;officier van justitie 1;;;"))
    day = date(2026, 11, 24)
    start, end = instant(day, time(22)), instant(date(2026, 11, 25), time(8))
    assert parsed.planned == (Planned(OVJ, "primary", "om_ovj1", start, end),)
    assert parsed.days == (day, day)
    assert parsed.seats == (OVJ,)


def test_on_a_date_empty_leaves_a_role_and_nobody_empties_it() -> None:
    parsed = read(
        "a.csv", csv("om;ovj;;24-11-2026;8;17;niemand;;;", "om;ovj;;25-11-2026;8;17;;om_ovj2;;")
    )
    assert [(each.role, each.person) for each in parsed.planned] == [
        ("primary", None),
        ("backup", "om_ovj2"),
    ]


def test_people_take_turns_and_the_next_is_backup() -> None:
    row = "om;ovj;elke dag;;0:00;24:00;{};{};week;24-11-2026"
    expected = (
        Pair("om_ovj1", "om_ovj2"),
        Pair("om_ovj2", "om_ovj3"),
        Pair("om_ovj3", "om_ovj1"),
    )
    for people, backup in [
        ("om_ovj1 / officier van justitie 2 / om_ovj3", "volgende"),
        ("om_ovj1, om_ovj2, om_ovj3", "Next"),
        ("om_ovj1/om_ovj2/om_ovj3", "om_ovj2 / om_ovj3 / om_ovj1"),
    ]:
        (rule,) = read("a.csv", csv(row.format(people, backup))).rules
        assert rule.turns == expected
        assert (rule.turn, rule.first_turn) == ("week", date(2026, 11, 24))
        assert (rule.start, rule.end) == (time(), time())


def test_a_rotation_of_one_is_allowed_and_warned_of() -> None:
    parsed = read("a.csv", csv("om;ovj;elke dag;;0:00;24:00;om_ovj1;volgende;week;24-11-2026"))
    assert parsed.rules[0].turns == (Pair("om_ovj1"),)
    assert [each.key for each in parsed.warnings] == ["import.warning.alone"]


def test_a_night_shift_lasts_over_both_changes_of_the_clock() -> None:
    for day, hours in ((date(2026, 3, 28), 9), (date(2026, 10, 24), 11)):
        (shift,) = read("a.csv", csv(f"om;ovj;;{day};22:00;8:00;om_ovj1;;;")).planned
        assert shift.end - shift.start == hours * 3_600_000
    (shift,) = read("a.csv", csv("om;ovj;;2026-10-24;22:00;2:30;om_ovj1;;;")).planned
    assert shift.end == last_instant(date(2026, 10, 25), time(2, 30))


def test_shifts_that_meet_in_the_hour_that_comes_twice_do_not_overlap() -> None:
    rows = ("om;ovj;;24-10-2026;22:00;2:30;om_ovj1;;;", "om;ovj;;25-10-2026;2:30;8:00;om_ovj2;;;")
    assert len(read("a.csv", csv(*rows)).planned) == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_every_encoding_and_separator(encoding: str, separator: str) -> None:
    text = "functie;dagen;van;tot;voorwacht;opmerking\novj;ma;8;17;om_ovj1;één\n"
    parsed = read("a.csv", text.replace(";", separator).encode(encoding), OM)
    assert len(parsed.rules) == 1
    assert [each.params for each in parsed.warnings] == [{"column": "F"}]


def test_rows_count_as_in_the_sheet() -> None:
    text = "sep=;\n\nRooster van het OM\nfunctie;dagen;van;tot;voorwacht\n\novj;ma;8;17;om_ovj9\n"
    assert wrong("a.csv", text.encode(), OM) == [("unknown_person", 6, 4)]


def test_the_organisation_and_its_one_function_need_not_be_said() -> None:
    content = csv("ma;8;17;om_ovj1", headings="dag;van;tot;voorwacht\n")
    assert read("a.csv", content, OM).rules[0].seat == OVJ


ROW = "om;ovj;ma;;8;17;om_ovj1;om_ovj2;;"
MISTAKES = {
    "niemand;ovj;ma;;8;17;om_ovj1;;;": ("unknown_partner", 0),
    ";ovj;ma;;8;17;om_ovj1;;;": ("no_partner", 0),
    "om;kok;ma;;8;17;om_ovj1;;;": ("unknown_function", 1),
    "politie;;ma;;8;17;cvd1;;;": ("no_function_said", 1),
    "om;ovj;mandag;;8;17;om_ovj1;;;": ("unknown_days", 2),
    "om;ovj;;;8;17;om_ovj1;;;": ("no_when", 2),
    "om;ovj;ma;24-11-2026;8;17;om_ovj1;;;": ("date_and_days", 3),
    "om;ovj;;31-11-2026;8;17;om_ovj1;;;": ("unknown_date", 3),
    "om;ovj;;11-24-2026;8;17;om_ovj1;;;": ("unknown_date", 3),
    "om;ovj;ma;;;17;om_ovj1;;;": ("no_time", 4),
    "om;ovj;ma;;8;25:00;om_ovj1;;;": ("unknown_time", 5),
    "om;ovj;ma;;24:00;8;om_ovj1;;;": ("begins_at_midnight", 4),
    "om;ovj;ma;;8;17;Jan Jansen;;;": ("unknown_person", 6),
    "om;ovj;ma;;8;17;cvd1;;;": ("other_partner", 6),
    "om;ovj;ma;;8;17;chef van dienst 1;;;": ("other_partner", 6),
    "politie;wijkagent;ma;;8;17;cvd1;;;": ("no_function", 6),
    "politie;wijkagent;ma;;8;17;tweeling;;;": ("same_name", 6),
    "om;ovj;ma;;8;17;stille officier;;;": ("no_duty_role", 6),
    "om;ovj;ma;;8;17;om_ovj1;om_ovj1;;": ("own_backup", 7),
    "om;ovj;ma;;8;17;volgende;om_ovj1;;": ("next_is_backup", 6),
    "om;ovj;ma;;8;17;om_ovj1/om_ovj2;;maand;1-1-2027": ("unknown_turn", 8),
    "om;ovj;ma;;8;17;om_ovj1/om_ovj2;;week;": ("no_first_turn", 9),
    "om;ovj;ma;;8;17;om_ovj1/om_ovj2/om_ovj3;om_ovj2/om_ovj1;week;1-1-2027": ("turns_count", 6),
    "om;ovj;;24-11-2026;8;17;om_ovj1/om_ovj2;;;": ("turns_on_date", 6),
    "om;ovj;;24-11-2026;8;17;;;;": ("nobody_on_date", 6),
    "om;ovj;;24-11-2026;8;17;om_ovj1;;week;": ("not_with_date", 8),
    "om;ovj;;29-3-2026;2:15;2:45;om_ovj1;;;": ("no_length", 5),
    "om;ovj;ma;;8;=1+1;om_ovj1;;;": ("formula", 5),
}


@pytest.mark.parametrize("row", MISTAKES)
def test_what_is_wrong_is_told_with_its_cell(row: str) -> None:
    code, column = MISTAKES[row]
    assert wrong("a.csv", csv(ROW, row)) == [(code, 3, column)]


def test_all_that_is_wrong_is_told_at_once() -> None:
    rows = ("om;kok;ma;;8;17;om_ovj1;;;", "om;ovj;xx;;8;99;wie;niemand;;", ROW)
    assert wrong("a.csv", csv(*rows)) == [
        ("unknown_function", 2, 1),
        ("unknown_days", 3, 2),
        ("unknown_time", 3, 5),
        ("unknown_person", 3, 6),
    ]


def test_one_place_is_one_shift_at_a_time() -> None:
    rows = ("om;ovj;;24-11-2026;8;17;om_ovj1;om_ovj2;;", "om;ovj;;24-11-2026;16;20;om_ovj2;;;")
    assert wrong("a.csv", csv(*rows)) == [("overlap", 3, None)]
    other = ("om;ovj;;24-11-2026;8;17;om_ovj1;;;", "om;ovj;;24-11-2026;16;20;;om_ovj2;;")
    assert len(read("a.csv", csv(*other)).planned) == 2, "another role"


def test_a_contact_point_speaks_for_one_organisation_only() -> None:
    row = "politie;wijkagent;ma;;8;17;wijk1;;;"
    assert wrong("a.csv", csv(ROW, row), OM) == [("not_yours", 3, 0)]


def test_headings_are_looked_at() -> None:
    text = "functie;dagen;van;tot;voorwacht;achterwaht\novj;ma;8;17;om_ovj1;om_ovj2\n"
    assert wrong("a.csv", text.encode(), OM) == [("heading_typo", 1, 5)]
    text = "functie;dagen;van;tot;voorwacht;voorwacht\novj;ma;8;17;om_ovj1;om_ovj2\n"
    assert wrong("a.csv", text.encode(), OM) == [("heading_twice", 1, 5)]
    text = "functie;dagen;van;achterwacht\novj;ma;8;om_ovj2\n"
    assert wrong("a.csv", text.encode(), OM) == [("no_column", 1, None)]
    assert wrong("a.csv", text.encode()) == [("no_column", 1, None), ("no_column", 1, None)]
    assert wrong("a.csv", b"een;twee\ndrie;vier\n", OM) == [("no_headings", 0, None)]
    assert wrong("a.csv", DUTCH.encode()) == [("no_rows", 0, None)]


def test_more_than_five_thousand_rows_are_refused() -> None:
    assert wrong("a.csv", csv(*[ROW] * 5_001)) == [("too_many_rows", 0, None)]
    assert len(read("a.csv", csv(*[ROW] * 5_000)).rules) == 5_000
