"""The command line: init, check, run, calllist, roster, audit verify, db backup, db move.

It ends with 0 if all is ready, 1 if it is not, 2 if the configuration or the command is wrong.
What it says stands in the catalogue, `cli.*`, in the region's language.
"""

import asyncio
import gc
import io
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NoReturn, TypeVar

import click

from config.catalogue import Texts
from config.load import ConfigurationError, language_of, load, load_folder, read_settings
from config.log import set_up_log
from config.settings import Settings

T = TypeVar("T")
NOT_READY, WRONG, INTERRUPTED = 1, 2, 130
_MOVE_TO = "KORTELIJN_MOVE_TO"  # no setting: only for the command that it is given to
_PRIVATE = 0o077  # nobody else on this machine reads what we write


class Spoken(click.Command):
    """A command whose help is one page of the catalogue."""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        page = ctx.command_path.split()[1:2]
        formatter.write(_texts(ctx).get(".".join(["cli.help", *page])))


class SpokenGroup(Spoken, click.Group):
    """A group of such commands."""

    command_class = Spoken
    group_class = type


@click.group(cls=SpokenGroup)
@click.option("--config", "config_dir", type=click.Path(path_type=Path), is_eager=True)
def main(config_dir: Path | None) -> None:  # noqa: ARG001 - read from the context
    os.umask(_PRIVATE)
    set_up_log("error")  # a command says what it has to say itself; `run` sets its own


@main.command()
@click.option("--region")
@click.option("--name")
@click.option("--language")
@click.option("--homeserver")
@click.option("--user")
@click.option("--password-file")
@click.pass_context
def init(context: click.Context, /, password_file: str | None, **given: str | None) -> None:
    from bot.setting_up import kept, next_steps, wishes_from, write_region

    settings = _settings(context)
    wishes = _or_explain(lambda: wishes_from(given, "en" if given["language"] == "en" else "nl"))
    texts = Texts(wishes.language)
    password = _first_line(password_file, texts) if password_file else ""
    try:
        written = write_region(settings, wishes, password)
    except OSError as error:
        said = texts.get("cli.cannot_write", path=settings.config_dir, reason=_reason(error))
        _end(said, NOT_READY)
    for path in kept(settings, written):
        click.echo(texts.get("cli.kept", path=path))
    for path in written:
        click.echo(texts.get("cli.written", path=path))
    click.echo(f"\n{texts.get('cli.next')}")
    for number, step in enumerate(next_steps(settings, texts, _called(context)), start=1):
        click.echo(f"{number}. {step}")


@main.command()
@click.pass_context
def check(context: click.Context) -> None:
    settings = _settings(context)
    configuration = _or_explain(lambda: load(settings))
    from bot.checking import check_everything, sentence, voice_of
    from bot.moved import told

    lines = asyncio.run(check_everything(settings, configuration))
    voice = voice_of(configuration)
    for line in lines:
        click.echo(sentence(replace(line, detail=told(line.detail)), voice))
    ready = all(line.ready for line in lines)
    click.echo(Texts(voice.language).get("check.ready" if ready else "check.not_ready"))
    sys.exit(0 if ready else NOT_READY)


@main.command()
@click.pass_context
def run(context: click.Context) -> None:
    # until the program listens itself: nothing has begun, so nothing has to be ended
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(0))
    gc.disable()  # nearly all that is made until `run_until_told` stays: 0.3 s of the start
    settings = _settings(context)
    configuration = _or_explain(lambda: load(settings))
    set_up_log(settings.log_level)
    from bot.checking import voice_of
    from bot.moved import told
    from bot.running import run_until_told

    why = asyncio.run(run_until_told(settings, configuration))
    if why is not None:
        _end(voice_of(configuration).text(told(why)), NOT_READY)


@main.command()
@click.option("--html", is_flag=True)
@click.pass_context
def calllist(context: click.Context, html: bool) -> None:
    from bot.clock import WallClock
    from config.calllist import call_list_html, call_list_text

    folder = _or_explain(lambda: load_folder(_settings(context)))
    render = call_list_html if html else call_list_text
    click.echo(render(folder, WallClock().now()), nl=False)


@main.group()
def audit() -> None: ...


@audit.command()
@click.pass_context
def verify(context: click.Context) -> None:
    settings = _settings(context)
    configuration = _or_explain(lambda: load(settings))
    from bot.checking import verdict_on_log, voice_of
    from bot.moved import told

    whole, verdict = asyncio.run(verdict_on_log(settings, configuration))
    _end_with(whole, voice_of(configuration).text(told(verdict)))


