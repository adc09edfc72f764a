//! One component's way from key pair to signed certificate in a keystore, and the proof of the secret on that way.

pub mod admin;
mod attempt;
pub mod clock;
pub mod connection;
pub mod csd;
pub mod enrol;
pub mod est;
pub mod expected;
pub mod issued;
pub mod login;
pub mod material;
pub mod opaque;
pub mod prove;
pub mod renew;
pub mod repository;
pub mod repository_edit;
pub mod shown;
pub mod signer;
pub mod site;
pub mod state;
pub mod tls;
pub mod wire;
