"""What every command of the command line needs: its help, its configuration, its end.

A command ends with 0 if all is ready, 1 if it is not, 2 if the configuration or the command is
wrong. What it says stands in the catalogue, `cli.*`, in the region's language.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn, TypeVar

import click

from config.catalogue import Texts
from config.load import ConfigurationError, language_of, read_settings
from config.settings import Settings

T = TypeVar("T")
NOT_READY, WRONG, INTERRUPTED = 1, 2, 130


class Spoken(click.Command):
    """A command whose help is one page of the catalogue."""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        page = ctx.command_path.split()[1:2]
        formatter.write(texts_of(ctx).get(".".join(["cli.help", *page])))


class SpokenGroup(Spoken, click.Group):
    """A group of such commands."""

    command_class = Spoken
    group_class = type


def given(context: click.Context | None) -> dict[str, Path]:
    """The folder that was named on the command line, if any."""
    config_dir = context.find_root().params.get("config_dir") if context else None
    return {"config_dir": config_dir} if config_dir else {}


def settings_of(context: click.Context) -> Settings:
    """The settings, with the folder that was named. Ends the program if they are wrong."""
    return or_explain(lambda: read_settings(**given(context)))


def texts_of(context: click.Context | None) -> Texts:
    """In the language of the region, if there is one to be found."""
    try:
        return Texts(language_of(read_settings(**given(context)).config_dir))
    except ConfigurationError:
        return Texts("nl")


def called(context: click.Context) -> str:
    """How this program is called, for people to copy."""
    folder = given(context).get("config_dir")
    return "python main.py" + (f" --config {folder}" if folder else "")


def first_line(path: str, texts: Texts) -> str:
    """Of a file or of stdin, as secrets are given. Ends the program if it cannot be read."""
    try:
        with sys.stdin if path == "-" else open(path, encoding="utf-8") as file:
            return file.readline().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        end(texts.get("cli.no_password_file", reason=reason_of(error)), WRONG)


def reason_of(error: Exception) -> str:
    """The cause in words, without what the file holds."""
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__


def or_explain(work: Callable[[], T]) -> T:
    """The result, or every problem of the configuration and the end."""
    try:
        return work()
    except ConfigurationError as error:
        end("\n".join(f"❌ {problem}" for problem in error.problems), WRONG)


def end_with(ready: bool, said: str) -> None:
    """Say it, and end with 1 if it is not ready."""
    if not ready:
        end(said, NOT_READY)
    click.echo(said)


def end(said: str, code: int) -> NoReturn:
    """Say it to stderr and end."""
    click.echo(said, err=True)
    sys.exit(code)
