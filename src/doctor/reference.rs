//! The page of all codes, made from their table.

use super::codes::{Code, Entry, TABLE};

/// The page `docs/reference/doctor.md`.
pub fn reference() -> String {
    let rows = TABLE.iter().map(|Entry { code, title, .. }| {
        let name = code.to_string();
        format!("| [{name}](#{}) | {title} |\n", name.to_lowercase())
    });
    TABLE.iter().fold(INTRODUCTION.to_owned() + &rows.collect::<String>(), |page, entry| page + &section(entry))
}

/// One code as text for people.
pub fn explained(code: Code) -> String {
    let Entry { title, meaning, remedy, at_the_vendors, .. } = code.entry();
    let vendor = at_the_vendors.map_or_else(String::new, |text| format!("\nAt the vendor's products: {text}\n"));
    format!("{code}: {title}\n\n{meaning}\n\nWhat to do: {}\n{vendor}", shown(remedy))
}

fn section(Entry { code, title, meaning, remedy, at_the_vendors, .. }: &Entry) -> String {
    let title = title[..1].to_uppercase() + &title[1..];
    let vendor = at_the_vendors.map_or_else(String::new, |text| format!("\n**At the vendor's products.** {text}\n"));
    format!("\n## {code}\n\n{title}. {meaning}\n\n**What to do.** {}\n{vendor}", shown(remedy))
}

/// A remedy that belongs to no finding.
fn shown(remedy: &str) -> String {
    let words = [("{register}", "register COMPONENT"), ("{host}", "the authority's host"), ("{port}", "the port")];
    let named = words.iter().fold(remedy.to_owned(), |text, (word, name)| text.replace(word, name));
    named.replace("the authority's host:the port", "its port").replace("{file}", "the file that is named")
}

const INTRODUCTION: &str = "\
# Codes of the doctor

<!-- Made from src/doctor/codes.rs by a test: COUNTERSIGN_REGENERATE=1 cargo test --lib doctor::reference -->

`countersign doctor` looks for everything that keeps a component from registering or from being believed, and says for
each finding where it is, what it means and what to do. It reads only: nothing is written, started or submitted, and
secrets are proved with the purpose `check`, which changes nothing of what the authority knows.

    countersign doctor [COMPONENT|REPOSITORY]
    countersign doctor --vendor INSTALL_DIR
    countersign doctor --list
    countersign doctor --explain CODE

Of each chain of causes the first is told: behind a port that is closed nothing else is looked for. A verdict is
*trouble*, *warning*, *can't tell* or *fine*. Exit code: 4 with any trouble, else 5 where something could not be told,
else 0; 8 after a change that was interrupted. It ends within 15 s, whatever hangs.

`--json` prints `{\"ok\", \"findings\": [{\"code\", \"component\", \"verdict\", \"where\", \"detail\", \"remedy\", \"docs\"}]}`. Codes are
an interface: the number of a code never changes and is never used for another.

`--vendor` reads the folders of the vendor's gateway instead: the keystores and their temporaries, the CSD, and the
messages of registration in its traces. Of a site's other products that register by themselves, the log that their profile
names is read. How to use all of it is told in
[find out why a registration fails](../how-to/find-out-why-registration-fails.md).

| code | title |
|---|---|
";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answers::generated::assert_fresh;

    #[test]
    fn the_reference_page_is_fresh() {
        assert_fresh(crate::doctor::codes::PAGE, &reference());
    }

    #[test]
    fn no_word_in_braces_is_left_without_a_finding() {
        for code in Code::all() {
            assert!(!explained(code).contains(['{', '}']), "{}", explained(code));
        }
    }
}
