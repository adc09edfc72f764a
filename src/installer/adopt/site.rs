//! A site's profile as a file: its base, the values, and what the silent files told. What is still to say stands there as
//! a comment.

use std::collections::BTreeMap;

use toml_edit::Value;

use crate::profile::{Profile, Select, SilentSecret};

/// The text of a site profile.
pub fn site_profile(
    base: &str,
    profile: &Profile,
    values: &BTreeMap<String, String>,
    secrets: &[SilentSecret],
    selects: &[Select],
) -> String {
    let mut text = format!(
        "# {} as this site has it; made by `countersign profile adopt`. No secret stands here.\nformat = 1\nbase = {}\n\n[values]\n",
        profile.product.name,
        quoted(base)
    );
    for variable in &profile.variable {
        match (values.get(&variable.id), &variable.default) {
            (Some(value), _) => text += &format!("{} = {}\n", variable.id, quoted(value)),
            (None, Some(_)) => {}
            (None, None) => {
                text += &format!("# Still to say: {}\n# {} = \"\"\n", one_line(&variable.question), variable.id);
            }
        }
    }
    for SilentSecret { component, variable, twin } in secrets {
        text += &format!("\n[[secret]]\ncomponent = {}\nvariable = {}\n", quoted(component), quoted(variable));
        if let Some(twin) = twin {
            text += &format!("twin = {}\n", quoted(twin));
        }
    }
    for Select { component, variable, value } in selects {
        let (component, variable, value) = (quoted(component), quoted(variable), quoted(value));
        text += &format!("\n[[select]]\ncomponent = {component}\nvariable = {variable}\nvalue = {value}\n");
    }
    text
}

/// What the site must still say: variables of the base that have neither value nor default.
pub fn missing<'a>(profile: &'a Profile, values: &BTreeMap<String, String>) -> Vec<&'a str> {
    let is_missing = |id: &str| !values.contains_key(id);
    let open = profile.variable.iter().filter(|variable| variable.default.is_none() && is_missing(&variable.id));
    open.map(|variable| variable.id.as_str()).collect()
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
