"""`gopy report FILE`: the analytics on a file nobody shaped for us, without a database."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

import click
import polars as pl

from analytics import (
    FEWEST_THAT_HIDE_ANYBODY,
    Policy,
    RefusedFileError,
    Shape,
    Shaped,
    measures,
    parse_scale,
    parse_values,
    read_table,
    shaped,
)
from dashboards.report import Report, report_page
from survey.report_asked import asked_of, names_among
from survey.report_findings import in_values, what_stands_out
from survey.report_forms import about_forms
from survey.report_words import Translate, notices, refusal, slip_lines
from survey.web.languages import translator

REFUSED = 2
POLICY = Policy()
SHOWN_IN_JSON = (
    *("cohort", "component", "module", "item", "n", "not_attended", "blank", "counts", "mean", "mean_low", "mean_high"),
    *("interpolated_median", "top2_share", "top2_low", "top2_high", "blurred", "withheld"),
)


def listed(_context: click.Context, _option: click.Parameter, texts: Iterable[str] | str | None) -> list[str]:
    """The values of an option that may be repeated, have commas inside, or both."""
    given = [texts] if isinstance(texts, str) else texts or []
    return [value for text in given for value in parse_values(text)]


@click.command("report")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--module", metavar="COLUMN", help="Column with the module; without it all rows are one module.")
@click.option("--cohort", metavar="COLUMN", help="Column with the cohort; without it all rows are one cohort.")
@click.option("--component", metavar="COLUMN", help="Column with the component that a module belongs to.")
@click.option("--respondent", metavar="COLUMN", help="Column with who answered: finds people counted twice.")
@click.option("--items", multiple=True, metavar="COLUMNS", help="Wide: the item columns, such as 'Q*' or Q1,Q2.")
@click.option("--item", metavar="COLUMN", help="Long: the column with the item.")
@click.option("--rating", metavar="COLUMN", help="Long: the column with the rating.")
@click.option(
    "--steps", metavar="STEPS", help="1-5, or labels from first to last: 'Poor,Fair,Good' or 'Poor;Fair;Good'."
)
@click.option("--direction", type=click.Choice(["up", "down"]), default="up", help="down: the first step is best.")
@click.option(
    "--not-attended", multiple=True, callback=listed, metavar="VALUES", help="Values that say: did not attend."
)
@click.option("--blank", multiple=True, callback=listed, metavar="VALUES", help="Values that say: no answer.")
@click.option(
    "--cohorts",
    multiple=True,
    metavar="COHORTS",
    help="Their order in time; the first seen is first. Others: tables only.",
)
@click.option("--revised", multiple=True, metavar="MODULES", help="Revised between the last two cohorts: did it work?")
@click.option("--smallest-group", type=int, default=5, show_default=True, help="Withhold fewer.")
@click.option("--language", type=click.Choice(["vi", "en"]), default="vi", show_default=True, help="Of the page.")
@click.option(
    "--format", "output_format", type=click.Choice(["html", "text", "json"]), default="html", show_default=True
)
@click.option("--output", type=click.Path(path_type=Path), help="Default: beside FILE (html), the terminal (others).")
@click.option("--skip-bad", is_flag=True, help="Leave out what does not parse, instead of refusing the file.")
def report(
    file: Path,
    items: tuple[str, ...],
    steps: str | None,
    cohorts: tuple[str, ...],
    revised: tuple[str, ...],
    smallest_group: int,
    language: str,
    output_format: str,
    output: Path | None,
    skip_bad: bool,
    **columns: Any,
) -> None:
    """Count the ratings in FILE (CSV, Excel or Parquet) and write what they say, small groups withheld."""
    translate = translator(language)
    try:
        refuse_groups_of_few(smallest_group)
        table = read_table(file)
        shape = Shape(items=names_among(items, table.names), scale=parse_scale(steps) if steps else None, **columns)
        counted = shaped(table, shape)
        found = measured(counted, component=shape.component is not None, smallest_group=smallest_group)
        refuse_scale_of_few(counted, found, smallest_group=smallest_group)
        remarks = notices(counted, translate, language, skip_bad=skip_bad)
        say(remarks)
        refuse_slips(counted, translate, skip_bad=skip_bad)
        asked = asked_of(counted, shape, cohorts=cohorts, revised=revised)
        if output_format == "json":
            write(as_json(found), output)
            return
        words = {"smallest_group": smallest_group, "translate": translate, "language": language}
        standing_out = what_stands_out(counted, asked, **words)
        of_forms = about_forms(counted, by_person=shape.respondent is not None, **words)
        if output_format == "text":
            write("".join(f"{sentence}\n" for sentence in [*standing_out, *of_forms]), output)
            return
        page = Report(
            title=file.name,
            measures=found,
            step_labels=counted.scale.labels,
            first_value=counted.scale.first,
            smallest_group=smallest_group,
            unanimous_below=POLICY.unanimous_below,
            notices=remarks,
            standing_out=standing_out,
            of_forms=of_forms,
        )
        write(report_page(page, translate=translate, language=language), output or file.with_suffix(".report.html"))
    except RefusedFileError as error:
        refuse([refusal(error, translate)])


def measured(counted: Shaped, *, component: bool, smallest_group: int) -> pl.DataFrame:
    """The measures of every item in every module, in the values of the file's own scale."""
    by = ("cohort", "component", "module", "item") if component else ("cohort", "module", "item")
    return in_values(
        measures(
            counted.counts, counted.items, by=by, smallest_group=smallest_group, unanimous_below=POLICY.unanimous_below
        ),
        counted.scale,
    )


def as_json(found: pl.DataFrame) -> str:
    rows = found.select(name for name in SHOWN_IN_JSON if name in found.columns).to_dicts()
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def refuse_groups_of_few(smallest_group: int) -> None:
    if smallest_group < FEWEST_THAT_HIDE_ANYBODY:
        raise RefusedFileError("groups of few", fewest=str(FEWEST_THAT_HIDE_ANYBODY), given=str(smallest_group))


def refuse_scale_of_few(counted: Shaped, found: pl.DataFrame, *, smallest_group: int) -> None:
    # An inferred scale ends at the highest answer: nobody's may be told by a page of which every number is withheld
    # (test_a_scale_is_not_inferred_from_few_people_whose_highest_answer_it_would_tell).
    if counted.inferred and found["withheld"].all():
        raise RefusedFileError("scale of few", fewest=str(smallest_group))


def refuse_slips(counted: Shaped, translate: Translate, *, skip_bad: bool) -> None:
    lines = slip_lines(counted.slips, translate)
    say(lines)
    if lines and not skip_bad:
        refuse([translate("Nothing was written. Correct the file, or leave these out with --skip-bad.")])


def write(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise RefusedFileError("unwritable", path=str(output), cause=str(error)) from error
    click.echo(str(output))


def say(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line, err=True)


def refuse(lines: Iterable[str]) -> NoReturn:
    say(lines)
    raise click.exceptions.Exit(REFUSED)


if __name__ == "__main__":
    report()
