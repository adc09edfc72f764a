//! Stopping as a shell's job, and coming back: the terminal is given back before, and taken again after.

use std::sync::atomic::{AtomicBool, Ordering};

use rustix::process::{Pid, Signal, getpid, kill_current_process_group, kill_process};

use super::terminal::Screen;

/// Somebody wants the program to stop.
static WANTED: AtomicBool = AtomicBool::new(false);
/// The program was stopped, and goes on.
static CONTINUED: AtomicBool = AtomicBool::new(false);

/// A signal wants the program to stop.
pub fn want() {
    WANTED.store(true, Ordering::SeqCst);
}

/// A signal says that it goes on.
pub fn continued() {
    CONTINUED.store(true, Ordering::SeqCst);
}

/// Asks the whole job to stop, as the terminal does on Ctrl-Z; `false` where no shell would let it go on again.
pub fn ask() -> bool {
    has_shell() && kill_current_process_group(Signal::TSTP).is_ok()
}

/// Whether the program is to stop now.
pub fn is_wanted() -> bool {
    WANTED.swap(false, Ordering::SeqCst)
}

/// Gives the terminal back and stops. What follows the stop is heeded by [`is_over`], not behind this call: it may come
/// back a moment before the stop.
pub fn stop(screen: &mut Screen) {
    if has_shell() {
        screen.give_back();
        let _ = kill_process(getpid(), Signal::STOP);
    }
}

/// Whether the program goes on after a stop.
pub fn is_over() -> bool {
    CONTINUED.swap(false, Ordering::SeqCst)
}

/// Whether the one who started the job is in the same session, and so can let it go on: a stopped job that nobody looks
/// after would stand still for good.
fn has_shell() -> bool {
    let Some(own) = Standing::of(getpid()) else { return false };
    let mut process = own.parent;
    loop {
        let Some(above) = process.and_then(Standing::of) else { return false };
        if above.group != own.group {
            return above.session == own.session;
        }
        process = above.parent;
    }
}

/// Where a process stands among the others. Numbers as the kernel tells them (proc(5), stat): in a container what lies
/// outside is 0, for which system calls have no process.
#[derive(Debug, PartialEq, Eq)]
struct Standing {
    parent: Option<Pid>,
    group: i32,
    session: i32,
}

impl Standing {
    fn of(process: Pid) -> Option<Self> {
        Self::read(&std::fs::read_to_string(format!("/proc/{}/stat", process.as_raw_nonzero())).ok()?)
    }

    /// The fields behind the state; the process's name before it may hold anything.
    fn read(stat: &str) -> Option<Self> {
        let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(1).map(str::parse);
        let mut next = || fields.next()?.ok();
        Some(Self { parent: Pid::from_raw(next()?), group: next()?, session: next()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outside_a_container_is_nobody() {
        let standing = |group, session, parent| Some(Standing { parent, group, session });
        assert_eq!(Standing::read("1 (bash) S 0 0 0 34816 7 4194560"), standing(0, 0, None));
        assert_eq!(Standing::read("7 (a ) b) T 1 7 5 34816 7"), standing(7, 5, Pid::from_raw(1)));
        assert_eq!(Standing::read("7 (cut) T 1 7"), None);
        assert!(Standing::of(getpid()).is_some());
    }
}
