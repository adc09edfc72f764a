//! Whole ways through the program, as an administrator walks them: the real binary, real processes, real ports.

mod bad_input;
mod documents;
mod estate;
mod install;
mod keystores;
mod lifecycle;
mod misalignment;
mod rollback;
mod secrecy;
mod terminal;
mod unprivileged;
mod wizard;
