//! How each kind of step is checked, done and undone; lock, preflight, journal, rollback.
