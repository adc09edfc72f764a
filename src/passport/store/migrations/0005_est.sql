-- EST for third-party clients.

-- An Argon2id hash (PHC) of the secret, for HTTP Basic. Whoever set the secret made it, with a salt of its own.
ALTER TABLE secrets ADD COLUMN basic TEXT CHECK (basic IS NULL OR state <> 'retired');

-- Whether a request came by EST: its certificate is for clients only, with the DNS names that policy leaves of it.
ALTER TABLE requests ADD COLUMN est INTEGER NOT NULL DEFAULT 0;
