//! What must hold before the first write, asked all at once.

use std::fmt;
use std::io;
use std::net::{IpAddr, TcpListener};
use std::path::Path;

use rustix::fs::{Access, access, statvfs};

use super::Context;
use crate::plan::{Plan, Step};
use crate::profile::embedded;

/// Free space an estate needs at least, in bytes.
const NEEDED_SPACE: u64 = 64 * 1024 * 1024;

/// One thing that stands in the way: where, what, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// A code for the reference page.
    pub code: &'static str,
    /// One line for people.
    pub text: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Everything that stands in the way of a plan; nothing is touched.
pub fn preflight(plan: &Plan, context: &Context) -> Vec<Problem> {
    let mut problems = Vec::new();
    problems.extend(folder(&plan.dir));
    for step in &plan.steps {
        match step {
            Step::MakeHome { listen, ports, .. } => {
                problems.extend(ports.iter().filter_map(|port| bindable(listen, *port)));
            }
            Step::CreatePlace { component, path, .. } => problems.extend(acceptable(component, path, context)),
            _ => {}
        }
    }
    problems
}

/// The nearest folder that exists must be writable and have room.
fn folder(dir: &Path) -> Option<Problem> {
    let existing = dir.ancestors().find(|path| path.exists())?;
    let shown = existing.display();
    if !existing.is_dir() {
        return Some(Problem {
            code: "not-a-folder",
            text: format!("{shown} is not a folder: choose another estate.dir"),
        });
    }
    if access(existing, Access::WRITE_OK | Access::EXEC_OK).is_err() || read_only(existing) {
        let text = format!("{shown} cannot be written by this user: change its owner or choose another estate.dir");
        return Some(Problem { code: "no-permission", text });
    }
    let free = statvfs(existing).map_or(u64::MAX, |space| space.f_bavail.saturating_mul(space.f_frsize));
    (free < NEEDED_SPACE).then(|| Problem {
        code: "no-space",
        text: format!("{shown} has {} MiB left and 64 MiB are needed: free some space", free / 1024 / 1024),
    })
}

/// Asks the file system itself, since root may write by permission where nobody can by nature.
fn read_only(folder: &Path) -> bool {
    tempfile::Builder::new().prefix(".countersign-").tempfile_in(folder).is_err()
}

fn bindable(listen: &str, port: u16) -> Option<Problem> {
    let Ok(address) = listen.parse::<IpAddr>() else {
        return Some(Problem { code: "listen", text: format!("authority.listen {listen} is no IP address") });
    };
    let error = TcpListener::bind((address, port)).err()?;
    let (code, text) = match error.kind() {
        io::ErrorKind::AddrInUse => (
            "port-in-use",
            format!("port {port} on {listen} is in use: stop what listens there or choose another port"),
        ),
        io::ErrorKind::PermissionDenied => {
            ("port-forbidden", format!("port {port} on {listen} is not open to this user: choose one from 1024 on"))
        }
        _ => ("listen", format!("port {port} on {listen} cannot be used: {error}")),
    };
    Some(Problem { code, text })
}

fn acceptable(component: &str, path: &Path, context: &Context) -> Option<Problem> {
    let secret = context.secret.as_ref()?;
    let place = embedded()
        .iter()
        .flat_map(|profile| &profile.place)
        .find(|place| place.component == component && path.ends_with(&place.file))?;
    let rule = place.refuses(secret)?;
    Some(Problem {
        code: "secret-not-accepted",
        text: format!("the secret cannot stand in {component}'s place: {rule}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_is_named_with_the_remedy() {
        let held = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = held.local_addr().expect("an address").port();
        let problem = bindable("127.0.0.1", port).expect("it is in use");
        assert_eq!(problem.code, "port-in-use");
        assert!(problem.text.contains(&port.to_string()) && problem.text.contains("choose another"));
    }

    #[test]
    fn a_folder_that_nobody_can_write_is_refused() {
        assert_eq!(folder(Path::new("/proc/estate")).expect("refused").code, "no-permission");
    }
}
