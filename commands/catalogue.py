"""Every command there is: importing their modules declares them, in the order of the help."""

from commands import (
    agree,
    answer_page,
    close_case,
    guide_alert,
    lead_case,
    onboard,
    plan_consultation,
    raise_alert,
    show_duty,
    show_help,
    show_status,
    that_one,
    vote,
    weekly_digest,
    withdraw_case,
)

__all__ = [
    "agree",
    "answer_page",
    "close_case",
    "guide_alert",
    "lead_case",
    "onboard",
    "plan_consultation",
    "raise_alert",
    "show_duty",
    "show_help",
    "show_status",
    "that_one",
    "vote",
    "weekly_digest",
    "withdraw_case",
]
