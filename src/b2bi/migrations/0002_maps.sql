-- The maps as they were deployed. `content`, `checksum` and `version` are those of the last content that compiles;
-- `refused` and `error` tell of a newer content that does not.
CREATE TABLE maps (
    name        TEXT PRIMARY KEY,
    content     TEXT,
    checksum    TEXT,
    version     INTEGER NOT NULL,
    refused     TEXT,
    error       TEXT,
    present     INTEGER NOT NULL,
    deployed_at TEXT
) STRICT;
