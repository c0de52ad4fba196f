"""The closing table is made of what phones received and their owners did."""

from tests.demo.closing_table import noise_table, partner_days, partner_table, table
from tests.demo.report import Messenger, Place, Report, What

QUARTER_TO = 1_783_690_800_000  # Friday 10 July 2026, 15:40 in Amsterdam
MINUTE = 60_000


def report(
    who: str,
    what: What,
    minute: int,
    text: str,
    place: Place = "direct",
    loud: bool = False,
    on: Messenger = "matrix",
) -> Report:
    story, event = QUARTER_TO + minute * MINUTE, f"${who}{minute}{text}"
    return Report(who, what, story, minute * 100, place, text, event, loud, messenger=on)


DAY = [
    report("vt_fo", "tapped", 0, "1️⃣ Verstuur: spoed"),
    report("rvdk_contact1", "message", 1, "Alarm K7Q4. Pak je dit op vóór 15:50?", loud=True),
    report("rvdk_contact1", "message", 2, "Pak je dit op (8 min)?", loud=True, on="telegram"),
    report("rvdk_contact1", "typed", 3, "ok", on="telegram"),
    report("politie_cvd1", "message", 0, "Alarm. Pak je dit op?", loud=True, on="telegram"),
    report("politie_cvd1", "tapped", 4, "[Ik pak op]", on="telegram"),
    report("politie_cvd1", "edit", 4, "✅ Jij pakt K7Q4 op (15:44).", on="telegram"),
    report("rvdk_contact2", "read", 11, "Pak je dit op? Jij bent achterwacht"),
    report("rvdk_contact2", "message", 10, "Pak je dit op? Jij bent achterwacht", loud=True),
    report("rvdk_contact2", "edit", 13, "✅ Jij pakt K7Q4 op (15:53). Ga naar de casusruimte."),
    report("rvdk_contact2", "edit", 17, "📞 Overleg K7Q4: vr 16:30 (over 33 min)."),
    report("rvdk_contact2", "message", 18, "Casusruimte K7Q4.", "case"),
]


def test_who_was_called_who_saw_it_and_who_took_it() -> None:
    rvdk = partner_days(DAY)[-1]
    assert (rvdk.alarm, rvdk.called) == ("15:40", "15:41, 15:42 T, 15:50")
    assert rvdk.seen == "15:43 T, 15:51"
    assert (rvdk.taken, rvdk.by, rvdk.consultation) == ("15:53", "achterwacht", "16:30")
    assert rvdk.real_ms == 100


def test_a_partner_that_nobody_answered_for_has_dashes() -> None:
    om = partner_days(DAY)[1]
    assert (om.called, om.seen, om.taken, om.by, om.consultation) == ("–",) * 5
    assert om.real_ms is None
    assert partner_table(DAY)[3].split() == ["OM", "15:40", "–", "–", "–", "–", "–", "–"]


def test_a_tap_on_telegram_is_the_sign_of_the_phone() -> None:
    police = partner_days(DAY)[2]
    assert (police.called, police.seen, police.taken) == ("15:40 T", "15:44 T", "15:44 T")


def test_each_phone_of_one_person_is_counted_by_itself() -> None:
    rows = [line.split()[2:] for line in noise_table(DAY) if line.startswith("RvdK dienst")]
    assert rows == [
        ["Matrix", "1", "3", "0", "4", "0", "0"],
        ["Telegram", "1", "0", "0", "0", "0", "0"],
    ]


def test_an_edit_makes_no_sound_and_is_not_counted() -> None:
    backup = next(line for line in noise_table(DAY) if line.startswith("RvdK achterwacht"))
    assert backup.split()[3:] == ["1", "3", "0", "4", "1", "0"]


def test_columns_are_as_wide_as_what_is_in_them() -> None:
    assert table(("a", "b"), [("lang", "x")]) == ["a     b", "────  ─", "lang  x"]
