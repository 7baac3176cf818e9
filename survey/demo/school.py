"""The demo's department: units in three levels, the programme, lecturers and three accounts. All of it invented."""

from __future__ import annotations

import datetime
from pathlib import Path

import msgspec

from survey.demo.marks import DEMO
from survey.demo.revisions import APPROVER
from survey.people.accounts import new_account
from survey.planning.programmes import ComponentOutline, ProgrammeOutline, create_programme
from survey.tables import Lecturer, Programme, Role, Unit

PROGRAMME_FILE = Path(__file__).with_name("programme.toml")

# key, key of the unit above, Vietnamese, English
UNITS = (
    ("thanh-pho", None, "Thành phố Ví Dụ", "Sample City"),
    ("so-noi-vu", "thanh-pho", "Sở Nội vụ (mẫu)", "Department of Home Affairs (sample)"),
    ("phong-dao-tao", "so-noi-vu", "Phòng Đào tạo, bồi dưỡng (mẫu)", "Training division (sample)"),
    ("truong", "thanh-pho", "Trường Bồi dưỡng cán bộ (mẫu)", "Cadre training school (sample)"),
    ("khoa-ly-luan", "truong", "Khoa Lý luận cơ sở (mẫu)", "Faculty of Theory (sample)"),
    ("khoa-nha-nuoc", "truong", "Khoa Nhà nước và pháp luật (mẫu)", "Faculty of State and Law (sample)"),
    ("khoa-ky-nang", "truong", "Khoa Kỹ năng lãnh đạo (mẫu)", "Faculty of Leadership Skills (sample)"),
)
COHORTS_UNIT = "phong-dao-tao"
OFFICE = "so-noi-vu"

# Component -> the unit whose lecturers teach it; two of them for each unit, taking turns.
TEACHING_UNITS = {
    "1": "khoa-ly-luan",
    "2": "khoa-nha-nuoc",
    "3": "khoa-nha-nuoc",
    "4": "khoa-ky-nang",
    "5": "phong-dao-tao",
}

# login, name, role, unit
STAFF = (
    ("lan", "Lan (mẫu)", Role.designer, OFFICE),
    ("minh", "Minh (mẫu)", Role.head, OFFICE),
    ("quantri", "Quản trị (mẫu)", Role.administrator, None),
)


def programme_outline() -> ProgrammeOutline:
    """The programme of `programme.toml`, its first versions approved."""
    written = msgspec.toml.decode(PROGRAMME_FILE.read_bytes(), type=ProgrammeOutline)
    components = tuple(_approved(component) for component in written.components)
    return msgspec.structs.replace(written, components=components)


def _approved(component: ComponentOutline) -> ComponentOutline:
    modules = tuple(
        msgspec.structs.replace(module, taught=msgspec.structs.replace(module.taught, approver=APPROVER))
        for module in component.modules
    )
    return msgspec.structs.replace(component, modules=modules)


async def found_school() -> Programme:
    """The department as it is before its first cohort; made once, all or nothing."""
    async with Programme._meta.db.transaction():
        programme = await Programme.objects().get(Programme.key == DEMO)
        if programme is None:
            units = await _save_units()
            await _save_lecturers(units)
            for login, name, role, unit in STAFF:
                await new_account(login, name=name, role=role, unit=units[unit] if unit else None)
            programme = await create_programme(programme_outline(), unit=units[OFFICE])
    return programme


async def _save_units() -> dict[str, int]:
    ids: dict[str, int] = {}
    for key, above, vietnamese, english in UNITS:
        names, parent = {"vi": vietnamese, "en": english}, ids[above] if above else None
        unit = Unit(key=key, names=names, parent=parent, valid_from=datetime.date(2017, 1, 1))
        await unit.save()
        ids[key] = unit.id
    return ids


async def _save_lecturers(units: dict[str, int]) -> None:
    teaching = sorted(set(TEACHING_UNITS.values()))
    names = [(unit, f"Giảng viên mẫu {number:02}") for number, unit in enumerate([*teaching, *teaching], 1)]
    await Lecturer.insert(*(Lecturer(name=name, unit=units[unit]) for unit, name in names))


async def lecturers_of_modules() -> dict[str, tuple[int, ...]]:
    """Module -> ids of its lecturers: those of the component's unit take turns."""
    rows = await Lecturer.select(Lecturer.id, Lecturer.unit.key.as_alias("unit")).order_by(Lecturer.id)
    assigned: dict[str, tuple[int, ...]] = {}
    for component in programme_outline().components:
        staff = [row["id"] for row in rows if row["unit"] == TEACHING_UNITS[component.key]]
        for turn, module in enumerate(component.modules):
            assigned[module.key] = (staff[turn % len(staff)],)
    return assigned
