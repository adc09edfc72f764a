//! A vendor's own installer, where only that may change the secret: the silent files that drive it.

pub mod adopt;
pub mod silent;
