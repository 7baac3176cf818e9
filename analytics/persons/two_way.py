"""The additive model of a rating, person plus module, by least squares: exact also where many ratings are missing."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from analytics.formulas import Floats
from analytics.persons.forms import Claims

CRUMB = 1e-12
"""A mean square below this is what rounding leaves where there is nothing."""


class Fit(NamedTuple):
    """`adjusted` and its standard `error` for each module; the two mean squares and degrees of freedom of the rest.

    `module_square` is that of modules adjusted for people, `error_square` that of what neither explains.
    `raters` is how many ratings by everybody a module's adjusted mean is worth (see `fitted`).
    """

    adjusted: Floats
    error: Floats
    people: int
    ratings: int
    module_square: float
    error_square: float
    module_freedom: int
    error_freedom: int
    raters: float


def fitted(table: Floats) -> Fit:
    """Least squares of rating = person + module; `table` has a row per person, who rated once at least, and a column
    per module, which hang together (`hanging_together`); not a number where there is no rating.

    People are eliminated first, which leaves as many equations as there are modules: with r_i ratings by person i,
    n_j of module j and N the table of who rated what, (diag(n) - N' diag(1/r) N) b = sums of the ratings less their
    person's mean. Source: Searle, Linear Models (1971), section 7.1, the two-way classification without interaction.

    The adjusted mean of a module is what the mean would be if each of these people had rated every module (the least
    squares mean; Searle, Speed and Milliken, The American Statistician 1980). Its error knows the people as fixed:
    these people, asked again.

    `module_square` is expected to be error + `raters` * variance of modules, with `raters` = trace(diag(n) - N'
    diag(1/r) N) / (modules - 1) (Henderson's method 3, Biometrics 1953): the number of people if all rated all.
    """
    rated = ~np.isnan(table)
    weight = rated.astype(np.float64)
    given, got = weight.sum(axis=1), weight.sum(axis=0)
    person = np.where(rated, table, 0.0).sum(axis=1) / given
    centred = np.where(rated, table - person[:, None], 0.0)
    information = np.diag(got) - weight.T @ (weight / given[:, None])
    inverse = _inverse(information)
    sums = centred.sum(axis=0)
    effects = inverse @ sums
    explained = float(effects @ sums)
    people, modules = table.shape
    ratings = int(weight.sum())
    freedom = ratings - people - modules + 1
    error_square = _square(float((centred**2).sum()) - explained, freedom)
    contrasts = np.eye(modules) - (weight / given[:, None]).mean(axis=0)
    variance = (contrasts @ inverse * contrasts).sum(axis=1) + (1 / given).sum() / people**2
    return Fit(
        adjusted=person.mean() + contrasts @ effects,
        error=np.sqrt(variance * error_square),
        people=people,
        ratings=ratings,
        module_square=_square(explained, modules - 1),
        error_square=error_square,
        module_freedom=modules - 1,
        error_freedom=freedom,
        raters=float(np.trace(information)) / (modules - 1) if modules > 1 else np.nan,
    )


def hanging_together(rated: Claims) -> Claims:
    """Which modules may be compared through people: the part, with most ratings, in which people lead from each module
    to each other (module A and B share somebody, B and C do, ...).

    Parts that nobody joins, such as the modules of two parallel classes, have no common measure once people are taken
    out.
    """
    weight = rated.astype(np.float64)
    shared = weight.T @ weight
    count, part = connected_components(csr_array(shared > 0), directed=False)
    sizes = np.bincount(part, weights=weight.sum(axis=0), minlength=count)
    together: Claims = (part == sizes.argmax()) & rated.any(axis=0) if count else np.zeros(0, dtype=np.bool_)
    return together


def _inverse(information: Floats) -> Floats:
    """A generalised inverse: the equations leave the level open, which a constant added to all of them closes."""
    modules = len(information)
    inverse: Floats = np.linalg.inv(information + max(np.trace(information), 1.0) / modules**2)
    return inverse


def _square(total: float, freedom: int) -> float:
    if freedom < 1:
        return float("nan")
    return total / freedom if total / freedom > CRUMB else 0.0
