//! Files beside a keystore that belong to no registration any more, and the CSD.

use std::path::{Path, PathBuf};

use super::codes::Code;
use super::finding::{Finding, Verdict};
use super::keystore::Keystore;
use super::subject::Subject;

/// How the names of a renewal's files end.
const RENEWAL: [&str; 2] = [".next.key", ".next.csrid"];

/// What is left over.
pub fn left_over(subject: &Subject, keystore: &Keystore) -> Option<Finding> {
    let site = &subject.site;
    let [request, key, public, bare] = site.temporaries();
    let dead: Vec<PathBuf> = match keystore {
        Keystore::Whole(material, _) => {
            let renewal = site.files().into_iter().filter(|path| is_renewal(path) && !material.is_due());
            [request, key, public, bare].into_iter().chain(renewal).collect()
        }
        // Without a keystore the three belong to a registration that goes on; one without its request, to none.
        _ if !request.exists() && !key.exists() => vec![public, bare],
        _ => vec![bare],
    };
    let there: Vec<String> = dead.iter().filter(|path| path.exists()).filter_map(|path| name(path)).collect();
    let detail = format!("left over: {}", there.join(", "));
    (!there.is_empty()).then(|| subject.about(Code::LeftoverTemporaries, Verdict::Trouble, &site.conf, detail))
}

/// The CSD that a repository names, if it cannot be used.
pub fn missing_csd(subject: &Subject) -> Option<Finding> {
    let csd = subject.site.conf.join(&subject.repository.as_ref()?.csd);
    let why = subject.bad_csd.as_ref()?;
    Some(subject.about(Code::MissingCsd, Verdict::Trouble, &csd, why.as_str()))
}

fn is_renewal(path: &Path) -> bool {
    name(path).is_some_and(|name| RENEWAL.iter().any(|ending| name.ends_with(ending)))
}

fn name(path: &Path) -> Option<String> {
    path.file_name().map(|name| name.to_string_lossy().into_owned())
}
