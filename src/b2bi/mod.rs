//! The embedded B2Bi engines.
