//! A site's file for a shipped profile: what is known of the site stands in it, what has no default stands empty, the
//! rest commented out.

use std::collections::BTreeMap;

use toml::Value;

use crate::forms::Form;
use crate::profile::{GroupRule, Profile, Select, SilentSecret};

/// What is known of a site already.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// Values of variables.
    pub values: BTreeMap<String, String>,
    /// The installer's variables that hold the secret.
    pub secrets: Vec<SilentSecret>,
    /// Its variables that select components.
    pub selects: Vec<Select>,
}

/// The text of a site's file.
pub fn site(base: &str, profile: &Profile, told: &Told) -> String {
    let mut text = format!(
        "# {} as this site has it. Fill in what is empty, then countersign profile validate FILE\n\
         # No secret stands here. {}\nformat = 1\nbase = {}\n\n[values]\n",
        profile.product.name,
        profile.product.note,
        quoted(base)
    );
    for variable in &profile.variable {
        text += &format!("# {}\n", one_line(&variable.question));
        if !variable.origin.is_empty() {
            text += &format!("#   {}\n", variable.origin);
        }
        text += &match (told.values.get(&variable.id), &variable.default) {
            (Some(value), _) => format!("{} = {}\n", variable.id, quoted(value)),
            (None, Some(default)) => format!("# {} = {}\n", variable.id, quoted(default)),
            (None, None) => format!("{} = \"\"\n", variable.id),
        };
    }
    if profile.installer.is_some() {
        text += &secrets(profile, &told.secrets);
        text += &selects(profile, &told.selects);
    }
    text
}

/// What the site must still say: variables that have neither value nor default.
pub fn missing<'a>(profile: &'a Profile, values: &BTreeMap<String, String>) -> Vec<&'a str> {
    let is_missing = |id: &str| !values.contains_key(id);
    let open = profile.variable.iter().filter(|variable| variable.default.is_none() && is_missing(&variable.id));
    open.map(|variable| variable.id.as_str()).collect()
}

/// The silent file's variables that hold the secret, one table a component.
fn secrets(profile: &Profile, told: &[SilentSecret]) -> String {
    let mut text = "\n# The variables of the silent file that hold the secret, each with the one that confirms it.\n\
                    # `countersign profile adopt` finds them.\n"
        .to_owned();
    for SilentSecret { component, variable, twin } in told {
        text += &format!("[[secret]]\ncomponent = {}\nvariable = {}\n", quoted(component), quoted(variable));
        text += &twin.as_ref().map_or_else(|| "\n".to_owned(), |twin| format!("twin = {}\n\n", quoted(twin)));
    }
    let is_open = |component: &str| !told.iter().any(|secret| secret.component == component);
    let opaque = profile.place.iter().filter(|place| place.form == Form::Opaque.name() && is_open(&place.component));
    for place in opaque {
        let component = quoted(&place.component);
        text += &format!("[[secret]]\ncomponent = {component}\nvariable = \"\"\n# twin = \"\"\n\n");
    }
    text
}

/// Its variables that select a component, with the value that does.
fn selects(profile: &Profile, told: &[Select]) -> String {
    let groups = profile.group.iter().filter(|group| group.rule == GroupRule::AllOrNothing);
    let is_open = |member: &&String| !told.iter().any(|select| select.component == **member);
    let open: Vec<&String> = groups.flat_map(|group| &group.members).filter(is_open).collect();
    if told.is_empty() && open.is_empty() {
        return String::new();
    }
    let mut text = "# The variables that select a component, with the value that does.\n".to_owned();
    for Select { component, variable, value } in told {
        let (component, variable, value) = (quoted(component), quoted(variable), quoted(value));
        text += &format!("[[select]]\ncomponent = {component}\nvariable = {variable}\nvalue = {value}\n\n");
    }
    for member in open {
        text += &format!("# [[select]]\n# component = {}\n# variable = \"\"\n# value = \"\"\n", quoted(member));
    }
    text
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    Value::String(text.to_owned()).to_string()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
