//! Files and folders that a plan touches: each can be read, written and put back as it was.

use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rustix::fs::{Access, access};

use super::{Problem, folders};
use crate::plan::{Plan, Step};

pub(super) fn problems(plan: &Plan) -> Vec<Problem> {
    let mut problems: Vec<Problem> = folders(plan).iter().filter_map(|folder| unwritable(folder, plan)).collect();
    for step in &plan.steps {
        match step {
            Step::EditFile { path, .. } | Step::SetValues { path, .. } => {
                problems.extend(unchangeable(&plan.dir, path, plan));
            }
            Step::WriteSecret { spots, .. } => {
                problems.extend(spots.iter().filter_map(|spot| unchangeable(&spot.home, &spot.path, plan)));
            }
            _ => {}
        }
    }
    problems
}

/// A folder takes the temporaries beside each file, so it must be writable itself.
fn unwritable(folder: &Path, plan: &Plan) -> Option<Problem> {
    let shown = folder.display();
    let remedy = if folder.starts_with(&plan.dir) { "" } else { " or choose another estate.dir" };
    if !folder.is_dir() {
        return Some(Problem::new("not-a-folder", format!("{shown} is not a folder: move it away{remedy}")));
    }
    let denied = access(folder, Access::WRITE_OK | Access::EXEC_OK).is_err() || by_nature_read_only(folder);
    denied.then(|| {
        Problem::new("no-permission", format!("{shown} cannot be written by this user: change its owner{remedy}"))
    })
}

/// Asks the file system itself, since root may write by permission where nobody can by nature.
fn by_nature_read_only(folder: &Path) -> bool {
    tempfile::Builder::new().prefix(".countersign-").tempfile_in(folder).is_err()
}

/// Why a file that is there cannot be changed and put back.
fn unchangeable(home: &Path, path: &Path, plan: &Plan) -> Option<Problem> {
    let shown = path.strip_prefix(&plan.dir).unwrap_or(path).display();
    let problem = |text: String| Some(Problem::new("place", format!("{shown} {text}")));
    if let Err(error) = crate::fs::read_inside(home, path) {
        return problem(match error.kind() {
            io::ErrorKind::NotFound => "is not there: see `countersign check`".to_owned(),
            _ => format!("cannot be read: {error}"),
        });
    }
    if access(path, Access::WRITE_OK).is_err() {
        return problem("cannot be written by this user: change its owner or mode".to_owned());
    }
    let us = rustix::process::geteuid();
    let theirs = std::fs::metadata(path).is_ok_and(|meta| !us.is_root() && meta.uid() != us.as_raw());
    if theirs {
        return problem("belongs to another user, who would lose it: run as that user or as root".to_owned());
    }
    None
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_folder_that_nobody_can_write_is_refused() {
        let problem = unwritable(Path::new("/proc"), &Plan { dir: "/proc/estate".into(), ..Plan::default() });
        assert_eq!(problem.expect("refused").code, "no-permission");
    }

    #[test]
    fn a_file_that_is_gone_or_leads_out_of_its_home_is_named() {
        let dir = tempfile::tempdir().expect("a folder");
        let at = |name: &str| dir.path().join(name);
        std::fs::create_dir(at("home")).expect("made");
        std::fs::write(at("else"), "").expect("written");
        std::fs::write(at("home/good"), "").expect("written");
        symlink(at("else"), at("home/out")).expect("linked");
        let plan = Plan { dir: dir.path().into(), ..Plan::default() };
        let of = |name: &str| unchangeable(&at("home"), &at(name), &plan).map(|problem| problem.text);
        assert_eq!(of("home/good"), None);
        assert_eq!(of("home/gone").expect("refused"), "home/gone is not there: see `countersign check`");
        assert!(of("home/out").expect("refused").contains("leads out of"), "{:?}", of("home/out"));
    }
}
