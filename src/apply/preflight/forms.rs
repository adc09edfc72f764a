//! Places tried in memory: whether each file, as it stands, takes the secret in its form.

use std::path::Path;

use super::Problem;
use crate::apply::Context;
use crate::forms::{FormError, Shape};
use crate::fs::read_inside;
use crate::plan::{Plan, Step};

pub(super) fn problems(plan: &Plan, context: &Context) -> Vec<Problem> {
    let Some(secret) = &context.secret else { return Vec::new() };
    let tried = |shape: Result<Shape, FormError>, text: &[u8], keys: &[&str]| {
        shape.and_then(|shape| shape.write_all(text, keys, secret)).err()
    };
    let mut problems = Vec::new();
    for step in &plan.steps {
        match step {
            Step::CreatePlace { path, template, format, form, key, twins, .. } => {
                let keys: Vec<&str> = std::iter::once(key).chain(twins).map(String::as_str).collect();
                let error = tried(Shape::named(format, form), template.as_bytes(), &keys);
                problems.extend(error.map(|error| told(path, plan, &error)));
            }
            Step::WriteSecret { spots, .. } => problems.extend(spots.iter().filter_map(|spot| {
                // What cannot be read is told with the other files.
                let text = read_inside(&spot.home, &spot.path).ok()?;
                tried(spot.shape(), &text, &[&spot.key]).map(|error| told(&spot.path, plan, &error))
            })),
            _ => {}
        }
    }
    problems
}

fn told(path: &Path, plan: &Plan, error: &FormError) -> Problem {
    let code = if matches!(error, FormError::Value { .. }) { "secret-not-accepted" } else { "place" };
    Problem::new(code, format!("{}: {error}", path.strip_prefix(&plan.dir).unwrap_or(path).display()))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::plan::Spot;
    use crate::secret::Secret;

    #[test]
    fn a_place_that_cannot_take_the_secret_is_told_before_anything_is_touched() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("place");
        std::fs::write(&path, "host:1 old 3\nhost:2 a\nhost:2 b\n").expect("written");
        let spot = |key: &str, form: &str| Spot {
            component: "x".into(),
            home: dir.path().into(),
            path: path.clone(),
            format: "words".into(),
            key: key.into(),
            form: form.into(),
        };
        let spots = vec![
            spot("host:1 2", "plain"),
            spot("host:1 2", "base64"),
            spot("host:2 2", "plain"),
            spot("host:3 2", "hex"),
            spot("host:1 2", "opaque"),
        ];
        let steps =
            vec![Step::WriteSecret { name: "X".into(), spots, online: vec![], takes_over: vec![], alone: false }];
        let plan = Plan { dir: dir.path().into(), steps, ..Plan::default() };
        let secret = Some(Arc::new(Secret::new("correct horse".into())));
        let problems = problems(&plan, &Context { secret, ..Context::default() });
        let texts: Vec<String> = problems.iter().map(|problem| format!("{} {}", problem.code, problem.text)).collect();
        assert_eq!(
            texts,
            [
                "secret-not-accepted place: host:1 2: a value with blanks in it needs the form quoted",
                "place place: host:2 2 is in the file more than once: keep one, or name it by a longer path",
                "place place: host:3 2 is not in the file: add it there with any value",
                "place place: only the vendor's tool reads or writes this place, so it is compared by proof",
            ]
        );
        assert!(!texts.concat().contains("horse"));
    }
}