@main.group()
def db() -> None: ...


@db.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_context
def backup(context: click.Context, file: Path) -> None:
    settings = _settings(context)
    configuration = _or_explain(lambda: load(settings))
    from bot.backing_up import back_up
    from bot.checking import voice_of

    made, said = back_up(settings, configuration, file)
    _end_with(made, voice_of(configuration).text(said))


@db.command()
@click.option("--to", envvar=_MOVE_TO)
@click.pass_context
def move(context: click.Context, to: str | None) -> None:
    os.environ.pop(_MOVE_TO, None)
    settings = _settings(context)
    configuration = _or_explain(lambda: load(settings))
    from bot.checking import voice_of
    from bot.moving_database import move_database, server_in

    voice, server = voice_of(configuration), server_in(to)
    if server is None:
        _end(_texts(context).get("cli.db.move.where"), WRONG)
    moved, said = asyncio.run(move_database(settings, configuration, server))
    _end_with(moved, voice.text(said))


@main.group()
def roster() -> None: ...


@roster.command("import")
@click.argument("file")
@click.option("--partner")
@click.option("--function")
@click.option("--place")
@click.option("--dry-run", is_flag=True)
@click.option("--yes", is_flag=True)
@click.pass_context
def import_roster(context: click.Context, /, **given: object) -> None:
    _roster_line(context, "import", given)


@roster.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--partner")
@click.option("--format", "form")
@click.option("--from", "first")
@click.option("--to", "last")
@click.pass_context
def export_roster(context: click.Context, /, **given: object) -> None:
    _roster_line(context, "export", given)


@roster.command("template")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--partner")
@click.pass_context
def roster_template(context: click.Context, /, **given: object) -> None:
    _roster_line(context, "template", given)


def _roster_line(context: click.Context, what: str, given: dict[str, object]) -> NoReturn:
    settings = _settings(context)
    configuration = _or_explain(lambda: load(settings))
    from bot.roster_line import roster_line

    code, said = roster_line(what, settings, configuration, given)
    click.echo(said, err=code != 0)
    sys.exit(code)


def start() -> NoReturn:
    """The program as people call it."""
    for stream in (sys.stdout, sys.stderr):  # a list for the printer is UTF-8 everywhere
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    try:
        sys.exit(main(standalone_mode=False))
    except click.exceptions.NoArgsIsHelpError as error:
        _end(error.ctx.get_help() if error.ctx else "", WRONG)
    except click.ClickException as error:
        texts = _texts(getattr(error, "ctx", None))
        given = " ".join("…" if "postgres" in each else each for each in sys.argv[1:])
        said = texts.get("cli.not_understood", given=given)
        _end(f"{said}\n{texts.get('cli.not_understood.mend')}", WRONG)
    except click.Abort:
        sys.exit(INTERRUPTED)


def _given(context: click.Context | None) -> dict[str, Path]:
    """The folder that was named on the command line, if any."""
    config_dir = context.find_root().params.get("config_dir") if context else None
    return {"config_dir": config_dir} if config_dir else {}


def _settings(context: click.Context) -> Settings:
    return _or_explain(lambda: read_settings(**_given(context)))


def _texts(context: click.Context | None) -> Texts:
    """In the language of the region, if there is one to be found."""
    try:
        return Texts(language_of(read_settings(**_given(context)).config_dir))
    except ConfigurationError:
        return Texts("nl")


def _called(context: click.Context) -> str:
    folder = _given(context).get("config_dir")
    return "python main.py" + (f" --config {folder}" if folder else "")


def _first_line(path: str, texts: Texts) -> str:
    try:
        with sys.stdin if path == "-" else open(path, encoding="utf-8") as file:
            return file.readline().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        _end(texts.get("cli.no_password_file", reason=_reason(error)), WRONG)


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__


def _or_explain(work: Callable[[], T]) -> T:
    try:
        return work()
    except ConfigurationError as error:
        _end("\n".join(f"❌ {problem}" for problem in error.problems), WRONG)


def _end_with(ready: bool, said: str) -> None:
    if not ready:
        _end(said, NOT_READY)
    click.echo(said)


def _end(said: str, code: int) -> NoReturn:
    click.echo(said, err=True)
    sys.exit(code)


if __name__ == "__main__":
    start()
