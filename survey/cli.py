"""`gopy`: the command line. Every command imports what it needs when it runs, so that help comes at once."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from survey import __version__
from survey.refusals import Refused
from survey.settings import WrongSetting, read_settings

if TYPE_CHECKING:
    from survey.settings import Settings

REFUSED = 2
# What the database can look for.
EVALUATION = click.IntRange(1, 2**31 - 1)


class Elsewhere(click.Command):
    """Stands in the help for a command that lives with its feature, until it is called."""

    def __init__(self, name: str, place: str, short_help: str) -> None:
        super().__init__(name, short_help=short_help)
        self.place = place

    def load(self) -> click.Command:
        module, _, attribute = self.place.partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command


class Gopy(click.Group):
    """A group that says a refusal as one sentence, with exit code 2, and never as a traceback."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        return name, command.load() if isinstance(command, Elsewhere) else command, rest

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (WrongSetting, Refused) as refusal:
            error = click.ClickException(str(refusal))
            error.exit_code = REFUSED
            raise error from refusal


@click.group(cls=Gopy)
@click.version_option(__version__, prog_name="gopy")
def main() -> None:
    """Góp Ý: end-of-course feedback that revises the curriculum."""


main.add_command(Elsewhere("account", "survey.people.commands:account", "Accounts of staff and their sign-in links."))
main.add_command(Elsewhere("report", "survey.reporting:report", "Results of a file of ratings, without a database."))


@main.command()
@click.option("--lan", is_flag=True, help="Let phones in the same network in.")
@click.option("--port", type=click.IntRange(1, 65535), help="Default: the first free one from 8000 on.")
@click.option("--serve/--no-serve", default=True, help="Stay and serve, or only make the data and print the links.")
def demo(lan: bool, port: int | None, serve: bool) -> None:
    """Make a fictitious programme with answers, serve it, and print how to get in."""
    from survey.demo.running import FOLDER, run_demo

    # A folder of its own, so that invented answers never lie among real ones.
    settings = read_settings({"GOPY_DATA": FOLDER, **os.environ})
    try:
        run_demo(settings, lan=lan, port=port, stay=serve)
    except KeyboardInterrupt:
        click.echo("\nĐã dừng. / Stopped.")


@main.command()
def serve() -> None:
    """Serve for real; weak configuration is refused."""
    from survey.serving import serve

    try:
        serve(read_settings())
    except KeyboardInterrupt:
        click.echo("Stopped.")


@main.command()
def migrate() -> None:
    """Bring the database to this release. Make a backup before."""
    from survey.database.migrating import migrate, pending_migrations
    from survey.serving import reached

    async def run() -> list[str]:
        async with reached(read_settings()):
            pending = await pending_migrations()
            await migrate()
        return pending

    done = asyncio.run(run())
    click.echo(f"{len(done)} migrations done." if done else "Nothing to do: the database is up to date.")


@main.command()
def evaluations() -> None:
    """List the evaluations with their numbers."""
    from survey.planning.listing import list_evaluations

    for line in _with_database(read_settings(), list_evaluations):
        click.echo(line)


@main.command()
@click.argument("evaluation", type=EVALUATION)
def close(evaluation: int) -> None:
    """Take no new answers to EVALUATION (a number of `gopy evaluations`)."""
    from survey.planning.deeds import close_evaluation

    _with_database(read_settings(), close_evaluation, evaluation, who=None)
    click.echo(f"Evaluation {evaluation} is closed. When its grace period is over: gopy seal {evaluation}")


@main.command()
@click.argument("evaluation", type=EVALUATION)
def seal(evaluation: int) -> None:
    """Seal EVALUATION for good: who answered what can no longer be told, and results are released."""
    from survey.answering.sealing import seal_evaluation

    responses = _with_database(read_settings(), seal_evaluation, evaluation)
    click.echo(f"Evaluation {evaluation} is sealed with {responses} responses.")


@main.command()
@click.argument("evaluation", type=EVALUATION)
@click.argument("course_class", metavar="CLASS")
@click.option("--number", type=click.IntRange(1, 10_000), required=True, help="How many to make.")
@click.option("--pdf", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Write sheets to print.")
def tickets(evaluation: int, course_class: str, number: int, pdf: Path | None) -> None:
    """Print addresses of blind tickets for CLASS (its key) of EVALUATION, one a line. They are shown only now."""
    from survey.planning.papers import slips_pdf
    from survey.planning.slips import blind_slips

    if pdf and not os.access(pdf.absolute().parent, os.W_OK):
        # Before they are made: what could not be written down would be lost.
        raise click.BadParameter(f"Nothing can be written to {pdf.parent}.", param_hint="--pdf")
    settings = read_settings()
    made = _with_database(settings, blind_slips, evaluation, course_class, number, who=None)
    if pdf is None:
        for secret in made.secrets:
            click.echo(f"{settings.base_address}/t/{secret}")
        return
    pdf.touch(mode=0o600)
    pdf.write_bytes(slips_pdf(made, base_address=settings.base_address, language=settings.language))
    click.echo(f"{number} slips of lot {made.lot} are in {pdf}. Delete it once it is printed.")


@main.command("raise")
@click.argument("evaluation", type=EVALUATION)
@click.argument("course_class", metavar="CLASS")
@click.option("--to", "most", type=click.IntRange(1, 100_000), required=True, help="How many answers it takes in all.")
def raise_limit(evaluation: int, course_class: str, most: int) -> None:
    """Let the class link of CLASS (its key) of EVALUATION take more answers than the class has enrolled."""
    from survey.planning.deeds import raise_limit

    _with_database(read_settings(), raise_limit, evaluation, course_class, to=most, who=None)
    click.echo(f"The class link of {course_class} takes {most} answers.")


@main.group()
def questionnaires() -> None:
    """The forms that come with the product, and the proofreading of your own."""


@questionnaires.command("list")
def list_questionnaires() -> None:
    """List the forms of the library."""
    from survey.forms.library import library

    for form in library().values():
        items = sum(len(section.items) for section in form.sections)
        click.echo(f"{form.key:10} version {form.version}  {form.purpose:14} {items:2} items  {form.title['vi']}")


@questionnaires.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_context
def check(ctx: click.Context, file: Path) -> None:
    """Proofread FILE; every slip with its place, exit code 1 if there are any."""
    from survey.forms.proofreading import WrongDefinition, read_form

    try:
        form = read_form(file)
    except WrongDefinition as error:
        click.echo(str(error))
        ctx.exit(1)
    click.echo(f"{file.name}: no slips in “{form.key}”, version {form.version}.")


def _with_database(settings: Settings, deed: Callable[..., Awaitable[Any]], *given: Any, **named: Any) -> Any:
    """Run one deed on the database of the settings, whose tables are those of this release."""
    from survey.serving import reached, refuse_pending_migrations

    async def run() -> Any:
        async with reached(settings):
            await refuse_pending_migrations()
            return await deed(*given, **named)

    return asyncio.run(run())
