//! Room on every file system that a plan touches.

use std::os::unix::fs::MetadataExt;

use rustix::fs::statvfs;

use super::{Problem, folders};
use crate::plan::{Plan, Step};

const MIB: u64 = 1024 * 1024;
/// What a new estate needs: its database, its logs, its first documents.
const FOR_AN_ESTATE: u64 = 64 * MIB;
/// What a change of an estate needs: a copy of each file that it writes, and its journal.
const FOR_A_CHANGE: u64 = 8 * MIB;

pub(super) fn problems(plan: &Plan) -> Vec<Problem> {
    let is_home = |step: &Step| matches!(step, Step::MakeHome { .. } | Step::MakeFolders { .. });
    let needed = if plan.steps.iter().any(is_home) { FOR_AN_ESTATE } else { FOR_A_CHANGE };
    let mut devices = Vec::new();
    let mut problems = Vec::new();
    for folder in folders(plan) {
        let Ok(device) = folder.metadata().map(|meta| meta.dev()) else { continue };
        if devices.contains(&device) {
            continue;
        }
        devices.push(device);
        let free = statvfs(&folder).map_or(u64::MAX, |space| space.f_bavail.saturating_mul(space.f_frsize));
        if free < needed {
            let (shown, free, needed) = (folder.display(), free / MIB, needed / MIB);
            let text = format!("{shown} has {free} MiB left and {needed} MiB are needed: free some space");
            problems.push(Problem::new("no-space", text));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_system_without_room_is_named_once() {
        // Nothing can be stored in /proc; it has no free blocks.
        let move_aside = |name: &str| Step::MoveAside { path: format!("/proc/{name}").into(), to: "/tmp/x".into() };
        let steps = vec![move_aside("a"), move_aside("b")];
        let plan = Plan { dir: std::env::temp_dir(), steps, ..Plan::default() };
        let full: Vec<_> = problems(&plan).into_iter().filter(|problem| problem.text.starts_with("/proc")).collect();
        assert_eq!(full.len(), 1);
        assert_eq!(full[0].code, "no-space");
    }
}
