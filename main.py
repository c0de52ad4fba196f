"""The command line: init, check, run, calllist, audit verify."""

import asyncio
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from config.load import Configuration, ConfigurationError, load, load_folder, read_settings
from config.log import set_up_log
from config.settings import Settings

T = TypeVar("T")


@click.group()
@click.option("--config", "config_dir", type=click.Path(path_type=Path), help="configuratiemap")
@click.pass_context
def main(context: click.Context, config_dir: Path | None) -> None:
    """Kortelijn: roept elke partner op tot een mens ja zegt."""
    context.obj = {"config_dir": config_dir} if config_dir else {}


@main.command()
@click.option("--region", "region_id", default="mijn-regio", show_default=True)
@click.option("--name", default="Mijn regio", show_default=True)
@click.option("--homeserver", default="", help="adres, zoals https://matrix.example")
@click.option("--user", "bot_user", default="", help="zoals @kortelijn:matrix.example")
@click.pass_obj
def init(given: dict[str, Path], region_id: str, name: str, homeserver: str, bot_user: str) -> None:
    """Schrijf een configuratiemap met uitleg, en geheimen met veilige rechten."""
    from config.scaffold import Blueprint, scaffold

    settings = _settings(given)
    blueprint = Blueprint(
        region_id=region_id, region_name=name, homeserver=homeserver, bot_user=bot_user
    )
    written = scaffold(settings.config_dir, settings.secrets_dir, blueprint)
    for path in written:
        click.echo(f"geschreven: {path}")
    click.echo("Vul de bestanden in en draai dan: python main.py check")


@main.command()
@click.pass_obj
def check(given: dict[str, Path]) -> None:
    """Controleer de configuratie, en daarna verbinding, versleuteling en klok."""
    from bot.checking import check_everything

    settings = _settings(given)
    configuration = _or_explain(lambda: load(settings))
    click.echo("✅ Configuratie: in orde.")
    lines = asyncio.run(check_everything(settings, configuration))
    for line in lines:
        click.echo(f"{'✅' if line.ready else '❌'} {line.name}: {line.detail}")
    if not all(line.ready for line in lines):
        sys.exit(1)


@main.command()
@click.pass_obj
def run(given: dict[str, Path]) -> None:
    """Draai de bot tot SIGTERM of Ctrl-C."""
    settings = _settings(given)
    configuration = _or_explain(lambda: load(settings))
    set_up_log(settings.log_level)
    sys.exit(asyncio.run(_run(settings, configuration)))


async def _run(settings: Settings, configuration: Configuration) -> int:
    from bot.app import App
    from bot.only_one import AlreadyRunning
    from storage.schema import NewerSchema

    app = App(settings, configuration)
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopping.set)
    starting = asyncio.create_task(app.start())
    waiting = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait({starting, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if not stopping.is_set():
            await starting
            failed = asyncio.create_task(app.failed())
            await asyncio.wait({failed, waiting}, return_when=asyncio.FIRST_COMPLETED)
            failed.cancel()
    except NewerSchema as newer:
        click.echo(f"De database is nieuwer dan dit programma: {newer}", err=True)
        return 1
    except AlreadyRunning as other:
        click.echo(f"Er draait al een bot op deze map: {other}", err=True)
        return 1
    finally:
        starting.cancel()
        waiting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
        await app.stop()
    return 0 if stopping.is_set() else 1


@main.command()
@click.option("--html", is_flag=True, help="als pagina om af te drukken")
@click.pass_obj
def calllist(given: dict[str, Path], html: bool) -> None:
    """De bellijst voor de dag dat de bot het niet doet."""
    from bot.clock import WallClock
    from config.calllist import call_list_html, call_list_text

    folder = _or_explain(lambda: load_folder(_settings(given)))
    render = call_list_html if html else call_list_text
    click.echo(render(folder, WallClock().now()))


@main.group()
def audit() -> None:
    """Het toegangslog."""


@audit.command()
@click.pass_obj
def verify(given: dict[str, Path]) -> None:
    """Bewijs dat het toegangslog heel is, of noem de eerste gebroken regel."""
    from bot.checking import verify_log

    settings = _settings(given)
    configuration = _or_explain(lambda: load(settings))
    verdict = asyncio.run(verify_log(settings, configuration))
    if verdict.broken_at is None:
        click.echo(f"✅ Toegangslog heel: {verdict.rows} regels.")
    else:
        click.echo(f"❌ Toegangslog gebroken bij regel {verdict.broken_at}.", err=True)
        sys.exit(1)


def _settings(given: dict[str, Path]) -> Settings:
    return _or_explain(lambda: read_settings(**given))


def _or_explain(work: Callable[[], T]) -> T:
    try:
        return work()
    except ConfigurationError as error:
        for problem in error.problems:
            click.echo(f"❌ {problem}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
