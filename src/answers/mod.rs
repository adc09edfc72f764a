//! The answer file: read with positions, checked in one pass, recorded. TOML in a file, or the same model as JSON on
//! standard input.
//!
//! Relative paths in it, `estate.dir` and `file:` sources, count from the current folder, not from the file's.

mod differences;
mod flag;
#[cfg(test)]
pub mod generated;
mod in_step;
mod kept;
mod named;
mod read;
mod record;
mod reference;
mod repositories;
#[cfg(test)]
mod tests;

pub use differences::{differences, differing};
pub use flag::set_flag;
pub use in_step::{RepositoryChange, keep_in_step};
pub use kept::{kept, record_of};
pub use named::named;
pub use read::{read_file, read_file_over, read_json, read_json_over, read_toml, read_toml_over};
pub use record::record;
pub use reference::reference;

pub use crate::tree::{Position, Problem, Problems};

use crate::wizard::SITE_TABLE;
use crate::wizard::repositories::slot_of;

/// The version of the format that is written, and the newest one that is read.
pub const FORMAT: i64 = 1;

/// What each table of the file is about, for the comments of a record.
fn about_table(table: &str) -> &'static str {
    match table {
        "estate" => "Where the estate is installed. A relative folder counts from the current one.",
        "authority" => "The server that checks the shared secret and signs the components' certificates.",
        "secret" => "Where the shared secret comes from; the secret itself never stands in this file.",
        "integrator" | "interchange" => "This engine holds the secret too: the same, or from a source of its own.",
        "gateway" => "Where API Gateway answers web servers.",
        _ if slot_of(table).is_some() => {
            "A link of API Gateway's to the authority. What is not given is as in [authority]."
        }
        _ if table.starts_with(SITE_TABLE) => {
            "What this site said of the product; the profiles in the estate's folder hold it too."
        }
        _ => "",
    }
}
