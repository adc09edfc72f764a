//! Which variables hold the secret: found, given, confirmed.

use super::super::{Failure, Scope};
use super::Adopt;
use crate::installer::adopt::{Candidate, holders, is_anothers, named};
use crate::installer::silent::Tree;
use crate::profile::{Profile, SilentSecret};

/// The secrets as a site profile names them.
pub(super) fn kept(secrets: &[Held]) -> Vec<SilentSecret> {
    let kept = secrets.iter().map(|(component, candidate)| SilentSecret {
        component: component.clone(),
        variable: candidate.variable.clone(),
        twin: candidate.twin.clone(),
    });
    kept.collect()
}

/// A component, and a variable that holds its secret.
pub(super) type Held = (String, Candidate);

/// Those whose component is known.
pub(super) fn known(found: Vec<(Option<String>, Candidate)>) -> Vec<Held> {
    found.into_iter().filter_map(|(component, candidate)| Some((component?, candidate))).collect()
}

impl Adopt {
    /// The variables that hold the secret, each named or confirmed: at least one for each component that has a place.
    pub(super) fn secrets(
        &self,
        profile: &Profile,
        tree: &Tree,
        found: Vec<(Option<String>, Candidate)>,
        scope: &Scope,
    ) -> Result<Vec<Held>, Failure> {
        let mut secrets = self.given(profile, tree)?;
        let mut nobodys = Vec::new();
        for (component, candidate) in found {
            if self.secret.iter().any(|(_, variable)| *variable == candidate.variable) {
                continue;
            }
            let Some(component) = component else {
                nobodys.push(candidate.variable);
                continue;
            };
            if !self.names(&component) && (self.yes || scope.consent(&question(profile, &component, &candidate))?) {
                secrets.push((component, candidate));
            }
        }
        let problems: Vec<String> =
            holders(profile).into_iter().filter_map(|holder| self.doubt(holder, &secrets, &nobodys)).collect();
        if problems.is_empty() { Ok(secrets) } else { Err(Failure::refused(problems.join("\n"))) }
    }

    /// Those that `--secret` names.
    fn given(&self, profile: &Profile, tree: &Tree) -> Result<Vec<Held>, Failure> {
        let holders = holders(profile);
        let given = self.secret.iter().map(|(component, variable)| {
            let refuse = |text: String| Failure::refused(format!("--secret {component}={variable}: {text}"));
            if !holders.contains(&component.as_str()) {
                let text = format!("{component} holds no secret of its own; those that do: {}", holders.join(", "));
                return Err(refuse(text));
            }
            let candidate = named(tree, variable).ok_or_else(|| {
                refuse(format!("neither {} nor what it includes has this variable", tree.master().display()))
            })?;
            if is_anothers(profile, &candidate) {
                return Err(refuse("it holds another authority's secret, which is never mixed with this one".into()));
            }
            Ok((component.clone(), candidate))
        });
        given.collect()
    }

    fn names(&self, component: &str) -> bool {
        self.secret.iter().any(|(named, _)| named == component)
    }

    /// What is not clear about a component's secret.
    fn doubt(&self, holder: &str, secrets: &[Held], nobodys: &[String]) -> Option<String> {
        let own = secrets.iter().filter(|(component, _)| component == holder);
        let variables: Vec<&str> = own.map(|(_, candidate)| candidate.variable.as_str()).collect();
        match variables.as_slice() {
            [] => {
                let perhaps =
                    if nobodys.is_empty() { String::new() } else { format!(", perhaps {}", nobodys.join(" or ")) };
                Some(format!(
                    "no variable is known for the secret of {holder}: give --secret {holder}=VARIABLE{perhaps}"
                ))
            }
            [_] => None,
            several if self.yes && !self.names(holder) => Some(format!(
                "{} may hold the secret of {holder}: give --secret {holder}=VARIABLE for each that does",
                several.join(" and ")
            )),
            _ => None,
        }
    }
}

fn question(profile: &Profile, component: &str, candidate: &Candidate) -> String {
    let name = profile.component.iter().find(|known| known.id == component).map_or(component, |known| &known.name);
    let twin = candidate.twin.as_ref().map_or_else(String::new, |twin| format!(", confirmed by {twin},"));
    let kept = if candidate.encrypted { " (encrypted now)" } else { "" };
    format!("Does {}{twin} hold the shared secret of {name}{kept}?", candidate.variable)
}
