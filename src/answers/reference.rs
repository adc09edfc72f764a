//! The reference of the answer file, made from the fields.

use super::record::literal;
use super::repositories::is_key;
use crate::wizard::repositories::{Slot, slot_of};
use crate::wizard::{Answers, Choice, Field, FieldKind, Offer, fields};

const QUICKSTART: &str = include_str!("../../installer-assets/answers/quickstart.toml");
const WITH_GATEWAY: &str = include_str!("../../installer-assets/answers/with-gateway.toml");

/// The page `docs/reference/answer-file.md`.
pub fn reference() -> String {
    let defaults = Answers::default();
    let row = |field: &Field| {
        let default = literal(defaults.value(field.id));
        format!("| `{}` | {} | `{default}` | {} |\n", field.id, describe(field.kind), field.help)
    };
    let in_tables = |field: &&Field| field.table().and_then(slot_of).is_none();
    let rows: String = fields().map(|(_, field)| field).filter(in_tables).map(row).collect();
    let of_slot = |field: &&Field| field.table().and_then(slot_of) == Some(Slot(1)) && is_key(field.id);
    let keys: String = fields()
        .map(|(_, field)| field)
        .filter(of_slot)
        .map(|field| row(field).replacen(&format!("`{}`", field.id), &format!("`{}`", field.key()), 1))
        .collect();
    format!(
        "{INTRODUCTION}{rows}\n{REPOSITORIES}{keys}\n{SITE}{SOURCES}\n```toml\n{QUICKSTART}```\n{WITH_GATEWAY_HEADING}```toml\n\
         {WITH_GATEWAY}```\n"
    )
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

const REPOSITORIES: &str = "\
## Repositories

With the component `api-gateway`, each table `[repositories.\"NAME\"]` is a link of the gateway's to the authority; as JSON,
`repositories` holds an object for each name. Without any there is one, called PassPort. The wizard asks the same on the
pages Repository, which are called `repository-1` to `repository-8` in `--set` and `ask`, such as `--set
repository-1.host=passport-host`; there, `repository-1.name` is the name, and `repository-1.another=yes` asks for the next
one. An installed gateway's repositories are changed by `countersign gateway add`, `rename` and `remove`.

| key | value | default | what it is |
|---|---|---|---|
";

const WITH_GATEWAY_HEADING: &str = "
## With API Gateway

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
    use crate::wizard::repositories::{LISTEN, slots};

    #[test]
    fn the_reference_page_is_fresh() {
        assert_fresh("docs/reference/answer-file.md", &reference());
    }

    #[test]
    fn the_file_with_the_gateway_sets_up_two_repositories_and_shows_every_key() {
        let answers = read_toml("with-gateway.toml", WITH_GATEWAY).unwrap_or_else(|problems| panic!("{problems}"));
        let names: Vec<&str> = slots(&answers).map(|slot| slot.text(&answers, "name")).collect();
        assert_eq!(names, ["PassPort - local", "second"]);
        let [first, second] = [Slot(1), Slot(2)];
        assert_eq!(first.effective(&answers, "host"), "passport-host");
        assert_eq!(
            (second.effective(&answers, "host"), second.port(&answers, "client_auth_port")),
            ("localhost".into(), 6666)
        );
        for key in
            fields().map(|(_, field)| field).filter(|field| field.table() == Some("repository-1") && is_key(field.id))
        {
            assert!(WITH_GATEWAY.contains(&format!("{} = ", key.key())), "{}", key.id);
        }
    }

    #[test]
    fn the_quickstart_file_gives_the_defaults_and_names_every_field() {
        let answers = read_toml("quickstart.toml", QUICKSTART).unwrap_or_else(|problems| panic!("{problems}"));
        let defaults = Answers::default();
        for (_, field) in fields().filter(|(_, field)| field.table().and_then(slot_of).is_none() && field.id != LISTEN)
        {
            assert_eq!(answers.value(field.id), defaults.value(field.id), "{}", field.id);
            assert!(
                QUICKSTART.contains(&format!("{} = {}", field.key(), literal(defaults.value(field.id)))),
                "{}",
                field.id
            );
        }
    }
}
