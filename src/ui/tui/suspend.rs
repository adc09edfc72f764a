//! Stopping as a shell's job, and coming back: the terminal is given back before, and taken again after.

use std::sync::atomic::{AtomicBool, Ordering};

use rustix::process::{Pid, Signal, getpgid, getpgrp, getpid, getsid, kill_current_process_group, kill_process};

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
    let own = getpgrp();
    let mut process = getpid();
    while let Some(parent) = parent_of(process) {
        match getpgid(Some(parent)) {
            Ok(group) if group == own => process = parent,
            _ => return getsid(Some(parent)).ok() == getsid(None).ok(),
        }
    }
    false
}

/// The field behind the state in what the kernel says of a process; its name before it may hold anything.
fn parent_of(process: Pid) -> Option<Pid> {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", process.as_raw_nonzero())).ok()?;
    let parent = stat.rsplit_once(')')?.1.split_whitespace().nth(1)?;
    parent.parse().ok().and_then(Pid::from_raw)
}
