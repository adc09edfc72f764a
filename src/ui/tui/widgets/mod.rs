//! Inputs of our own.

mod secret_input;

pub use secret_input::{DOTS, SecretInput};
