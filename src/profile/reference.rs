//! The reference page of the format, made from its schema.

use serde_json::{Map, Value};

use super::schema::{choices, definition, followed};

/// Each table as it is written, and the type that describes it, in the order of the page.
const TABLES: [(&str, &str); 23] = [
    ("The whole file", "Profile"),
    ("`[product]`", "Product"),
    ("`[[variable]]`", "Variable"),
    ("`[detect]`", "Detect"),
    ("`[[component]]`", "Component"),
    ("`identity` of a component", "Identity"),
    ("`[[group]]`", "Group"),
    ("`[[place]]`", "Place"),
    ("`[[place.twin]]`", "Twin"),
    ("`[[file]]`", "File"),
    ("`[lifecycle]`", "Lifecycle"),
    ("`[registration]`", "Registration"),
    ("`[[registration.watch]]`", "Watch"),
    ("`[connection]`", "Connection"),
    ("`[repositories]`", "RepositoriesFile"),
    ("`[documents]`", "Documents"),
    ("`[[probe]]`", "Probe"),
    ("`[installer]`", "Installer"),
    ("`[[installer.secret]]`, `[[secret]]` of a site", "SilentSecret"),
    ("`[[installer.select]]`, `[[select]]` of a site", "Select"),
    ("`[[installer.set]]`", "Setting"),
    ("`[adopt]`", "Adopt"),
    ("A site's file", "SiteProfile"),
];

/// The page `docs/reference/profile.md`.
pub fn reference() -> String {
    TABLES.iter().fold(INTRODUCTION.to_owned(), |page, (heading, name)| page + &table(heading, name)) + RULES
}

const INTRODUCTION: &str = "\
# Profile format

<!-- Made from the types of the format by a test: COUNTERSIGN_REGENERATE=1 cargo test --lib reference -->

A profile tells Countersign what a product is made of, where its secret stands, how it is started, registered and asked.
It is a TOML file. The binary carries some (`countersign profile list`), in the repository below `profiles/`; an estate
has its own in its folder `profiles`, and where it has any, they count alone.

A file of an estate is either a whole profile, or a *site's file*: it names a shipped profile as its `base` and gives the
values of its variables. `countersign profile new` begins both, `countersign profile adopt` makes a site's file from what
an installer left, and `countersign profile validate FILE` tells every mistake, each at its place:

    estate/profiles/door.toml:27:8: place[1].file must lie below the product's home: no `/` at its beginning, no `..`

No message repeats a value. For editors there is a JSON Schema, `profiles/schema.json`.

## Words in braces

`{id}` stands for the value of the `[[variable]]` with this id, in every text but an alphabet. Others are filled in when a
command is run or a file laid down: `{home}` the product's folder, `{component}` the component's id, and the answers
`{host}`, `{https_port}`, `{client_auth_port}`, `{domain}`, `{csd}`, `{listen}`, `{gateway_listen}`. The installer's commands are told
`{silent}`, the files of a connection and of repositories `{conf}`, the component's folder, and `registration.command`
`{repository}`, the name of the one to register. `{secret}` is nothing: a secret reaches a command by standard input only.

Each argument is filled in by itself, so a value never becomes two. In a pattern a value stands for itself, unless the
variable is a pattern, too. Other braces, as in `\\d{4}`, stay as they are.

Required keys are in **bold**; they stand first.
";

const RULES: &str = "
## Rules beyond the tables

- A command is a list: the program, by its absolute path, a bare name, or beginning with a word in braces, then each
  argument. No shell reads it, and its environment is empty. `countersign` as the program is the running binary.
- What is written (`file`, `path`, `conf`, `pid`, `control`, `folder`) lies below the product's home. What is only read
  (`log`, `silent`) may be absolute. Nowhere `..`; `*` only in a log's last part, where the newest file counts.
- A place is a file (with `format` and `key`; the format `whole` has no key), or the commands `read` and `write` (with
  `compare = \"probe\"`, `write` alone), or has the form `opaque`, which only the vendor's tool writes; then `compare` is
  `probe`. One with form `opaque` and no `[installer]` is changed by people.
- With `[repositories]`, a place whose key has `*` as a part stands for one place of each repository in that file (such as
  `repositories/*/secret`), but of those that say `elsewhere = true`: their authority is another one than the estate's.
- A start command that ends with 6 says that the registration is pending at the authority.
- A component with `holds_secret` has a place; one with `process` has `start`, `stop` and `status` (or `pid`), or the product
  is a systemd `unit`.
