//! What the doctor says of the estate in a folder, as a front shows it.

use std::path::Path;

use crate::doctor::{Report, doctor};
use crate::estate::{Finding, detect};
use crate::ui::words::doctor as word;

/// Looks at all of it.
///
/// # Errors
/// There is no whole estate to look at, or nothing could be begun; why, in one line.
pub fn look(dir: &Path) -> Result<Report, String> {
    let estate = match detect(dir).map_err(|error| error.to_string())?.finding {
        Finding::Whole(estate) => estate,
        Finding::Empty => return Err(word::NO_ESTATE.to_owned()),
        Finding::Half(what) | Finding::Foreign(what) => return Err(word::not_whole(&what)),
    };
    let report = doctor(dir, &estate, None).map_err(|error| error.to_string())?;
    Ok(report.unwrap_or_else(|| Report::new(Vec::new())))
}
