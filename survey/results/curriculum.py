"""The curriculum as some cohorts were taught it: modules in their order, with titles in a language and versions."""

from __future__ import annotations

import polars as pl


def in_words(column: str, language: str) -> pl.Expr:
    """A column of JSON texts (one per language) in a language, else in Vietnamese, else in English."""
    texts = (pl.col(column).str.json_path_match(f"$.{code}") for code in (language, "vi", "en"))
    return pl.coalesce(*texts, pl.lit(""))


def modules(taught: pl.DataFrame, language: str) -> pl.DataFrame:
    """A row per module in the order of the curriculum, titled as it was taught last.

    Takes lessons of one or more cohorts (`frames.TAUGHT`); gives module, title, component, component_name.
    """
    return taught.group_by("module", maintain_order=True).agg(
        in_words("titles", language).last().alias("title"),
        pl.col("component").last(),
        in_words("component_names", language).last().alias("component_name"),
    )


def components(taught: pl.DataFrame, language: str) -> dict[str, str]:
    """Key -> name of every component, in order."""
    named = taught.unique("component", keep="first", maintain_order=True)
    return dict(named.select("component", in_words("component_names", language).alias("name")).iter_rows())


def versions(taught: pl.DataFrame) -> pl.DataFrame:
    """The version of each module that each cohort was taught: cohort, module, version (the last of two)."""
    return taught.group_by("cohort", "module", maintain_order=True).agg(pl.col("version").last())


def revised(taught: pl.DataFrame, *, before: str, after: str) -> pl.DataFrame:
    """module, version, version_before, and whether the module was revised between two cohorts."""
    of = versions(taught)
    old = of.filter(pl.col("cohort") == before).select("module", version_before="version")
    new = of.filter(pl.col("cohort") == after).select("module", "version")
    joined = new.join(old, on="module", how="left", maintain_order="left")
    return joined.with_columns(revised=(pl.col("version") != pl.col("version_before")).fill_null(False))
