"""Person-level work: what only whole forms can tell, so these functions read them, one row per response.

Everything else in `analytics` makes do with counts. What comes out is about modules, items, places and numbers of
forms, small groups withheld; only `without_careless` gives forms, to be counted again and never shown.
"""

from __future__ import annotations

from analytics.persons.agreement import AGREEMENT, rater_agreement
from analytics.persons.alpha import ALPHA, cronbach_alpha
from analytics.persons.careless import (
    CARELESS,
    KINDS_OF_FORMS,
    WITH_AND_WITHOUT,
    careless_forms,
    with_and_without,
    without_careless,
)
from analytics.persons.leniency import LENIENCY, leniency_adjusted
from analytics.persons.position import POSITIONS, gaps_by_position
from analytics.persons.reliability import (
    INTRACLASS,
    MODULE_RELIABILITY,
    intraclass_correlations,
    module_reliability,
)

__all__ = [
    "AGREEMENT",
    "ALPHA",
    "CARELESS",
    "INTRACLASS",
    "KINDS_OF_FORMS",
    "LENIENCY",
    "MODULE_RELIABILITY",
    "POSITIONS",
    "WITH_AND_WITHOUT",
    "careless_forms",
    "cronbach_alpha",
    "gaps_by_position",
    "intraclass_correlations",
    "leniency_adjusted",
    "module_reliability",
    "rater_agreement",
    "with_and_without",
    "without_careless",
]
