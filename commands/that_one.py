"""Answers to the bot's own counter-questions: which one, did you mean, which case."""

from commands.ask import Ask
from commands.declare import COMMANDS, command
from commands.messages import actions_from_text, message
from commands.perform import choose, run, typed
from storage.tables import Case, Post


@command("that_one", right="anyone", about="nothing")
async def that_one(ask: Ask) -> None:
    """The question that was meant, with the answer that was given."""
    post_id, _, number = ask.argument.partition(":")
    post = await ask.unit.session.get(Post, int(post_id))
    await ask.settle(message("wrong.chosen"))
    actions = actions_from_text(post.actions) if post else ()
    if post is None or post.room != ask.room or int(number) >= len(actions):
        await ask.answer(message("wrong.no_question"))
        return
    ask.post = post
    await choose(ask, actions[int(number)])


@command("that_case", right="anyone", about="nothing")
async def that_case(ask: Ask) -> None:
    """The case that was meant; the permission check follows."""
    case_id, _, rest = ask.argument.partition(":")
    name, _, words = rest.partition(":")
    await ask.settle(message("wrong.chosen"))
    ask.case = await ask.unit.session.get(Case, int(case_id))
    ask.argument, ask.words, ask.pressed = "", words, False
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
