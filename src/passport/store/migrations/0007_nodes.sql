-- The nodes that share this database. A row comes last: an authority without one was never made to the end.
CREATE TABLE nodes (
    name   TEXT PRIMARY KEY,
    host   TEXT NOT NULL,
    joined INTEGER NOT NULL
);
