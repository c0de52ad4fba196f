"""The words that Telegram may show in a blank or on a button: part of THE list."""


def keys(area: str, names: str) -> tuple[str, ...]:
    """The keys of several texts of one area, by their names with spaces between them."""
    return tuple(f"{area}.{name}" for name in names.split())


WIZARD_WORDS = frozenset(keys("button", "elsewhere children no_children"))

WORDS = frozenset(
    (
        *keys("step", "primary backup contact"),
        *keys(
            "role",
            "melder duty primary backup contact contact_point initiator called member lead"
            " coordinator operator rostered",
        ),
        *keys("urgency", "urgent calm"),
        *keys("state.page", "queued called seen acked declined expired"),
        *keys("state.case", "draft open closed withdrawn wiped"),
        *keys("word", "yes no nobody and"),
        *keys("app", "matrix telegram"),
        *keys(
            "finding",
            "any number name bsn iban phone email postcode address plate birth_date",
        ),
        "headline.nobody",
        *keys("way", "sms mail voice"),
        *keys("roster.role", "primary backup"),
        "import.calendar_wrong",
        *keys("handover.step", "successor chief backup contact_point"),
        *keys(
            "import.heading",
            "partner function place days date from to primary backup valid_from valid_until turn"
            " first_turn temporary",
        ),
        *keys("leave.left", "messages rooms cases accounts roster clocks"),
        "staff.no_role",
        "digest.few",
        "telegram.quiet_steps",
        *keys(
            "help",
            "how alarm take decline join phoned no_reply status withdraw consult questions"
            " agreement done lead close duty invite test weekly language prefer help"
            " handover roster swap stand_in sick back template"
            " roster_picture calendar people invite_new leave drill",
        ),
        *keys(
            "button",
            "take decline join send_urgent send_calm stop without_reason same new yes no later more"
            " consult_now mistake withdraw back agree stay_open busy off_duty involved skip"
            " open_room open_chat state phoned no_reply now nothing_fits cannot_after_all new_time"
            " keep_time come_later here come_now need_help right not_right done more_time"
            " other_time close file_right file_not_yet fine keep_longer ready heard only_seen"
            " test_again new_phone take_shift take_back not_after_all name_stand_in away_shift"
            " away_tomorrow away_open hand_over stay carry_out new_link"
            " leave leave_anyway duties roles give_melder take_melder"
            " give_duty take_duty give_contact_point take_contact_point"
            " all_stay everybody other_choices",
        ),
    )
)
"""Words of the catalogue that may stand in a blank or on a button."""
