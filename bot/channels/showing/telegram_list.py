"""THE list of what Telegram may show in a direct chat and in the group: what is not here is not
shown.

Telegram is not end-to-end encrypted for bots. So: reference, urgency, times, how partners stand,
counts, buttons, the way to the room, and what the bot says about itself. Never kind of case,
place, reason, agreement, outcome, link or number of the meeting, or words that people typed. The
one exception is the melder's own alarm before it is sent.
"""

from collections.abc import Mapping

from bot.channels.showing.blanks import (
    is_code,
    is_invitation,
    is_named,
    is_phone,
    is_place,
    is_plain,
    is_row,
    is_supergroup,
)
from bot.channels.showing.telegram_group import Group
from bot.channels.showing.telegram_staff_list import STAFF_GROUPS
from bot.channels.showing.telegram_words import keys

_GROUPS = (
    Group(
        "the melder's own unsent alarm: kind and place, taken away by the edit that sends it",
        keys("alarm", "confirm confirm.reason_short"),
        {"kind": is_named, "place": is_place},
    ),
    Group(
        "making an alarm: questions and answers without anything of a case",
        keys(
            "alarm",
            "what where children again gone sent reason_in_room no_ground unsent_reminder erased"
            " stopped same same_yes in_direct earlier",
        ),
    ),
    Group("the number of the help desk", ("alarm.confirm.silence",), {"help_number": is_phone}),
    Group(
        "which word looked like a number or a name; never the word",
        keys("guard", "alarm text removed"),
    ),
    Group(
        "withdrawing: reference, times, who must agree",
        keys(
            "withdraw",
            "ask ask_taken which kept waiting agree agreed refused refused_you done none",
        ),
    ),
    Group(
        "a page: reference, urgency, deadline, who has it",
        keys(
            "page",
            "called called_backup called_backup_empty called_backup_declined called_contact"
            " called_contact_empty called_contact_declined taken_by_you taken_outside seen_only"
            " reminder declined declined_last declined_taken declined_reason undone undone_last"
            " escalated escalated_last taken_by_other joined joined_outside closed which state",
        ),
    ),
    Group(
        "whom to call: the fixed number of a partner, from the region's configuration",
        (
            *keys("chain", "ended ended_empty ended_declined"),
            *keys("headline.partner", "ended ended_empty ended_declined"),
            *keys("headline", "outside outside_nobody"),
            "room.broken",
        ),
        {"desk": is_named, "number": is_phone, "numbers": is_phone},
    ),
    Group("a partner that was called by hand", keys("chain", "phoned no_reply")),
    Group(
        "the headline: reference, urgency, times, how partners stand, counts",
        (
            *keys(
                "headline",
                "alarm_short consult_short closed_short planned_short withdrawn start waiting"
                " all_taken running agreements agreements_done agreements_open agreement_open"
                " files_all files_some files_none stand",
            ),
            *keys(
                "headline.partner",
                "queued called seen acked acked_by silent declined empty phoned fallback"
                " only_fallback",
            ),
        ),
    ),
    Group("the group: reference and counts", keys("group", "progress closed withdrawn")),
    Group(
        "the joint consultation: reference, times, who comes; the link is in the room",
        keys(
            "consult",
            "ask voted voted_last voted_nothing voted_nothing_last chosen nonvoter fixed fixed_now"
            " fixed_outside fixed_now_outside replaced already_fixed reminder cannot cannot_ask"
            " kept late begins present missing"
            " stand_in nothing_fits nothing_fits_late no_vote no_vote_late no_case alone not_yet"
            " asked_again undecided left words",
        ),
    ),
    Group("a reference and the question whether all is well", ("question.all_well",)),
    Group(
        "an agreement: its number, owner and deadline; what was agreed is in the room",
        keys(
            "agreement",
            "new new_outside unconfirmed confirmed_you disputed_you due overdue overdue_contact"
            " done_you until_when moved",
        ),
    ),
    Group("which partner leads", keys("lead", "set now who")),
    Group(
        "closing and wiping: reference, dates, questions that are only counted",
        keys(
            "close",
            "kept file file_noted file_open question.1 question.2 question.3 thanks reminder"
            " last_date wipe_notice wiped topic_erased",
        ),
    ),
    Group(
        "the week in counts and times, none of them of one case",
        keys(
            "digest",
            "title alarms by_kind_few take_title take take_all_few take_few backups missed nobody"
            " consults consult_in_time gaps no_gaps gap few_note no_week running",
        ),
        {"dates": is_named, "partner": is_named},
    ),
    Group(
        "joining: the label tells a function, never a name",
        keys(
            "onboard",
            "welcome welcome_reader own_chat test_comes test test_enough reachable quiet left"
            " blocked replaced replaced_here",
        ),
        {"function": is_plain, "label": is_plain},
    ),
    Group(
        "inviting a colleague, by a link that only lets them in here",
        keys("invite", "who write unknown nobody again joined link used reused no_telegram"),
        {"function": is_plain, "link": is_invitation},
    ),
    Group(
        "for the operator, who sees no case content",
        keys(
            "operator",
            "down up away revoked second_poller storage timer page_waits disk locked"
            " unreadable unreadable_telegram quarantine not_delivered not_left no_fallback"
            " encryption"
            " topic_gone topic_stays outsider outsider_stays outsider_wrote shut_out"
            " audit_chain audit_unsent audit_late audit_torn audit_outbox audit_inbox audit_time"
            " audit_look audit_over audit_cases audit_among",
        ),
        {"channel": is_plain, "label": is_plain, "kind": is_code, "row": is_row},
    ),
    Group(
        "wrong input: the way on",
        keys(
            "wrong",
            "unknown_sender chosen typo forgotten typo_no command kind place agreement partner past"
            " agreement_number agreement_none agreement_which agreement_not_yours not_lead"
            " not_lead_nobody close_asked close_request no_page no_page_on_duty no_page_no_duty"
            " no_question choice file unreadable right only_direct only_room which_case"
            " which_answer no_case stale busy invitation file_kind file_size file_lost",
        ),
        {"help_number": is_phone, "command": is_plain},
    ),
    Group(
        "for the operator: the number of a group, to be written into the folder",
        ("operator.group_moved",),
        {"address": is_supergroup},
    ),
    Group("the language", keys("language", "which set")),
    Group("where pages come first", keys("prefer", "which set one")),
    Group("help: command words", keys("help", "title line"), {"command": is_named}),
    Group("the way to the room", keys("telegram", "pointer pointer_any close repeat")),
    Group("what everybody reads who looks the bot up", keys("telegram", "about")),
    *STAFF_GROUPS,
)

