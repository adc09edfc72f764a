-- What became of every document, as each engine saw it. `output` is the SHA-256 of what a map made of it.
CREATE TABLE documents (
    id          INTEGER PRIMARY KEY,
    engine      TEXT NOT NULL,
    name        TEXT NOT NULL,
    sha256      TEXT,
    map         TEXT,
    map_version INTEGER,
    status      TEXT NOT NULL,
    reason      TEXT,
    output      TEXT,
    time        TEXT NOT NULL,
    UNIQUE (engine, name, sha256)
) STRICT;
