//! A component's keystore: whether it opens, and whether its certificates are valid now.

use super::codes::Code;
use super::finding::{Finding, Verdict};
use super::subject::Subject;
use crate::keystore::{Contents, open};
use crate::registration::material::{Material, Validity};
use crate::secret::{SourceError, check_private_file};
use crate::verify::days_left;

/// What stands there.
pub enum Keystore {
    /// Nothing.
    Absent,
    /// Something that cannot be used, and why.
    Bad(Finding),
    /// Key and chain, valid for so many more days.
    Whole(Box<Material>, i64),
}

impl Keystore {
    /// Opens it.
    pub fn of(subject: &Subject) -> Self {
        let path = subject.site.keystore();
        let bad = |code, detail: String| Self::Bad(subject.about(code, Verdict::Trouble, &path, detail));
        let contents = match open(&path) {
            Err(error) => return bad(Code::KeystoreUnreadable, error.to_string()),
            Ok(None) => return Self::Absent,
            Ok(Some(contents)) => contents,
        };
        if let Some(why) = outside(&contents) {
            return bad(Code::UntrustedKeystore, why);
        }
        match days_left(&contents) {
            Err(rule) => bad(Code::KeystoreUnreadable, rule.to_owned()),
            Ok(days) => match Material::from_contents(contents) {
                Some(material) => Self::Whole(Box::new(material), days),
                None => bad(Code::KeystoreUnreadable, "it holds no key with its certificates".to_owned()),
            },
        }
    }

    /// Key and chain, if they can be used.
    pub fn material(&self) -> Option<&Material> {
        match self {
            Self::Whole(material, _) => Some(material),
            Self::Absent | Self::Bad(_) => None,
        }
    }
}

/// What to say of a keystore that others can read.
pub fn open_to_others(subject: &Subject) -> Option<Finding> {
    let path = subject.site.keystore();
    match check_private_file(&path) {
        Err(SourceError::Unsafe { rule, .. }) => {
            Some(subject.about(Code::OpenToOthers, Verdict::Warning, &path, format!("it {rule}")))
        }
        _ => None,
    }
}

/// Why its certificates cannot be shown at this moment.
fn outside(contents: &Contents) -> Option<String> {
    let now = jiff::Timestamp::now().as_second();
    let chain = contents.keys.iter().flat_map(|entry| &entry.chain);
    chain.filter_map(|certificate| Validity::of(certificate)).find_map(|validity| match validity {
        Validity { from, .. } if now < from => Some(format!(
            "its certificate is valid only in {} s: the clock of this host, or the authority's when it signed, is wrong",
            from - now
        )),
        Validity { until, .. } if until < now => Some(format!("its certificate ended {} s ago", now - until)),
        _ => None,
    })
}
