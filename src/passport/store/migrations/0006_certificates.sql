-- Renewal and revocation of certificates.

-- Why a certificate was revoked; `superseded` when the one that replaces it was used.
ALTER TABLE certificates ADD COLUMN reason TEXT;
-- The certificate that was shown when this one was asked for, and when this one was shown first itself.
ALTER TABLE certificates ADD COLUMN replaces TEXT;
ALTER TABLE certificates ADD COLUMN used INTEGER;
ALTER TABLE requests ADD COLUMN replaces TEXT;

-- The number of the last revocation list that was given out.
CREATE TABLE revocation_lists (
    issuer TEXT PRIMARY KEY,
    number INTEGER NOT NULL
);
INSERT INTO revocation_lists (issuer, number) VALUES ('ca', 0);
