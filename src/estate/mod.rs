//! What is installed here: `estate.toml`, and what can be found of it on this host.
