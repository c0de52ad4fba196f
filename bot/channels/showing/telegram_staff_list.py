"""What Telegram may show of rosters and people: functions, times and counts, never a case."""

from bot.channels.showing.blanks import (
    is_column,
    is_feed,
    is_named,
    is_phone,
    is_plain,
)
from bot.channels.showing.telegram_group import Group
from bot.channels.showing.telegram_words import keys

STAFF_GROUPS = (
    Group(
        "a drill: its reference, times, and which partner took it",
        keys(
            "drill",
            "ask unknown not_now nobody kept call thanks declined over running result taken"
            " taken_backup missed empty",
        ),
        {"partner": is_named},
    ),
    Group(
        "leaving: function, organisation, counts and references of one's own cases",
        keys(
            "leave",
            "ask write unknown who sure sure_alone no_shifts shifts cases hand_over raised not_yet"
            " or_contact anyway takes_over last_contact last_operator kept already running done"
            " open goodbye",
        ),
        {"function": is_plain},
    ),
    Group(
        "the people of one organisation: functions and roles, and who can be called",
        keys(
            "staff",
            "title write line unknown card duties roles not_in needs_duty has_duty_role last_role"
            " on_roster yours reach.tested reach.fallback reach.no_chat reach.left_chat"
            " reach.no_test reach.test_old reach.unconfirmed new_how new_matrix new_function"
            " new_same new_account new_made new_invited still still_one still_late still_done"
            " still_you still_count test_due test_due_of one_contact",
        ),
        {"function": is_plain, "which": is_named},
    ),
    Group(
        "a roster: its partner and how many gaps",
        ("picture.sent", "picture.own_only"),
    ),
    Group(
        "one's own feed of shifts, by a link that they can take back",
        keys("calendar", "none yours renewed organisation link"),
        {"link": is_feed},
    ),
    Group(
        "who is on duty: functions and times",
        keys(
            "duty",
            "title until until_nobody steady nobody_until nobody you you_now you_steady you_none",
        ),
        {"partner": is_named, "now": is_named},
    ),
    Group(
        "the roster: functions, times, colleagues by the label of their function",
        (
            *keys("duty", "day day_full day_nobody day_gaps day_you"),
            *keys(
                "roster",
                "span shift title own more none no_seats how no_gaps gaps gap quality reason.gap"
                " reason.no_backup reason.too_much reason.too_long reason.twice",
            ),
            *keys(
                "swap",
                "which whose no_shift gone asked_before nobody asked question done taken untaken"
                " begun you_stand_there you_are_away withdrawn",
            ),
            *keys("stand_in", "nothing which who done you other_role not_there"),
            *keys(
                "away",
                "until_when until_when_other already not_away nothing till till_back done"
                " done_other shift told by_other back",
            ),
            *keys("gap", "primary backup unreachable several mended all_mended"),
        ),
        {"partner": is_named, "who": is_plain},
    ),
    Group(
        "handing over a case at the end of a shift: reference, times, counts, whom to call",
        keys(
            "handover",
            "ask offered escalated page done stays declined too_late nobody past not_yours"
            " ask_ended waits",
        ),
        {"desk": is_named, "number": is_phone},
    ),
    Group(
        "a roster file: functions, times, counts, and what is wrong in which cell; never the cell",
        (
            *keys(
                "import",
                "preview done nothing changed_meanwhile rules planned more_seats soon opens closes"
                " more_gaps more_warnings refused more_problems at at_cell at_row gone stopped"
                " expired not_for_you no_partner template calendar_trouble",
            ),
            *keys("import.warning", "not_read one_sheet alone"),
            *keys(
                "import.problem",
                "empty too_big unknown_kind renamed macros password old_excel damaged no_workbook"
                " unpacks_too_big not_text too_many_rows too_wide no_headings no_column"
                " heading_twice heading_typo no_rows formula merged no_partner unknown_partner"
                " not_yours no_function_said unknown_function unknown_place no_when date_and_days"
                " unknown_days unknown_date no_time unknown_time begins_at_midnight no_length"
                " unknown_person same_name other_partner no_function no_duty_role own_backup"
                " next_is_backup turns_count unknown_turn no_first_turn dates_reversed unknown_yes"
                " not_with_date turns_on_date nobody_on_date overlap damaged_calendar no_events"
                " too_many_events too_much_repeating begins_too_early event events_overlap"
                " event_partner event_function event_people event_nobody"
                " url_https url_local url_slow url_big url_fails",
            ),
        ),
        {"partner": is_named, "choices": is_named, "column": is_column},
    ),
)