LISTED: Mapping[str, Group] = {key: group for group in _GROUPS for key in group.keys}
"""By key: a line with this text may be shown."""

TWINS: Mapping[str, str] = {
    # kind and place
    "headline.alarm": "headline.alarm_short",
    "headline.consult": "headline.consult_short",
    # the outcome
    "headline.closed": "headline.closed_short",
    # the link is not below it
    "headline.planned": "headline.planned_short",
    # the reason is never repeated
    "alarm.confirm.reason": "alarm.confirm.reason_short",
    # another app
    "onboard.quiet_steps": "telegram.quiet_steps",
}
"""Texts and words that say less on Telegram, and what they say there."""

IN_ROOM: Mapping[str, str] = {
    "close.outcome": "telegram.close",
    "close.sure": "telegram.close",
    "close.sure_open": "telegram.close",
}
"""Questions that can only be answered in the room, because their buttons tell too much: the
text that says so, without buttons."""

WIZARD_QUESTIONS = frozenset(keys("alarm", "what where children"))
"""The questions of the unsent alarm: only under these may buttons name kinds and places."""

KEPT_BACK: Mapping[str, tuple[str, ...]] = {
    "kind and place": ("page.called.detail", "digest.kind", "place.elsewhere"),
    "words that people typed": (
        "room.reason",
        "guard.marked",
        *keys("agreement", "noted noted_confirmed noted_disputed noted_done"),
    ),
    "link and number of the meeting": ("consult.link", "consult.link_dial_in"),
    "only ever said in the case room": (
        *keys("room", "welcome welcome_topic erased_at away"),
        *keys("consult", "room room_now"),
        *keys("question", "ask discussed unsafe"),
        *keys("button", "discussed unsafe"),
        *keys(
            "catchup",
            "title alarm all_taken taken consult discussed agreement lead nothing yours",
        ),
    ),
    "about Matrix": (
        *keys("room", "reactions reactions_one reactions_yes_no"),
        "onboard.unsigned",
    ),
    "stands in a file": (
        "consult.calendar",
        "template.explanation",
        *keys("calendar", "name_own name_partner shift_own shift_partner primary backup"),
        *keys(
            "picture",
            "title dates gaps no_gaps no_roster gap gap_short no_backup now off backup gap_line"
            " gap_line_more",
        ),
    ),
    "goes out by SMS, e-mail or voice": keys("fallback", "page call telegram element both"),
}
"""What was looked at and is not shown, with the reason. Nothing reads this but whoever wonders,
and the test that every text is decided about."""

NEVER_SAID = ("problem.", "cli.", "check.", "calllist.", "run.", "audit.")
"""Areas of texts that stand on a terminal or on paper."""
