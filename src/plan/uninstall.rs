//! The plan of removing an estate: stop everything, the authority last, then take away what Install laid down. Of a
//! site's own products only the record is removed.

use std::path::Path;

use crate::estate::home::{components, products};
use crate::estate::record::{ANSWERS, Estate, FILE};

use super::install::running_of;
use super::{Plan, Step};

/// Beginning of the name of the folder, below `journal/`, in which things stay until the removal is committed.
pub const ASIDE: &str = "removed-";

/// Plans the removal. `running` are the ids of the components whose process runs; `name` is this removal's own.
pub fn uninstall(dir: &Path, estate: &Estate, running: &[String], name: &str) -> Plan {
    // What stands elsewhere was not installed by us: only its record goes.
    let mut ours = components(dir, &estate.components);
    ours.retain(|component| component.home().starts_with(dir));
    let running = running_of(&ours, running);
    let stops = running.iter().rev().cloned().map(Step::Stop);
    let aside = dir.join("journal").join(format!("{ASIDE}{name}"));
    let homes = products(dir, &estate.components).into_iter().rev().map(|product| product.home);
    let homes = homes.filter(|home| home.starts_with(dir));
    let files = [ANSWERS, FILE].map(|name| dir.join(name));
    let moves = homes.chain(files).map(|path| {
        let to = aside.join(path.file_name().unwrap_or_default());
        Step::MoveAside { path, to }
    });
    Plan {
        act: "uninstall".into(),
        dir: dir.to_path_buf(),
        steps: stops.chain(moves).collect(),
        finish: vec![Step::RemoveFolder { path: aside }],
        running,
        ..Plan::default()
    }
}
