//! The embedded engines: their maps, their documents, and whom they talk to.
#![expect(clippy::expect_used, reason = "a test says what it expects")]

mod bench;
mod delivery;
mod documents;
mod estate;
mod life;
mod maps;
mod peers;
mod renewal;
