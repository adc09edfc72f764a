//! Where the vendor's gateway keeps its groups, in every documented layout.

use std::io;
use std::path::{Path, PathBuf};

/// Below the installation's folder: 7.5.3, then the others.
const GROUPS: [&str; 2] = ["groups", "apigateway/groups"];
/// The folder of a group's keystores and CSDs.
const CONF: &str = "conf";
/// The folder of an instance's traces.
const TRACE: &str = "trace";

/// A group of instances.
#[derive(Debug, PartialEq, Eq)]
pub struct Group {
    /// The name of its folder.
    pub name: String,
    /// The folder of its keystores and CSDs.
    pub conf: PathBuf,
    /// The traces of each instance; `*` stands for any text.
    pub traces: Vec<PathBuf>,
}

/// The groups of an installation, by name.
///
/// # Errors
/// There are none, or a folder cannot be read.
pub fn groups(installation: &Path) -> io::Result<Vec<Group>> {
    let mut groups = Vec::new();
    for below in GROUPS {
        for (name, folder) in folders(&installation.join(below))? {
            let conf = folder.join(CONF);
            let instances = folders(&folder)?.into_iter().map(|(_, instance)| instance.join(TRACE));
            let traces: Vec<PathBuf> =
                instances.filter(|folder| folder.is_dir()).map(|folder| folder.join("*")).collect();
            if conf.is_dir() || !traces.is_empty() {
                groups.push(Group { name, conf, traces });
            }
        }
    }
    if groups.is_empty() {
        let text = format!(
            "{} holds no groups/*/{CONF} and no apigateway/groups/*/{CONF}: give the gateway's INSTALL_DIR",
            installation.display()
        );
        return Err(io::Error::new(io::ErrorKind::NotFound, text));
    }
    Ok(groups)
}

/// The folders in a folder, by name; none where it is not there.
fn folders(folder: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", folder.display())))?,
    };
    let mut found: Vec<(String, PathBuf)> = entries
        .filter_map(Result::ok)
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path()))
        .filter(|(_, path)| path.is_dir())
        .collect();
    found.sort();
    Ok(found)
}
