-- The audit rows of a node form a chain. Rows from before have no number; every chain begins with a hash over them.

ALTER TABLE audit ADD COLUMN source TEXT;
ALTER TABLE audit ADD COLUMN node TEXT NOT NULL DEFAULT '1';
ALTER TABLE audit ADD COLUMN number INTEGER;
ALTER TABLE audit ADD COLUMN hash BLOB;
CREATE UNIQUE INDEX audit_in_order ON audit (node, number);

-- How many rows a node's chain has, the hash of the last, and the CA key's signature over both with the time.
CREATE TABLE audit_heads (
    node      TEXT PRIMARY KEY,
    count     INTEGER NOT NULL,
    hash      BLOB NOT NULL,
    time      INTEGER NOT NULL,
    signature BLOB
);
