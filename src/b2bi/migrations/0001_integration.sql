-- What passportintegrationdefaults.xml said at an engine's first start; from then on the truth.
CREATE TABLE integration (
    engine           TEXT PRIMARY KEY,
    name             TEXT NOT NULL,
    version          TEXT NOT NULL,
    component_group  TEXT NOT NULL,
    instance         TEXT NOT NULL,
    host             TEXT NOT NULL,
    https_port       INTEGER NOT NULL,
    client_auth_port INTEGER NOT NULL,
    domain           TEXT NOT NULL,
    read_at          TEXT NOT NULL
) STRICT;
