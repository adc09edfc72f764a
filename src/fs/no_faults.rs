//! What stands for the faults in a release build: nothing.

use std::io;

use super::disk::Step;

/// A place where tests may end the process.
pub fn point(_label: &str) {}

pub(super) fn step<T>(_step: Step, act: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    act()
}

pub(super) fn room(wanted: usize) -> usize {
    wanted
}
