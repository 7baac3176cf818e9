"""The schema of the first release, as plain SQL: Piccolo's automatic migrations cannot add constraints on SQLite.

Never edited after release; the next change is a file of its own (CONTRIBUTING.md says how).
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-22T00:00:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "the first release"

WORDS = {
    "sqlite": {"serial": "INTEGER", "blob": "BLOB", "without_rowid": "WITHOUT ROWID"},
    "postgres": {"serial": "SERIAL", "blob": "BYTEA", "without_rowid": ""},
}

# WITHOUT ROWID: SQLite's hidden row number would tell in which order answers came.
TABLES = """
CREATE TABLE unit (
    id {serial} PRIMARY KEY,
    key VARCHAR(60) NOT NULL UNIQUE,
    names JSON NOT NULL,
    parent INTEGER REFERENCES unit ON DELETE RESTRICT,
    valid_from DATE,
    valid_to DATE
);

CREATE TABLE programme (
    id {serial} PRIMARY KEY,
    key VARCHAR(60) NOT NULL UNIQUE,
    names JSON NOT NULL,
    unit INTEGER NOT NULL REFERENCES unit ON DELETE RESTRICT
);

CREATE TABLE component (
    id {serial} PRIMARY KEY,
    programme INTEGER NOT NULL REFERENCES programme ON DELETE RESTRICT,
    key VARCHAR(20) NOT NULL,
    position INTEGER NOT NULL,
    names JSON NOT NULL,
    UNIQUE (programme, key)
);

CREATE TABLE module (
    id {serial} PRIMARY KEY,
    programme INTEGER NOT NULL REFERENCES programme ON DELETE RESTRICT,
    component INTEGER NOT NULL REFERENCES component ON DELETE RESTRICT,
    key VARCHAR(20) NOT NULL,
    position INTEGER NOT NULL,
    UNIQUE (programme, key)
);

CREATE TABLE module_version (
    id {serial} PRIMARY KEY,
    module INTEGER NOT NULL REFERENCES module ON DELETE RESTRICT,
    number INTEGER NOT NULL,
    titles JSON NOT NULL,
    content_note TEXT NOT NULL,
    approver VARCHAR(200) NOT NULL,
    approved_on DATE,
    UNIQUE (module, number)
);

CREATE TABLE cohort (
    id {serial} PRIMARY KEY,
    programme INTEGER NOT NULL REFERENCES programme ON DELETE RESTRICT,
    unit INTEGER NOT NULL REFERENCES unit ON DELETE RESTRICT,
    key VARCHAR(40) NOT NULL,
    position INTEGER NOT NULL,
    names JSON NOT NULL,
    starts_on DATE,
    ends_on DATE,
    UNIQUE (programme, key),
    UNIQUE (programme, position)
);

CREATE TABLE "class" (
    id {serial} PRIMARY KEY,
    cohort INTEGER NOT NULL REFERENCES cohort ON DELETE RESTRICT,
    key VARCHAR(40) NOT NULL,
    names JSON NOT NULL,
    enrolled INTEGER NOT NULL,
    UNIQUE (cohort, key)
);

CREATE TABLE lecturer (
    id {serial} PRIMARY KEY,
    name VARCHAR(200) NOT NULL,
    unit INTEGER REFERENCES unit ON DELETE RESTRICT
);

CREATE TABLE lesson (
    id {serial} PRIMARY KEY,
    cohort INTEGER NOT NULL REFERENCES cohort ON DELETE RESTRICT,
    module_version INTEGER NOT NULL REFERENCES module_version ON DELETE RESTRICT,
    key VARCHAR(20) NOT NULL,
    position INTEGER NOT NULL,
    taught_on DATE,
    UNIQUE (cohort, key)
);

CREATE TABLE lesson_lecturer (
    id {serial} PRIMARY KEY,
    lesson INTEGER NOT NULL REFERENCES lesson ON DELETE CASCADE,
    lecturer INTEGER NOT NULL REFERENCES lecturer ON DELETE RESTRICT,
    UNIQUE (lesson, lecturer)
);

CREATE TABLE trainee (
    id {serial} PRIMARY KEY,
    course_class INTEGER NOT NULL REFERENCES "class" ON DELETE RESTRICT,
    number VARCHAR(40) NOT NULL,
    name VARCHAR(200) NOT NULL,
    unit INTEGER REFERENCES unit ON DELETE RESTRICT,
    UNIQUE (course_class, number)
);

CREATE TABLE questionnaire (
    id {serial} PRIMARY KEY,
    key VARCHAR(60) NOT NULL,
    version BIGINT NOT NULL,
    published BOOLEAN NOT NULL DEFAULT false,
    definition JSON NOT NULL,
    UNIQUE (key, version)
);

CREATE TABLE evaluation (
    id {serial} PRIMARY KEY,
    cohort INTEGER NOT NULL REFERENCES cohort ON DELETE RESTRICT,
    questionnaire INTEGER NOT NULL REFERENCES questionnaire ON DELETE RESTRICT,
    purpose VARCHAR(20) NOT NULL,
    state VARCHAR(10) NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'open', 'closed', 'sealed')),
    opens_at TIMESTAMPTZ,
    closes_at TIMESTAMPTZ,
    grace_minutes INTEGER NOT NULL DEFAULT 30,
    scrubbed BOOLEAN NOT NULL DEFAULT false,
    UNIQUE (cohort, purpose)
);

