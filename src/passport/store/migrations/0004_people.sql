-- Components, their instances, and users.

-- What a CSD says holds for every instance of its component.
CREATE TABLE descriptors (
    name    TEXT NOT NULL,
    version TEXT NOT NULL,
    "group" TEXT NOT NULL,
    csd     TEXT NOT NULL,
    PRIMARY KEY (name, version, "group")
);
INSERT INTO descriptors (name, version, "group", csd)
    SELECT name, version, "group", csd FROM components WHERE csd IS NOT NULL AND instance = 'default';
ALTER TABLE components DROP COLUMN csd;

-- Which secret is still held by whom.
CREATE INDEX components_by_proof ON components (proved_id);

-- A password that somebody else chose is good for one thing: choosing another.
ALTER TABLE users ADD COLUMN must_change INTEGER NOT NULL DEFAULT 0;
