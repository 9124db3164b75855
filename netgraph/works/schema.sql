-- The works register. Dates are ISO text; lists are joined by ";". The history is never rewritten.
CREATE TABLE plans (
    number INTEGER PRIMARY KEY,
    folder TEXT NOT NULL,
    inventory TEXT NOT NULL,
    snapshot_date TEXT NOT NULL,
    sha256 TEXT NOT NULL UNIQUE,
    rules TEXT NOT NULL,
    scorecard TEXT NOT NULL,
    hazards TEXT NOT NULL
);
CREATE TABLE sites (
    id TEXT PRIMARY KEY,
    city TEXT NOT NULL
);
CREATE TABLE works (
    id TEXT PRIMARY KEY,
    plan INTEGER NOT NULL REFERENCES plans (number),
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    sites TEXT NOT NULL,
    cities TEXT NOT NULL,
    quantities TEXT NOT NULL,
    cost_yuan REAL,
    price_level TEXT NOT NULL,
    priority INTEGER NOT NULL,
    state TEXT NOT NULL,
    responsible TEXT NOT NULL DEFAULT '',
    verifier TEXT NOT NULL DEFAULT '',
    due TEXT NOT NULL DEFAULT '',
    done_on TEXT NOT NULL DEFAULT '',
    proven_on TEXT NOT NULL DEFAULT ''
);
CREATE TABLE demands (
    work TEXT NOT NULL REFERENCES works (id),
    plan INTEGER NOT NULL REFERENCES plans (number),
    number TEXT NOT NULL,
    aspect TEXT NOT NULL,
    site_id TEXT NOT NULL,
    item_id TEXT NOT NULL,
    "table" TEXT NOT NULL,
    row_id TEXT NOT NULL,
    "column" TEXT NOT NULL,
    test TEXT NOT NULL,
    expected TEXT NOT NULL,
    through TEXT NOT NULL,
    PRIMARY KEY (work, plan, number)
);
CREATE TABLE renamings (
    work TEXT NOT NULL REFERENCES works (id),
    "table" TEXT NOT NULL,
    old_id TEXT NOT NULL,
    new_id TEXT NOT NULL,
    PRIMARY KEY (work, "table", old_id)
);
CREATE TABLE history (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    work TEXT NOT NULL REFERENCES works (id),
    at TEXT NOT NULL,
    by TEXT NOT NULL,
    step TEXT NOT NULL,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    why TEXT NOT NULL,
    snapshot_date TEXT NOT NULL,
    responsible TEXT NOT NULL,
    verifier TEXT NOT NULL,
    due TEXT NOT NULL,
    done_on TEXT NOT NULL
);
CREATE INDEX history_of_work ON history (work);
CREATE TABLE checks (
    history INTEGER NOT NULL REFERENCES history (number),
    place INTEGER NOT NULL,
    demand TEXT NOT NULL,
    proof TEXT NOT NULL,
    cause TEXT NOT NULL,
    found TEXT NOT NULL,
    reason_en TEXT NOT NULL,
    reason_zh TEXT NOT NULL,
    PRIMARY KEY (history, place)
);
CREATE TRIGGER history_is_kept BEFORE DELETE ON history
BEGIN SELECT RAISE(ABORT, 'the history of a work is kept'); END;
CREATE TRIGGER history_is_not_rewritten BEFORE UPDATE ON history
BEGIN SELECT RAISE(ABORT, 'the history of a work is kept'); END;
CREATE TRIGGER checks_are_kept BEFORE DELETE ON checks
BEGIN SELECT RAISE(ABORT, 'the history of a work is kept'); END;
CREATE TRIGGER checks_are_not_rewritten BEFORE UPDATE ON checks
BEGIN SELECT RAISE(ABORT, 'the history of a work is kept'); END;
