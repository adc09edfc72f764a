//! The CA of a foreign authority, from the file that the answers name.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::Refusal;
use crate::plan::Settings;
use crate::registration::est::anchors;
use crate::wizard::Answers;

const FIELD: &str = "authority.certificate";

/// Reads what has to be pinned before anything is installed; nothing where the authority is ours.
///
/// # Errors
/// The file cannot be read, or holds no CA certificate.
pub(super) fn pinned(settings: Settings, answers: &Answers) -> Result<Settings, Refusal> {
    if !settings.authority.is_est() {
        return Ok(settings);
    }
    let path = Path::new(answers.text(FIELD));
    let refused = |why: String| Refusal::rule(format!("{FIELD}: {} {why}", path.display()));
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| refused(format!("cannot be read: {error}")))?;
    file.take(anchors::LONGEST).read_to_end(&mut bytes).map_err(|error| refused(format!("cannot be read: {error}")))?;
    let found = anchors::read(&bytes).map_err(|why| refused(why.to_owned()))?;
    Ok(Settings { certificate: anchors::to_pem(&found), ..settings })
}
