//! What a process that holds secrets denies to others: core dumps and attached debuggers.

use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

/// Turns core dumps off for this process and what it starts, and keeps other processes of the same user from
/// reading its memory.
///
/// A system that refuses is left as it is: the program still works, it is only less guarded.
pub fn harden_process() {
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    let _ = setrlimit(Resource::Core, none);
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}
