//! One component's way from key pair to signed certificate in a keystore, and the proof of the secret on that way.

pub mod opaque;
pub mod state;
pub mod wire;
