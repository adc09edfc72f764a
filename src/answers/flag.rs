//! `--set PAGE.FIELD=VALUE`.

use crate::tree::suggest;
use crate::wizard::{Answers, Origin, field, fields};

/// Takes one answer from the command line, such as `authority.https_port=7453`; entries of a list are parted by commas.
/// The error is one line for people and never holds the value: a secret may have been typed where only its source can
/// stand.
pub fn set_flag(answers: &mut Answers, assignment: &str) -> Result<(), String> {
    let (id, text) =
        assignment.split_once('=').ok_or("--set wants FIELD=VALUE, for example --set authority.https_port=7453")?;
    let field = field(id).ok_or_else(|| unknown(id))?;
    let value = field.kind.parse(text);
    let told = |rule| format!("--set: {id} {rule}");
    field.kind.check(&value).map_err(told)?;
    answers.set(field.id, value, Origin::Flag).map_err(told)
}

fn unknown(id: &str) -> String {
    // Only a word that looks like a field's name is repeated.
    let shown = if id.chars().all(|c| c.is_ascii_lowercase() || "._-".contains(c)) { id } else { "this" };
    match suggest::nearest(id, fields().map(|(_, field)| field.id)) {
        Some(near) => format!("--set: {shown} is no field; did you mean {near}?"),
        None => format!("--set: {shown} is no field; the answer file's reference lists them"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wizard::missing;

    #[test]
    fn values_are_read_by_the_kind_of_their_field() {
        let mut answers = Answers::default();
        for assignment in
            ["authority.https_port=7453", "components=passport", "secret.from=env:A=B", "secret.from=file:a=b"]
        {
            let taken = set_flag(&mut answers, assignment);
            assert_eq!(taken.is_ok(), assignment != "secret.from=env:A=B", "{assignment}: {taken:?}");
        }
        assert_eq!(answers.port("authority.https_port"), 7453);
        assert_eq!(answers.list("components"), ["passport"]);
        assert_eq!(answers.text("secret.from"), "file:a=b");
        assert_eq!(answers.origin("authority.https_port"), Origin::Flag);
        assert_eq!(missing(&answers), []);
    }

    #[test]
    fn a_secret_on_the_command_line_is_refused_and_not_repeated() {
        let mut answers = Answers::default();
        for assignment in ["secret.from=hunter2", "integrator.secret=hunter2", "Hunter2=x", "hunter2"] {
            let error = set_flag(&mut answers, assignment).expect_err(assignment);
            assert!(!error.to_lowercase().contains("hunter2"), "{error}");
        }
        assert_eq!(answers, Answers::default());
    }

    #[test]
    fn wrong_values_and_unknown_fields_name_the_rule() {
        let mut answers = Answers::default();
        assert_eq!(
            set_flag(&mut answers, "authority.https_port=70000"),
            Err("--set: authority.https_port must be a whole number from 1 to 65535".into())
        );
        assert_eq!(
            set_flag(&mut answers, "authority.hots=a"),
            Err("--set: authority.hots is no field; did you mean authority.host?".into())
        );
    }
}
