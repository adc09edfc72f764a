//! Our files and ports against other people's programs.

mod keystore;
