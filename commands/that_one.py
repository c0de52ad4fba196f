"""Answers to the bot's own counter-questions: which one, did you mean, which case."""

from commands.ask import Ask
from commands.declare import COMMANDS, command
from commands.messages import actions_from_text, message
from commands.perform import choose, run, typed
from storage.tables import Case, Post


@command("that_one", right="anyone", about="nothing")
async def that_one(ask: Ask) -> None:
    """The question that was meant, with the answer that was given, if it still stands there:
    the message may ask something else by now."""
    post_id, verb, argument = ask.argument.split(":", 2)
    post = await ask.unit.session.get(Post, int(post_id))
    await ask.settle(message("wrong.chosen"))
    actions = actions_from_text(post.actions) if post and post.room == ask.room else ()
    meant = next((each for each in actions if (each.verb, each.argument) == (verb, argument)), None)
    if meant is None:
        await ask.answer(message("wrong.no_question"))
        return
    ask.post = post
    await choose(ask, meant)


@command("that_case", right="anyone", about="nothing")
async def that_case(ask: Ask) -> None:
    """The case that was meant; the permission check follows."""
    case_id, _, rest = ask.argument.partition(":")
    name, _, sealed = rest.partition(":")
    await ask.settle(message("wrong.chosen"))
    case = await ask.unit.session.get(Case, int(case_id))
    if case is None:
        return
    words = ask.unit.vault.unseal(sealed, case.wrapped_key) if sealed else ""
    ask.case, ask.argument, ask.words, ask.pressed = case, "", words, False
    await run(ask, COMMANDS[name])


@command("meant_command", right="anyone", about="nothing")
async def meant_command(ask: Ask) -> None:
    """Yes, that word was meant."""
    name, _, sealed = ask.argument.partition(":")
    await ask.settle(message("wrong.chosen"))
    ask.pressed, ask.argument = False, ""
    await typed(ask, COMMANDS[name], ask.unit.vault.unseal(sealed))


@command("not_meant", right="anyone", about="nothing")
async def not_meant(ask: Ask) -> None:
    """No, that word was not meant."""
    await ask.settle(message("wrong.typo_no"))
