//! API Gateway's repositories in the answers, and those that an installed one has.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use super::Refusal;
use crate::answers::differing;
use crate::estate::home::components;
use crate::estate::record::Estate;
use crate::plan::Settings;
use crate::plan::repositories::{CERTIFICATES, certificate_file};
use crate::registration::est::anchors;
use crate::registration::repository::Repositories;
use crate::wizard::Answers;
use crate::wizard::repositories::{COMPONENT, FILE_TABLE, LISTEN, TABLE, slots};

/// The settings with the certificates that the answers name for repositories.
///
/// # Errors
/// A file cannot be read, or holds no certificate.
pub(super) fn with_certificates(settings: Settings, answers: &Answers) -> Result<Settings, Refusal> {
    let mut settings = settings;
    for slot in slots(answers) {
        for key in CERTIFICATES {
            if let Some(path) = slot.own(answers, key) {
                let text = certificate(Path::new(&path))
                    .map_err(|why| Refusal::rule(format!("{}: {path} {why}", slot.field(key))))?;
                settings.certificates.insert(certificate_file(slot, answers, key), text);
            }
        }
    }
    Ok(settings)
}

fn certificate(path: &Path) -> Result<String, String> {
    let failed = |error: std::io::Error| format!("cannot be read: {error}");
    let mut bytes = Vec::new();
    File::open(path).map_err(failed)?.take(anchors::LONGEST).read_to_end(&mut bytes).map_err(failed)?;
    anchors::read_any(&bytes).map(|found| anchors::to_pem(&found)).map_err(str::to_owned)
}

/// What an installed estate shall be. The repositories that it has stay as they are; those of a gateway that comes are the
/// answers'.
///
/// # Errors
/// Their file cannot be used.
pub(in crate::ui) fn settings(dir: &Path, estate: &Estate, answers: &Answers) -> Result<Settings, Refusal> {
    let settings = Settings::new(dir.to_path_buf(), answers);
    let installed = components(dir, &estate.components);
    let Some(file) = installed.iter().find_map(crate::estate::ComponentHome::repositories_file) else {
        return with_certificates(settings, answers);
    };
    let missing = || Refusal::rule(format!("{} is not there: restore it", file.display()));
    let read = Repositories::read(&file).map_err(|error| Refusal::rule(error.to_string()))?.ok_or_else(missing)?;
    Ok(Settings { repositories: Some(Arc::new(read)), ..settings })
}

/// What of an installed gateway's repositories answers would change; other verbs do that, one repository at a time.
pub(in crate::ui) fn kept(estate: &Estate, recorded: &Answers, answers: &Answers, changed: &[&str]) -> Option<String> {
    let stays = estate.has(COMPONENT) && answers.has_component(COMPONENT);
    let rule = |field: &&str| match *field {
        LISTEN => Some(format!("{LISTEN}: an installed gateway keeps it: change its gateway.toml and start it anew")),
        field if field.starts_with(TABLE) => {
            let differing = differing(recorded, answers);
            let named = differing.iter().filter(|shown| shown.starts_with(FILE_TABLE)).map(String::as_str);
            Some(format!(
                "{}: an installed gateway's repositories are changed one by one: countersign gateway add, rename or remove",
                named.collect::<Vec<_>>().join(", ")
            ))
        }
        _ => None,
    };
    changed.iter().filter(|_| stays).find_map(rule)
}
