//! A vendor's own installer, where only that may change the secret: the silent files that drive it, its run, its verdict.

pub mod adopt;
pub mod run;
pub mod silent;
#[cfg(test)]
mod tests;
pub mod verdict;
