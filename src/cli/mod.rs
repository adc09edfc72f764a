//! The command line: one file a verb.

pub mod exit;
pub mod passport;
