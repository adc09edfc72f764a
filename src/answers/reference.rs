//! The reference of the answer file, made from the fields.

use super::record::literal;
use crate::wizard::{Answers, Choice, Field, FieldKind, Offer, fields};

const QUICKSTART: &str = include_str!("../../installer-assets/answers/quickstart.toml");

/// The page `docs/reference/answer-file.md`.
pub fn reference() -> String {
    let defaults = Answers::default();
    let row = |field: &Field| {
        let default = literal(defaults.value(field.id));
        format!("| `{}` | {} | `{default}` | {} |\n", field.id, describe(field.kind), field.help)
    };
    let rows: String = fields().map(|(_, field)| row(field)).collect();
    format!("{INTRODUCTION}{rows}\n{SITE}{SOURCES}\n```toml\n{QUICKSTART}```\n")
}

const INTRODUCTION: &str = "\
# The answer file

<!-- Made from the list of fields by a test: COUNTERSIGN_REGENERATE=1 cargo test --lib reference -->

`countersign install --answers FILE` reads every answer from a TOML file; `--answers -` reads the same model as JSON from
standard input. A field that is not named has its default. `--set FIELD=VALUE` overrides one field.

`countersign configure --answers FILE` reads the same with `mode = \"configure\"` and changes the estate that is there. A
field that is not named keeps its recorded value, so such a file may name only what changes. [What can be
changed](../how-to/change-an-installed-estate.md) is told there.

The file is read strictly, and all problems are told at once, one a line, before anything is touched:

    answers.toml:7:14: authority.https_port must be a whole number from 1 to 65535

No message repeats a line or a value of the file. Where several say something, the wizard wins over the command line, then
come the environment, the answer file, an earlier record, what was detected, and the default.

Relative folders and files count from the folder in which `countersign` is started, not from the answer file's.

## Fields

`format = 1` must stand at the top. `table.key` stands in its table: `authority.host` is `host` in `[authority]`.

| field | value | default | what it is |
|---|---|---|---|
";

const SITE: &str = "\
## What a site's own profiles ask

Where the estate's folder holds [profiles](profile.md) of a site's own products, each variable of theirs is a field too:
`site.PRODUCT.VARIABLE`, text in the table `[site.PRODUCT]`, by default what the profile says. A value that differs is
written into the profile by the change, and put back with it.

    [site.b2bi]
    start = \"/opt/axway/b2bi/start.sh\"

";

const SOURCES: &str = "\
## Sources of a secret

A secret never stands in the file, only where it comes from.

| source | what it gives |
|---|---|
| `generate` | a new one of 32 letters and digits when the authority has none; else the present one, from a place that proves |
| `keep` | with `mode = \"configure\"`: the one that the estate holds; `generate` means the same there |
| `same` | for an engine: the secret of `secret.from` |
| `prompt` | what is typed on the terminal |
| `env:NAME` | the environment variable; it is taken away before any other program is started |
| `file:PATH` | a file that belongs to you or root and is closed to others (`chmod 600`) |
| `fd:N` | an open file descriptor |
| `stdin` | standard input |
| `cred:NAME` | a systemd credential |
| `command:[\"PROGRAM\",\"ARGUMENT\"]` | what the command prints; in TOML, put single quotes around it |

One line is read; a newline at its end does not count. `stdin` and a file descriptor can be read by one field only.

## The answers of a first installation
";

fn describe(kind: FieldKind) -> String {
    match kind {
        FieldKind::Choice(choices) => {
            let one = |choice: &Choice| {
                let when = match choice.offer {
                    Offer::Always | Offer::Embedded(_) => "",
                    Offer::Site(_) => " (with a site's own profiles)",
                };
                format!("`{}`{when}", choice.id)
            };
            choices.iter().map(one).collect::<Vec<_>>().join(", ")
        }
        FieldKind::SecretSource { same, generate, keep } => {
            let not: Vec<&str> = [(same, "`same`"), (generate, "`generate`"), (keep, "`keep`")]
                .into_iter()
                .filter_map(|(taken, word)| (!taken).then_some(word))
                .collect();
            format!("a [source](#sources-of-a-secret), not {}", not.join(" or "))
        }
        _ => kind.rule().trim_start_matches("must be ").to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::generated::assert_fresh;
    use super::super::read_toml;
    use super::*;

    #[test]
    fn the_reference_page_is_fresh() {
        assert_fresh("docs/reference/answer-file.md", &reference());
    }

    #[test]
    fn the_quickstart_file_gives_the_defaults_and_names_every_field() {
        let answers = read_toml("quickstart.toml", QUICKSTART).unwrap_or_else(|problems| panic!("{problems}"));
        let defaults = Answers::default();
        for (_, field) in fields() {
            assert_eq!(answers.value(field.id), defaults.value(field.id), "{}", field.id);
            assert!(
                QUICKSTART.contains(&format!("{} = {}", field.key(), literal(defaults.value(field.id)))),
                "{}",
                field.id
            );
        }
    }
}
