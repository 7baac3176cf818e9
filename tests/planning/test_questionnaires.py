"""A published questionnaire stays as it is: refused in words by us, and by the database whoever asks."""

import sqlite3

import asyncpg
import msgspec
import pytest

from survey.forms.library import library
from survey.planning.questionnaires import form_of, next_version, publish
from survey.refusals import Refused
from survey.tables import Questionnaire
from tests.cast import saved

pytestmark = pytest.mark.anyio

CORE = library()["core"]
CHANGED = msgspec.structs.replace(CORE, minutes=CORE.minutes + 1)


@pytest.mark.parametrize("form", library().values(), ids=lambda form: form.key)
async def test_what_is_published_is_what_is_read_back(database, form):
    assert form_of(await publish(form)) == form


async def test_publishing_the_same_form_again_is_the_same_questionnaire(database):
    first, again = await publish(CORE), await publish(CORE)
    assert first.id == again.id
    assert await Questionnaire.count() == 1


async def test_a_changed_form_is_refused_and_told_its_next_version(database):
    await publish(CORE)
    with pytest.raises(Refused, match=r"Version 1 of the questionnaire “core” is published.* as version 2 instead"):
        await publish(CHANGED)
    assert (await next_version(CHANGED)).version == 2
    second = await publish(await next_version(CHANGED))
    assert form_of(second).minutes == CHANGED.minutes
    assert form_of(await publish(CORE)) == CORE


async def test_the_database_itself_refuses_to_change_or_delete_a_published_version(database):
    kept = await publish(CORE)
    refusals = (sqlite3.IntegrityError, asyncpg.IntegrityConstraintViolationError)
    with pytest.raises(refusals, match="make its next version"):
        await Questionnaire.update({Questionnaire.definition: "{}"}).where(Questionnaire.id == kept.id)
    with pytest.raises(refusals):
        await Questionnaire.delete().where(Questionnaire.id == kept.id)
    assert form_of(await publish(CORE)) == CORE


async def test_a_draft_takes_the_new_content_when_it_is_published(database):
    draft = await saved(Questionnaire(key="core", version=1, published=False, definition="{}"))
    published = await publish(CHANGED)
    assert published.id == draft.id
    assert form_of(published) == CHANGED
