-- The nodes that share this database. A row comes last: an authority without one was never made to the end.
CREATE TABLE nodes (
    name   TEXT PRIMARY KEY,
    host   TEXT NOT NULL,
    joined INTEGER NOT NULL
);

-- The order in which they came, which seconds do not tell.
ALTER TABLE secrets ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
ALTER TABLE requests ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
CREATE INDEX requests_in_order ON requests (number);
