-- Changing the shared secret.

-- When the window of a `retiring` secret ends; NULL while its change is not settled.
ALTER TABLE secrets ADD COLUMN until INTEGER;

-- A change under its own name, so that it can be settled or undone without knowing any secret id. `brings` is the secret
-- that becomes current, `leaves` the one that was. `begun`: there is a next secret; `switched`: the current one changed.
-- `until` keeps the end that a secret had before a change of kind `back` made it current again.
CREATE TABLE changes (
    id     INTEGER PRIMARY KEY,
    name   TEXT NOT NULL UNIQUE,
    kind   TEXT NOT NULL CHECK (kind IN ('overlap', 'back', 'cutover')),
    state  TEXT NOT NULL CHECK (state IN ('begun', 'switched', 'settled', 'undone')),
    brings TEXT NOT NULL REFERENCES secrets (id),
    leaves TEXT NOT NULL REFERENCES secrets (id),
    until  INTEGER
);
CREATE UNIQUE INDEX one_open_change ON changes ((state IN ('begun', 'switched'))) WHERE state IN ('begun', 'switched');

ALTER TABLE audit ADD COLUMN change TEXT;
