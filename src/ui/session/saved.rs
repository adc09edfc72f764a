//! A plan in a file: made now, carried out later, and refused if the world has changed in between.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{Prepared, Refusal, Typed, prepare};
use crate::answers;
use crate::apply::Witness;
use crate::fs::{PRIVATE_FILE, create};
use crate::plan::{ASIDE, Plan, Step};
use crate::secret::check_private_file;
use crate::wizard::{Answers, CONFIGURE};

const FORMAT: u32 = 1;
/// No saved plan is longer than this, in bytes.
const MAX_LENGTH: u64 = 1 << 24;

/// A plan with the answers that it was made from. Holds no secret: its sources are read again.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Saved {
    format: u32,
    /// What was named, as an answer file.
    answers: String,
    plan: Plan,
    witness: Witness,
}

impl Saved {
    /// Takes a prepared plan with its answers.
    pub fn new(answers: &Answers, prepared: &Prepared) -> Self {
        Self {
            format: FORMAT,
            answers: answers::named(answers),
            plan: prepared.plan.clone(),
            witness: prepared.witness.clone(),
        }
    }

    /// Writes it into a new file, readable by its owner only.
    ///
    /// # Errors
    /// The file is there already, or cannot be written.
    pub fn write(&self, file: &Path) -> Result<(), Refusal> {
        let text = serde_json::to_string_pretty(self).unwrap_or_default();
        create(file, text.as_bytes(), PRIVATE_FILE).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => {
                Refusal::rule(format!("{} exists already: choose another file", file.display()))
            }
            _ => Refusal::rule(format!("{} cannot be written: {error}", file.display())),
        })
    }

    /// Reads one that must be ours or root's and closed to others.
    ///
    /// # Errors
    /// It is not, or it is no saved plan.
    pub fn read(file: &Path) -> Result<Self, Refusal> {
        check_private_file(file).map_err(|error| Refusal::rule(error.to_string()))?;
        let refuse = |why: &str| Refusal::rule(format!("{} {why}", file.display()));
        let text = read(file).map_err(|error| refuse(&format!("cannot be read: {error}")))?;
        let saved: Self = serde_json::from_str(&text)
            .map_err(|_| refuse("is no saved plan: make one with --plan --plan-out FILE"))?;
        if saved.format == FORMAT {
            Ok(saved)
        } else {
            Err(refuse(&format!("has format {}: this version knows format {FORMAT}", saved.format)))
        }
    }

    /// The estate's folder.
    pub fn dir(&self) -> &Path {
        &self.plan.dir
    }

    /// Plans the same anew, for the verb of this mode.
    ///
    /// # Errors
    /// The plan would be another one now, or a file that it touches has changed since.
    pub fn prepare(&self, mode: &str) -> Result<Prepared, Refusal> {
        let answers = answers::read_toml_over("the saved plan", &self.answers, |dir| match dir {
            Some(dir) if mode == CONFIGURE => answers::kept(Path::new(dir)),
            _ => Ok(Answers::default()),
        })
        .map_err(|problems| Refusal::rule(problems.to_string()))?;
        if answers.text("mode") != mode {
            let said = answers.text("mode");
            return Err(Refusal::rule(format!("the saved plan is one of {said}: countersign {said} --apply-plan")));
        }
        unchanged(&self.witness)?;
        let prepared = prepare(&answers, &Typed::default())?;
        match difference(&self.plan, &prepared.plan) {
            None => Ok(Prepared { witness: self.witness.clone(), ..prepared }),
            Some(what) => Err(Refusal::rule(format!("the plan would be another one now ({what}): plan anew"))),
        }
    }
}

/// Refused when a file is not as it was when the plan was made.
pub(super) fn unchanged(witness: &Witness) -> Result<(), Refusal> {
    let changed = witness.changed();
    if changed.is_empty() {
        return Ok(());
    }
    let rule =
        |path: &&Path| format!("{} has changed since this was planned: look at it and plan anew", path.display());
    Err(Refusal::Rules(changed.iter().map(rule).collect()))
}

/// The first thing in which two plans differ, the random names of both apart.
fn difference(saved: &Plan, now: &Plan) -> Option<String> {
    let (one, other) = (unnamed(saved), unnamed(now));
    if one == other {
        return None;
    }
    let steps = |plan: &Plan| -> Vec<Step> { plan.steps.iter().chain(&plan.finish).cloned().collect() };
    let (one, other) = (steps(&one?), steps(&other?));
    let at = one.iter().zip(&other).position(|(one, other)| one != other).unwrap_or(one.len().min(other.len()));
    let step = other.get(at).or_else(|| one.get(at));
    Some(step.map_or_else(|| "other processes run".to_owned(), |step| step.describe(&now.dir)))
}

/// The plan without the names that are made anew each time.
fn unnamed(plan: &Plan) -> Option<Plan> {
    let mut text = serde_json::to_string(plan).ok()?;
    for name in names(plan) {
        text = text.replace(&name, "");
    }
    serde_json::from_str(&text).ok()
}

fn names(plan: &Plan) -> impl Iterator<Item = String> {
    plan.steps.iter().chain(&plan.finish).filter_map(|step| match step {
        Step::AddNext { change, .. }
        | Step::Promote { change, .. }
        | Step::ReplaceSecret { change, .. }
        | Step::SettleSecret { change, .. } => Some(change.clone()),
        Step::RemoveFolder { path } => aside(path),
        _ => None,
    })
}

fn aside(path: &Path) -> Option<String> {
    path.file_name()?.to_str().filter(|name| name.starts_with(ASIDE)).map(str::to_owned)
}

fn read(file: &Path) -> io::Result<Zeroizing<String>> {
    if file.metadata()?.len() > MAX_LENGTH {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is longer than 16 MiB"));
    }
    std::fs::read_to_string(PathBuf::from(file)).map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(name: &str, path: &str) -> Plan {
        let aside = PathBuf::from(format!("/e/journal/{ASIDE}{name}"));
        let step = Step::MoveAside { path: path.into(), to: aside.join("x") };
        Plan {
            dir: "/e".into(),
            steps: vec![step],
            finish: vec![Step::RemoveFolder { path: aside }],
            ..Plan::default()
        }
    }

    #[test]
    fn random_names_make_no_other_plan_and_other_steps_do() {
        assert_eq!(difference(&plan("c-1", "/e/a"), &plan("c-2", "/e/a")), None);
        assert_eq!(difference(&plan("c-1", "/e/a"), &plan("c-2", "/e/b")), Some("Remove b".into()));
        let longer = Plan { steps: vec![Step::Verify; 2], ..Plan::default() };
        let shorter = Plan { steps: vec![Step::Verify], ..Plan::default() };
        assert_eq!(difference(&longer, &shorter), Some("Verify the estate".into()));
    }

    #[test]
    fn only_our_own_closed_file_is_read() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().expect("a folder");
        let file = dir.path().join("plan.json");
        std::fs::write(&file, "{\"format\": 1, \"secret\": \"hunter2\"}").expect("written");
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).expect("opened");
        let refused = |file: &Path| Saved::read(file).err().map(|refusal| refusal.to_string()).unwrap_or_default();
        assert!(refused(&file).contains("chmod 600"));
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).expect("closed");
        assert!(refused(&file).contains("no saved plan") && !refused(&file).contains("hunter2"));
        assert!(refused(&dir.path().join("none")).contains("cannot be read"));
    }
}
