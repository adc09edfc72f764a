//! What stands between the answers and their consent, each with the field that would change it.

use super::{Prepared, Refusal};
use crate::apply::{Problem, preflight};
use crate::exit::Exit;
use crate::wizard::fields;

/// One thing in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacle {
    /// One line: what, and what to do.
    pub text: String,
    /// The field that would change it, when there is one.
    pub field: Option<&'static str>,
}

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// How the program ends if it is left at that.
    pub exit: Exit,
    /// All that is in the way.
    pub obstacles: Vec<Obstacle>,
}

impl Refused {
    /// Of a refused session.
    pub fn new(refusal: &Refusal) -> Self {
        let text = refusal.to_string();
        // The first page offers what can be done about an interrupted change.
        let settled_there = matches!(refusal, Refusal::Interrupted { .. }).then_some("estate.dir");
        let obstacle = |line| {
            let named = named(line);
            Obstacle { field: named.field.or(settled_there), ..named }
        };
        Self { exit: refusal.exit(), obstacles: text.lines().map(obstacle).collect() }
    }

    /// Of a preflight.
    pub fn from_problems(problems: &[Problem]) -> Self {
        let obstacle = |problem: &Problem| Obstacle { text: problem.text.clone(), field: field_of(problem.code) };
        Self { exit: Exit::Refused, obstacles: problems.iter().map(obstacle).collect() }
    }
}

/// Everything that stands in the way before the first write, so that it is known before the consent.
///
/// # Errors
/// All that is in the way.
pub fn possible(prepared: Prepared) -> Result<Prepared, Refused> {
    let problems =
        if prepared.plan.is_empty() { Vec::new() } else { preflight(&prepared.plan, &prepared.context).problems };
    if problems.is_empty() { Ok(prepared) } else { Err(Refused::from_problems(&problems)) }
}

/// A line that begins with a field's id is about that field.
fn named(line: &str) -> Obstacle {
    let field = fields()
        .map(|(_, field)| field)
        .filter(|field| line.strip_prefix(field.id).is_some_and(|rest| rest.starts_with([' ', ':'])))
        .max_by_key(|field| field.id.len());
    let text = field.map_or_else(
        || line.to_owned(),
        |field| format!("{}{}", field.label, line.strip_prefix(field.id).unwrap_or(line)),
    );
    Obstacle { text, field: field.map(|field| field.id) }
}

/// The field that a problem of the preflight is about.
fn field_of(code: &str) -> Option<&'static str> {
    match code {
        "not-a-folder" | "no-permission" | "no-space" => Some("estate.dir"),
        "port-in-use" | "port-forbidden" => Some("authority.https_port"),
        "listen" => Some("authority.listen"),
        "secret-not-accepted" => Some("secret.from"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_about_a_field_leads_to_it() {
        let obstacle = named("estate.dir: /srv is not an estate: choose another folder");
        assert_eq!(obstacle.field, Some("estate.dir"));
        assert_eq!(obstacle.text, "Estate folder: /srv is not an estate: choose another folder");
        assert_eq!(named("the estate cannot be locked").field, None);
        assert_eq!(named("secret.from: the file is empty").field, Some("secret.from"));
    }

    #[test]
    fn refusals_end_as_the_command_line_would() {
        let refused = Refused::new(&Refusal::Rules(vec!["components: a".into(), "b".into()]));
        assert_eq!((refused.exit, refused.obstacles.len()), (Exit::Refused, 2));
        assert_eq!(Refused::new(&Refusal::Held("pid 7".into())).exit, Exit::Held);
    }
}
