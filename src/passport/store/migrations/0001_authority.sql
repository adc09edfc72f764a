-- Everything one authority knows. Times are seconds since 1970.

-- Private keys with their certificates, and OPAQUE's set-up: `ca`, `Default_HTTPS`, `Default_HTTPS_Client_Auth`, `opaque`.
CREATE TABLE keys (
    name        TEXT PRIMARY KEY,
    private     BLOB NOT NULL,
    certificate BLOB
);

CREATE TABLE properties (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- One OPAQUE record per secret. `held` is kept but not accepted; `retired` has lost its record.
CREATE TABLE secrets (
    id      TEXT PRIMARY KEY,
    state   TEXT NOT NULL CHECK (state IN ('current', 'next', 'retiring', 'held', 'retired')),
    record  BLOB,
    ksf     INTEGER NOT NULL,
    made    INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    CHECK ((state = 'retired') = (record IS NULL))
);
CREATE UNIQUE INDEX one_current_secret ON secrets (state) WHERE state = 'current';
CREATE UNIQUE INDEX one_next_secret ON secrets (state) WHERE state = 'next';

CREATE TABLE components (
    id        INTEGER PRIMARY KEY,
    name      TEXT NOT NULL,
    version   TEXT NOT NULL,
    "group"   TEXT NOT NULL,
    instance  TEXT NOT NULL,
    listens   INTEGER NOT NULL,
    csd       TEXT,
    added     INTEGER NOT NULL,
    proved_id TEXT,
    proved_at INTEGER,
    UNIQUE (name, version, "group", instance)
);

-- Issued once: the same request from the same component is the same row. Certificates outlive their component, so that
-- a revoked one is never forgotten.
CREATE TABLE requests (
    id        TEXT PRIMARY KEY,
    component INTEGER NOT NULL REFERENCES components (id) ON DELETE CASCADE,
    hash      BLOB NOT NULL,
    der       BLOB NOT NULL,
    subject   TEXT NOT NULL,
    status    TEXT NOT NULL,
    received  INTEGER NOT NULL,
    reason    TEXT,
    serial    TEXT REFERENCES certificates (serial),
    UNIQUE (component, hash)
);

CREATE TABLE certificates (
    serial     TEXT PRIMARY KEY,
    component  INTEGER REFERENCES components (id) ON DELETE SET NULL,
    der        BLOB NOT NULL,
    not_before INTEGER NOT NULL,
    not_after  INTEGER NOT NULL,
    revoked    INTEGER
);
CREATE INDEX certificates_of_component ON certificates (component);

CREATE TABLE users (
    name   TEXT NOT NULL,
    domain TEXT NOT NULL,
    hash   TEXT NOT NULL,
    roles  TEXT NOT NULL,
    PRIMARY KEY (domain, name)
);

CREATE TABLE audit (
    id        INTEGER PRIMARY KEY,
    time      INTEGER NOT NULL,
    who       TEXT NOT NULL,
    act       TEXT NOT NULL,
    component TEXT,
    secret_id TEXT,
    request   TEXT,
    serial    TEXT,
    result    TEXT NOT NULL,
    reason    TEXT
);
