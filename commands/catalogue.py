"""Every command there is: importing their modules declares them, in the order of the help."""

# ruff: noqa: F401
# isort: off
import commands.guide_alert
import commands.raise_alert
import commands.answer_page
import commands.show_status
import commands.withdraw_case
import commands.plan_consultation
import commands.vote
import commands.agree
import commands.lead_case
import commands.close_case
import commands.roster.hand_over_shift
import commands.roster.show_duty
import commands.roster.show_roster
import commands.roster.swap
import commands.roster.name_stand_in
import commands.roster.be_away
import commands.roster.send_template
import commands.roster.take_file
import commands.roster.picture
import commands.roster.calendar
import commands.invite_person
import commands.staff.invite_new
import commands.staff.show_people
import commands.staff.change_person
import commands.staff.reconfirm
import commands.staff.leave
import commands.onboard
import commands.prefer
import commands.weekly_digest
import commands.staff.drill
import commands.show_help
import commands.that_one
