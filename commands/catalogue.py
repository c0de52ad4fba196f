"""Every command there is: importing their modules declares them, in the order of the help."""

from commands import (
    guide_alert,
    raise_alert,
    answer_page,
    show_status,
    withdraw_case,
    plan_consultation,
    vote,
    agree,
    lead_case,
    close_case,
    show_duty,
    onboard,
    weekly_digest,
    show_help,
    that_one,
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
