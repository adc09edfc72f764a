//! Driving a vendor's own installer, where only that may change the secret.

pub mod run;
#[cfg(test)]
mod tests;
pub mod verdict;
