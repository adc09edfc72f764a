//! Spots that must hold the secret.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::profile::words;

/// One spot that must hold the secret: a file and a key in it, or a pair of commands of a product that is asked online.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Whose place it is.
    pub component: String,
    /// The file, below the product's home; empty for a place that only commands reach.
    #[serde(default)]
    pub file: String,
    /// Prints what stands there, as one line on standard output. With `lifecycle.needs_old_secret` it gets the secret in
    /// use on standard input, and ends with 4 where the product refuses that.
    #[serde(default)]
    pub read: Vec<String>,
    /// Puts the secret there; gets it as a line on standard input, and with `lifecycle.needs_old_secret` the one in use as
    /// a second.
    #[serde(default)]
    pub write: Vec<String>,
    /// The file's format.
    #[serde(default)]
    #[schemars(extend("enum" = words::formats()))]
    pub format: String,
    /// Where in the file.
    #[serde(default)]
    pub key: String,
    /// How the secret is written there; `opaque` where only the vendor's tool may write.
    #[schemars(extend("enum" = words::forms()))]
    pub form: String,
    /// How two of them are compared.
    #[serde(default)]
    pub compare: Compare,
    /// Permissions, octal.
    #[serde(default)]
    #[schemars(extend("pattern" = words::MODE, "errorMessage" = words::MODE_RULE))]
    pub mode: String,
    /// The user whose file it must be, by name or number, else `check` warns; empty for whoever owns it now.
    #[serde(default)]
    pub owner: String,
    /// The file as Install lays it down, with an empty value: a shipped asset; empty where we lay nothing down.
    #[serde(default)]
    pub template: String,
    /// Characters it accepts: single ones and ranges such as `a-z`.
    #[schemars(length(min = 1))]
    pub alphabet: String,
    /// Least and most characters.
    pub length: [usize; 2],
    /// How many of them count, where the product cuts the rest off.
    #[schemars(range(min = 1))]
    pub significant: Option<usize>,
    /// Other spots that hold the same value and must change with this one.
    #[serde(default)]
    pub twin: Vec<Twin>,
    /// Whether the product rewrites the file itself: once it runs with the new secret, the file is read again.
    #[serde(default)]
    pub rewritten: bool,
    /// When it may be written.
    #[serde(default)]
    pub edit: Edit,
    /// Of which repository it is, once the repositories are known.
    #[serde(skip)]
    pub repository: String,
}

/// Stands for a repository's name in a place's key.
const EACH: &str = "*";

impl Place {
    /// Whether it stands for one place of every repository.
    pub fn is_of_each_repository(&self) -> bool {
        self.key.split('/').any(|part| part == EACH)
    }

    /// The place of one repository. It is made once and lasts as long as the process.
    pub fn of(&'static self, repository: &str) -> &'static Self {
        static MADE: Mutex<BTreeMap<(usize, String), &'static Place>> = Mutex::new(BTreeMap::new());
        let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
        // Profiles last as long as the process too, so that an address tells them apart.
        made.entry((std::ptr::from_ref(self).addr(), repository.to_owned())).or_insert_with(|| {
            let name = repository.replace('~', "~0").replace('/', "~1");
            let part = |part| if part == EACH { name.as_str() } else { part };
            let key = self.key.split('/').map(part).collect::<Vec<_>>().join("/");
            Box::leak(Box::new(Self { key, repository: repository.to_owned(), ..self.clone() }))
        })
    }

    /// Its file for people; with the repository where the file holds several.
    pub fn shown(&self, file: &Path) -> String {
        if self.repository.is_empty() {
            file.display().to_string()
        } else {
            format!("{} ({})", file.display(), self.repository)
        }
    }

    /// Whether nobody can read it: only a proof or a probe tells.
    pub fn is_opaque(&self) -> bool {
        self.form == "opaque" || self.compare == Compare::Probe
    }

    /// Whether commands reach it, and no file is named.
    pub fn is_online(&self) -> bool {
        !self.write.is_empty()
    }

    /// Whether its commands change and tell what the running process uses.
    pub fn is_running(&self) -> bool {
        self.is_online() && self.edit == Edit::Any
    }
}

/// How the values of two places are compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Compare {
    /// They are equal after decoding.
    #[default]
    Equal,
    /// They cannot be read: only a proof or a probe tells.
    Probe,
}

/// When a place may be written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Edit {
    /// At any time.
    #[default]
    Any,
    /// While the product is stopped; a command then changes what is written, not what runs.
    Stopped,
}

/// A second spot in the same file, or in another one, for the same value.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Twin {
    /// The file, below the product's home; empty for the same one.
    #[serde(default)]
    pub file: String,
    /// Where in it.
    #[schemars(length(min = 1))]
    pub key: String,
}

impl Twin {
    /// Its file, in a product's home and beside a place in this file.
    pub fn path(&self, home: &Path, place: &Path) -> PathBuf {
        if self.file.is_empty() { place.to_path_buf() } else { home.join(&self.file) }
    }
}
