"""Counts in, findings out: what a cohort thinks of a module, what changed, and what may be shown.

Frames go in and frames come out (Polars). No web, no database, no clock, no settings. Counts are enough for all of it
but what needs whole forms: leniency, reliability, careless forms, gaps by position. That is `analytics.persons`.
"""

from __future__ import annotations

from analytics.comments import (
    COMMENTS,
    FOUND,
    MASKED,
    NO_THEME,
    TERMS,
    THEMES,
    folded,
    found_comments,
    frequent_terms,
    masked_comments,
    readable_comments,
    theme_counts,
)
from analytics.comparability import ASKED, COMPARABILITY, comparability
from analytics.comparing import changes_to_previous, compare
from analytics.control import LIMITS, control_limits
from analytics.counting import count_long, count_wide, merge_counts
from analytics.counting_files import RatingsFile, count_files
from analytics.effects import EFFECTS, revision_effects
from analytics.files import ROW, SLIPS, RefusedFileError, Table, read_table, tidied
from analytics.findings import (
    Finding,
    findings_of_changes,
    findings_of_effects,
    findings_of_measures,
    findings_of_ranks,
    findings_of_response,
    findings_of_silence,
    findings_of_standings,
    findings_of_trends,
)
from analytics.indices import BANDS, FORMULAS, INDICES, indices
from analytics.measures import measures
from analytics.ordering import AGAINST_COHORT, against_cohort, by_need_of_revision
from analytics.picks import pick_shares
from analytics.policy import FEWEST_THAT_HIDE_ANYBODY, Policy
from analytics.privacy import without_small_groups
from analytics.ranking import RANKING, ranked
from analytics.releases import DIFFERENCING, differencing
from analytics.reports import FullReport, full_report
from analytics.responding import (
    ANSWERED,
    RESPONSE_RATES,
    SILENT_BOUNDS,
    Wanted,
    answers_wanted,
    response_rates,
    silent_bounds,
)
from analytics.samples import FEWEST_PER_MODULE, Sample, what_a_sample_bears
from analytics.scales import Scale, parse_scale, parse_values
from analytics.schemas import (
    BLANK,
    CHANGES,
    COUNTS,
    ITEMS,
    MEASURES,
    NOT_ATTENDED,
    NOT_OFFERED,
    PICKS,
    PLACES,
    FrameError,
    checked,
    checked_items,
)
from analytics.sentences import SENTENCES, said, sentences_of
from analytics.several import SEVERAL, several
from analytics.shaping import Shape, Shaped, shaped
from analytics.suppression import SUPPRESSED, suppressed_totals
from analytics.trends import TRENDS, trends

__all__ = [
    "AGAINST_COHORT",
    "ANSWERED",
    "ASKED",
    "BANDS",
    "BLANK",
    "CHANGES",
    "COMMENTS",
    "COMPARABILITY",
    "COUNTS",
    "DIFFERENCING",
    "EFFECTS",
    "FEWEST_PER_MODULE",
    "FEWEST_THAT_HIDE_ANYBODY",
    "FORMULAS",
    "FOUND",
    "INDICES",
    "ITEMS",
    "LIMITS",
    "MASKED",
    "MEASURES",
    "NOT_ATTENDED",
    "NOT_OFFERED",
    "NO_THEME",
    "PICKS",
    "PLACES",
    "RANKING",
    "RESPONSE_RATES",
    "ROW",
    "SENTENCES",
    "SEVERAL",
    "SILENT_BOUNDS",
    "SLIPS",
    "SUPPRESSED",
    "TERMS",
    "THEMES",
    "TRENDS",
    "Finding",
    "FrameError",
    "FullReport",
    "Policy",
    "RatingsFile",
    "RefusedFileError",
    "Sample",
    "Scale",
    "Shape",
    "Shaped",
    "Table",
    "Wanted",
    "against_cohort",
    "answers_wanted",
    "by_need_of_revision",
    "changes_to_previous",
    "checked",
    "checked_items",
    "comparability",
    "compare",
    "control_limits",
    "count_files",
    "count_long",
    "count_wide",
    "differencing",
    "findings_of_changes",
    "findings_of_effects",
    "findings_of_measures",
    "findings_of_ranks",
    "findings_of_response",
    "findings_of_silence",
    "findings_of_standings",
    "findings_of_trends",
    "folded",
    "found_comments",
    "frequent_terms",
    "full_report",
    "indices",
    "masked_comments",
    "measures",
    "merge_counts",
    "parse_scale",
    "parse_values",
    "pick_shares",
    "ranked",
    "read_table",
    "readable_comments",
    "response_rates",
    "revision_effects",
    "said",
    "sentences_of",
    "several",
    "shaped",
    "silent_bounds",
    "suppressed_totals",
    "theme_counts",
    "tidied",
    "trends",
    "what_a_sample_bears",
    "without_small_groups",
]
