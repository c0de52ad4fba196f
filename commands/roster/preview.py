"""What a roster file would change, in a few lines: before anything is done, and afterwards."""

from collections.abc import Iterator

from commands.messages import At, Message, Named, Partners, message
from commands.roster.plan_import import Plan
from commands.rules.roster.gaps import Gap
from commands.rules.roster.rule import Seat
from commands.world import World

_GAPS = 4  # that are told one by one
_SEATS = 12
_WARNINGS = 5


def preview(world: World, plan: Plan) -> Message:
    """The question that is answered with yes or no."""
    if plan.change.changes_nothing:
        return Message("import.nothing", lines=tuple(_warnings(plan)))
    partners = Partners(plan.parsed.partners)
    return message("import.preview", *_lines(world, plan), partners=partners)


def done(world: World, plan: Plan) -> Message:
    """The same, as a fact."""
    partners = Partners(plan.parsed.partners)
    return message("import.done", *_lines(world, plan), partners=partners)


def function_name(world: World, seat: Seat) -> Named:
    """Organisation, function and district, whether it is paged or not."""
    partner = world.region.partner(seat.partner)
    function = partner.function(seat.function)
    place = f" {seat.place}" if seat.place else ""
    if function is None:
        return Named(f"{partner.label.nl}{place}", f"{partner.label.en}{place}")
    return Named(
        f"{partner.label.nl} {function.nl}{place}", f"{partner.label.en} {function.en}{place}"
    )


def _lines(world: World, plan: Plan) -> Iterator[Message]:
    told = [("import.rules", each) for each in plan.change.rules if each.come or each.go]
    told += [("import.planned", each) for each in plan.change.planned if each.come or each.go]
    for key, tally in told[:_SEATS]:
        yield message(
            key,
            partner=function_name(world, tally.seat),
            count=tally.come,
            done=tally.go,
            total=tally.stay,
        )
    if len(told) > _SEATS:
        yield message("import.more_seats", n=len(told) - _SEATS)
    yield message("import.soon", n=plan.soon.shifts)
    for gap in plan.soon.opened[:_GAPS]:
        yield _gap(world, "import.opens", gap)
    if len(plan.soon.opened) > _GAPS:
        yield message("import.more_gaps", n=len(plan.soon.opened) - _GAPS)
    for gap in plan.soon.closed[:_GAPS]:
        yield _gap(world, "import.closes", gap)
    yield from _warnings(plan)


def _gap(world: World, key: str, gap: Gap) -> Message:
    name = function_name(world, gap.seat)
    return Message(key, {"partner": name, "since": At(gap.start), "until": At(gap.end)})


def _warnings(plan: Plan) -> Iterator[Message]:
    yield from plan.parsed.warnings[:_WARNINGS]
    if len(plan.parsed.warnings) > _WARNINGS:
        yield message("import.more_warnings", n=len(plan.parsed.warnings) - _WARNINGS)