- The commands of a place change and tell what the running product uses; with `edit = \"stopped\"` what is written, while it
  is stopped. They are told before files are written, and read back; the previous secret is put back the same way.
- Without an authority that takes proofs, `check` compares the places with each other: with what the authority uses, else
  with what it has written, else all must hold the same.
- Patterns are regular expressions without look-around, searched anywhere in a line. One that fits an empty line is refused.
- Every variable is used. One without default gets its value from the site's file; in a whole profile of a site it needs a
  default.
- Products of different secrets are never put into one estate, and one whose secret is `none` is put into none.
- For an opaque place with an installer, a site's file names the variable that holds the secret (`[[secret]]`).

Ids begin with a small letter and go on with small letters, digits and dashes.
";

fn table(heading: &str, name: &str) -> String {
    let schema = definition(name);
    let about = schema.get("description").and_then(Value::as_str).unwrap_or_default();
    let is_required = |key: &str| required(schema).any(|required| required == key);
    let keys = || schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    let (first, last): (Vec<_>, Vec<_>) = keys().partition(|(key, _)| is_required(key));
    let rows: String = first
        .into_iter()
        .map(|(key, of_key)| row(&format!("**{key}**"), of_key))
        .chain(last.into_iter().map(|(key, of_key)| row(key, of_key)))
        .collect();
    format!("\n## {heading}\n\n{about}\n\n| key | value | default | meaning |\n|---|---|---|---|\n{rows}")
}

fn required(schema: &'static Map<String, Value>) -> impl Iterator<Item = &'static str> {
    schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

fn row(key: &str, of_key: &'static Value) -> String {
    let Some(of_key) = of_key.as_object() else { return String::new() };
    let text = |key: &str| of_key.get(key).and_then(Value::as_str).unwrap_or_default();
    let default = of_key.get("default").map_or(String::new(), |default| format!("`{default}`"));
    format!("| {key} | {} | {default} | {}{} |\n", value(of_key), text("description").replace('\n', " "), told(of_key))
}

/// What each choice means, where the type says so.
fn told(of_key: &'static Map<String, Value>) -> String {
    let choices = followed(of_key).get("oneOf").and_then(Value::as_array).into_iter().flatten();
    let one = |choice: &Value| {
        Some(format!(" `{}`: {}", choice["const"].as_str()?, choice["description"].as_str()?.replace('\n', " ")))
    };
    choices.filter_map(one).collect()
}

/// What a value looks like.
fn value(of_key: &'static Map<String, Value>) -> String {
    let schema = followed(of_key);
    let choices = choices(schema);
    if !choices.is_empty() {
        return choices.iter().map(|choice| format!("`{choice}`")).collect::<Vec<_>>().join(", ");
    }
    let number = |key: &str| schema.get(key).and_then(Value::as_u64);
    match schema.get("type").and_then(Value::as_str).unwrap_or_default() {
        "string" => match schema.get("errorMessage").and_then(Value::as_str) {
            Some(rule) if rule.contains("octal") => "octal text".to_owned(),
            Some(_) => "id".to_owned(),
            None => "text".to_owned(),
        },
        "boolean" => "truth value".to_owned(),
        "integer" => match (schema.get("const"), number("minimum"), number("maximum")) {
            (Some(only), ..) => format!("`{only}`"),
            (_, Some(least), Some(most)) => format!("{least} to {most}"),
            _ => "number".to_owned(),
        },
        "array" => list(schema),
        _ if of_key.contains_key("$ref") => "table".to_owned(),
        _ => "table of texts".to_owned(),
    }
}

fn list(schema: &'static Map<String, Value>) -> String {
    let Some(items) = schema.get("items").and_then(Value::as_object) else { return "list".to_owned() };
    match followed(items).get("type").and_then(Value::as_str) {
        Some("object") => "tables".to_owned(),
        Some("array") => "list of commands".to_owned(),
        Some("integer") if schema.contains_key("maxItems") => "`[least, most]`".to_owned(),
        Some("integer") => "list of numbers".to_owned(),
        _ => "list of texts".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::schema::schema;
    use super::*;
    use crate::answers::generated::assert_fresh;

    #[test]
    fn the_reference_page_is_fresh() {
        assert_fresh("docs/reference/profile.md", &reference());
    }

    #[test]
    fn every_table_of_the_format_is_on_the_page() {
        for (name, table) in schema()["$defs"].as_object().expect("tables") {
            assert!(table["properties"].is_null() || TABLES.iter().any(|(_, known)| known == name), "{name}");
        }
    }
}
