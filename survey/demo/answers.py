"""Takes the model's sheets the way every sheet goes: checked against the form, and kept by the recorder."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence

from survey.answering.codes import receipt_from
from survey.answering.evaluations import offered_modules
from survey.answering.keeping import comment_key, receipt_digest
from survey.answering.tickets import class_ticket_digest
from survey.database.recorder import Recorder
from survey.database.saving import Save
from survey.demo import model
from survey.demo.cohorts import CLASSES, ENROLLED
from survey.demo.remarks import Writers
from survey.forms.checking import check_sheet
from survey.forms.places import places
from survey.forms.shape import Offered
from survey.planning.questionnaires import form_of
from survey.tables import ClassLink, Evaluation, Questionnaire, Response

Fields = list[tuple[str, str]]


async def keep_answers(evaluation: Evaluation, number: int, advance: Callable[[], None]) -> None:
    """Keep what the trainees of a cohort (counted from 1) answer. Doing it again changes nothing."""
    questionnaire = await Questionnaire.objects().get(Questionnaire.id == evaluation.questionnaire)
    assert questionnaire is not None
    offered = await offered_modules(evaluation.cohort)
    links = await ClassLink.select().where(ClassLink.evaluation == evaluation.id).order_by(ClassLink.course_class)
    asked = places(form_of(questionnaire), offered)

    async def keep(trainee: int, fields: Fields) -> None:
        sheet = check_sheet(asked, fields)
        assert not sheet.slips, sheet.slips
        link = links[trainee // ENROLLED]
        # Anybody can work these secrets out. That is what makes a repeated seeding harmless, and only for invented
        # answers may it be so.
        receipt = receipt_from("demo", str(number), str(trainee))
        outcome = await recorder.save(
            Save(
                evaluation=evaluation.id,
                course_class=link["course_class"],
                receipt=receipt_digest(receipt),
                sequence=1,
                document=sheet.document().decode(),
                ticket=class_ticket_digest(receipt, link["code"]),
                handed_out=True,
                comments={comment_key(receipt, place): (place, text) for place, text in sheet.comments.items()},
            )
        )
        assert outcome.kept, outcome
        advance()

    async with Recorder() as recorder:
        await asyncio.gather(*(keep(trainee, fields) for trainee, fields in filled_in(offered, number)))


async def are_kept(evaluation: Evaluation, number: int) -> bool:
    """Whether as many have answered as the model lets answer; visitors of the demo may have added to them."""
    offered = await offered_modules(evaluation.cohort)
    kept = await Response.count().where(Response.evaluation == evaluation.id)
    return kept >= len(_sheets(offered, number))


def filled_in(offered: Sequence[Offered], number: int) -> Iterator[tuple[int, Fields]]:
    """Each answering trainee of a cohort, and the fields that their phone sends."""
    writers = Writers(number)
    for sheet in _sheets(offered, number):
        fields = [(f"{module}.useful", str(step)) for module, step in sheet.modules.items()]
        fields += [(item, str(step)) for item, step in sheet.course.items()]
        fields += [("revise_first", module) for module in sheet.revise_first]
        fields += [("most_useful", module) for module in sheet.most_useful]
        fields += [(f"{module}.remark", text) for module, text in writers.remarks(sheet).items()]
        if text := writers.on_course(sheet):
            fields.append(("one_change", text))
        yield sheet.trainee, fields


def _sheets(offered: Sequence[Offered], number: int) -> list[model.Sheet]:
    modules, components = [one.key for one in offered], [one.component for one in offered]
    return model.simulate(modules, components, cohort=number, trainees=ENROLLED * len(CLASSES))
