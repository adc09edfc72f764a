//! What the answers change of an installed estate: what it was, and what it will be.

use serde::{Deserialize, Serialize};

use crate::answers::differences;
use crate::secret::Source;
use crate::ui::words::review as word;
use crate::wizard::repositories::inherited;
use crate::wizard::{Answers, FieldKind, field, fields};

/// One answer that is not what it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The field's id.
    pub field: String,
    /// Its name for people.
    pub label: String,
    /// What it was.
    pub was: String,
    /// What it will be.
    pub is: String,
}

impl Change {
    /// In one line.
    pub fn line(&self) -> String {
        format!("{}: {} {} {}", self.label, self.was, word::WAS_IS, self.is)
    }
}

/// Every answer that changes the estate in the folder, in page order; none for a new one, of which nothing is recorded.
pub fn changes(recorded: Option<&Answers>, answers: &Answers) -> Vec<Change> {
    recorded.filter(|_| answers.configures()).map_or_else(Vec::new, |recorded| between(recorded, answers))
}

fn between(recorded: &Answers, answers: &Answers) -> Vec<Change> {
    let changed = differences(recorded, answers);
    fields()
        .map(|(_, field)| field)
        .filter(|field| changed.contains(&field.id) || gives_another_secret(answers, field.id))
        .map(|field| Change {
            field: field.id.to_owned(),
            label: field.label.to_owned(),
            was: shown(recorded, field.id),
            is: shown(answers, field.id),
        })
        .collect()
}

/// Whether the one secret of all places is given anew.
fn gives_another_secret(answers: &Answers, id: &str) -> bool {
    id == "secret.from" && answers.source(id) != Source::Keep
}

/// A field's value for people.
pub fn shown(answers: &Answers, id: &str) -> String {
    match field(id).map(|field| field.kind) {
        Some(FieldKind::SecretSource { .. }) => word::source(&answers.source(id)),
        _ => match inherited(id, answers) {
            Some(value) => word::inherited(&value),
            None => answers.value(id).to_string(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wizard::{CONFIGURE, Origin, Value};

    #[test]
    fn only_what_differs_is_told() {
        let mut recorded = Answers::default();
        for (id, value) in [("mode", CONFIGURE), ("secret.from", "keep"), ("authority.host", "alpha")] {
            recorded.set(id, value.into(), Origin::Record).expect("a value");
        }
        assert_eq!(between(&recorded, &recorded), []);
        let mut answers = recorded.clone();
        answers.set("authority.https_port", Value::Number(7453), Origin::Typed).expect("a port");
        answers.set("secret.from", "prompt".into(), Origin::Typed).expect("a source");
        let lines: Vec<String> = between(&recorded, &answers).iter().map(Change::line).collect();
        assert_eq!(lines, ["HTTPS port: 6453 -> 7453", "Shared secret: as it is -> a new one, typed"]);
    }
}
