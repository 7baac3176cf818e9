"""Questionnaires of an organisation: a form becomes a published version, and a published version stays as it is."""

from __future__ import annotations

import msgspec
from piccolo.query.functions import Max

from survey.forms.shape import Form
from survey.refusals import Refused
from survey.tables import Questionnaire

CHANGED = (
    "Version {version} of the questionnaire “{key}” is published, so it can no longer be changed: "
    "somebody may have answered it. Save this form as version {next} instead."
)


async def publish(form: Form) -> Questionnaire:
    """A form as a published questionnaire. The same form again gives the same row.

    Raises:
        Refused: this version is published with other content.
    """
    definition = msgspec.json.encode(form).decode()
    async with Questionnaire._meta.db.transaction():
        # The unique constraint decides whether this version is new: looking first would let two people through.
        inserted = (
            await Questionnaire.insert(
                Questionnaire(key=form.key, version=form.version, published=True, definition=definition)
            )
            .on_conflict((Questionnaire.key, Questionnaire.version), "DO NOTHING")
            .returning(Questionnaire.id)
        )
        kept = await _version(form)
        if not inserted:
            await _settle(kept, form, definition)
    return kept


async def _version(form: Form) -> Questionnaire:
    row = await Questionnaire.objects().get((Questionnaire.key == form.key) & (Questionnaire.version == form.version))
    assert row is not None
    return row


async def _settle(kept: Questionnaire, form: Form, definition: str) -> None:
    """A draft takes the new content; a published version is left alone, and refused if it differs."""
    if not kept.published:
        kept.definition, kept.published = definition, True
        await kept.save()
    elif form_of(kept) != form:
        raise Refused(CHANGED, key=form.key, version=form.version, next=(await next_version(form)).version)


async def next_version(form: Form) -> Form:
    """The form under the next free version number of its questionnaire."""
    row = await Questionnaire.select(Max(Questionnaire.version)).where(Questionnaire.key == form.key).first()
    return msgspec.structs.replace(form, version=(row["max"] or 0) + 1)


def form_of(questionnaire: Questionnaire) -> Form:
    return msgspec.json.decode(questionnaire.definition, type=Form)
