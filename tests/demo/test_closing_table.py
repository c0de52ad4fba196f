"""The closing table is made of what phones received and their owners did."""

from tests.demo.closing_table import noise_table, partner_days, partner_table, table
from tests.demo.report import Place, Report, What

QUARTER_TO = 1_783_690_800_000  # Friday 10 July 2026, 15:40 in Amsterdam
MINUTE = 60_000


def report(
    who: str, what: What, minute: int, text: str, place: Place = "direct", loud: bool = False
) -> Report:
    story = QUARTER_TO + minute * MINUTE
    return Report(who, what, story, minute * 100, place, text, f"${who}{minute}{text}", loud)


DAY = [
    report("vt_fo", "tapped", 0, "1️⃣ Verstuur: spoed"),
    report("rvdk_contact1", "message", 1, "Alarm K7Q4. Pak je dit op vóór 15:50?", loud=True),
    report("rvdk_contact1", "read", 3, "Alarm K7Q4. Pak je dit op vóór 15:50?"),
    report("rvdk_contact2", "message", 10, "Pak je dit op? Jij bent achterwacht", loud=True),
    report("rvdk_contact2", "edit", 13, "✅ Jij pakt K7Q4 op (15:53). Ga naar de casusruimte."),
    report("rvdk_contact2", "edit", 17, "📞 Overleg K7Q4: vr 16:30 (over 33 min)."),
    report("rvdk_contact2", "message", 18, "Casusruimte K7Q4.", "case"),
]


def test_who_was_called_who_saw_it_and_who_took_it() -> None:
    rvdk = partner_days(DAY)[-1]
    assert (rvdk.alarm, rvdk.called, rvdk.seen) == ("15:40", "15:41, 15:50", "15:43")
    assert (rvdk.taken, rvdk.by, rvdk.consultation) == ("15:53", "achterwacht", "16:30")
    assert rvdk.real_ms == 100


def test_a_partner_that_nobody_answered_for_has_dashes() -> None:
    om = partner_days(DAY)[1]
    assert (om.called, om.seen, om.taken, om.by, om.consultation) == ("–",) * 5
    assert om.real_ms is None
    assert partner_table(DAY)[3].split() == ["OM", "15:40", "–", "–", "–", "–", "–", "–"]


def test_an_edit_makes_no_sound_and_is_not_counted() -> None:
    backup = next(line for line in noise_table(DAY) if line.startswith("RvdK achterwacht"))
    assert backup.split()[2:] == ["1", "3", "0", "4", "1", "0"]


def test_columns_are_as_wide_as_what_is_in_them() -> None:
    assert table(("a", "b"), [("lang", "x")]) == ["a     b", "────  ─", "lang  x"]