CREATE TABLE class_link (
    id {serial} PRIMARY KEY,
    evaluation INTEGER NOT NULL REFERENCES evaluation ON DELETE CASCADE,
    course_class INTEGER NOT NULL REFERENCES "class" ON DELETE CASCADE,
    code VARCHAR(20) NOT NULL UNIQUE,
    UNIQUE (evaluation, course_class)
);

CREATE TABLE ticket (
    digest VARCHAR(32) PRIMARY KEY,
    evaluation INTEGER NOT NULL REFERENCES evaluation ON DELETE RESTRICT,
    course_class INTEGER NOT NULL REFERENCES "class" ON DELETE RESTRICT,
    kind VARCHAR(10) NOT NULL,
    spent BOOLEAN NOT NULL DEFAULT false
) {without_rowid};

CREATE TABLE response (
    receipt VARCHAR(32) PRIMARY KEY,
    evaluation INTEGER NOT NULL REFERENCES evaluation ON DELETE RESTRICT,
    course_class INTEGER NOT NULL REFERENCES "class" ON DELETE RESTRICT,
    sequence INTEGER NOT NULL,
    document JSON NOT NULL
) {without_rowid};

CREATE TABLE comment (
    key VARCHAR(32) PRIMARY KEY,
    evaluation INTEGER NOT NULL REFERENCES evaluation ON DELETE RESTRICT,
    place VARCHAR(80) NOT NULL,
    text TEXT NOT NULL
) {without_rowid};

CREATE TABLE sealed_ratings (
    id {serial} PRIMARY KEY,
    evaluation INTEGER NOT NULL UNIQUE REFERENCES evaluation ON DELETE RESTRICT,
    responses INTEGER NOT NULL,
    invalid INTEGER NOT NULL,
    document {blob} NOT NULL
);

CREATE TABLE frozen_count (
    id {serial} PRIMARY KEY,
    evaluation INTEGER NOT NULL REFERENCES evaluation ON DELETE RESTRICT,
    course_class INTEGER NOT NULL REFERENCES "class" ON DELETE RESTRICT,
    component VARCHAR(20) NOT NULL,
    module VARCHAR(20) NOT NULL,
    module_version INTEGER REFERENCES module_version ON DELETE RESTRICT,
    item VARCHAR(60) NOT NULL,
    step INTEGER NOT NULL,
    n BIGINT NOT NULL,
    UNIQUE (evaluation, course_class, module, item, step)
);

CREATE TABLE account (
    id {serial} PRIMARY KEY,
    login VARCHAR(120) NOT NULL UNIQUE,
    name VARCHAR(200) NOT NULL,
    role VARCHAR(20) NOT NULL,
    unit INTEGER REFERENCES unit ON DELETE RESTRICT,
    password TEXT,
    active BOOLEAN NOT NULL DEFAULT true
);

CREATE TABLE session (
    digest {blob} PRIMARY KEY NOT NULL,
    account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    csrf VARCHAR(64) NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
) {without_rowid};

CREATE TABLE sign_in_link (
    digest {blob} PRIMARY KEY NOT NULL,
    account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    expires_at TIMESTAMPTZ NOT NULL
) {without_rowid};

CREATE TABLE sign_in_try (
    login VARCHAR(120) PRIMARY KEY NOT NULL,
    failures INTEGER NOT NULL,
    blocked_until TIMESTAMPTZ NOT NULL
);

CREATE TABLE audit_entry (
    id {serial} PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    account INTEGER REFERENCES account ON DELETE RESTRICT,
    deed VARCHAR(60) NOT NULL,
    subject VARCHAR(200) NOT NULL,
    details JSON NOT NULL
);
"""

# None on the tables of answers: they hold open evaluations only, and every index is one more page per save to write.
INDEXES = """
CREATE INDEX lesson_cohort ON lesson (cohort);
CREATE INDEX session_account ON session (account);
"""

# A published questionnaire is closed to changes, whoever tries: somebody may have answered it.
SEALS = {
    "sqlite": [
        """CREATE TRIGGER questionnaire_is_closed BEFORE UPDATE ON questionnaire WHEN OLD.published
        BEGIN SELECT RAISE(ABORT, 'a published questionnaire cannot be changed: make its next version'); END""",
        """CREATE TRIGGER questionnaire_stays BEFORE DELETE ON questionnaire WHEN OLD.published
        BEGIN SELECT RAISE(ABORT, 'a published questionnaire cannot be deleted'); END""",
    ],
    "postgres": [
        """CREATE FUNCTION refuse_published() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION 'a published questionnaire cannot be changed: make its next version'
        USING ERRCODE = 'integrity_constraint_violation'; END $$""",
        """CREATE TRIGGER questionnaire_is_closed BEFORE UPDATE OR DELETE ON questionnaire
        FOR EACH ROW WHEN (OLD.published) EXECUTE FUNCTION refuse_published()""",
    ],
}


async def create() -> None:
    engine = engine_finder()
    assert engine is not None
    tables = TABLES
    for word, meaning in WORDS[engine.engine_type].items():
        tables = tables.replace("{" + word + "}", meaning)
    for statement in (tables + INDEXES).split(";"):
        if statement.strip():
            await engine.run_ddl(statement)
    for statement in SEALS[engine.engine_type]:
        await engine.run_ddl(statement)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="survey", description=DESCRIPTION)
    manager.add_raw(create)
    return manager
