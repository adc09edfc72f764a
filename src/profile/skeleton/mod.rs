//! Profiles to fill in: what is empty must be said, what is commented out may be.

mod site;

pub use site::{Told, missing, site};

use super::words;

/// A whole profile of a product with this id; `None` when that can be no id.
pub fn whole(id: &str) -> Option<String> {
    let is_id = regex::Regex::new(words::ID).is_ok_and(|pattern| pattern.is_match(id));
    is_id.then(|| WHOLE.replace("PRODUCT", id))
}

const WHOLE: &str = r#"# What Countersign knows of PRODUCT. Fill in what is empty, take out what does not apply, then
# countersign profile validate FILE
# Every key: docs/reference/profile.md. A word in braces stands for a [[variable]], or for {home} and {component}.
format = 1

[product]
id = "PRODUCT"
# Its name for people.
name = ""
# "authority" checks the secret, "client" holds it.
role = "client"
# Its folder: absolute, or below the estate.
home = ""
# Products with different secrets are never put into one estate; "none" has none.
secret = "passport"
# Whether all of this was tried on the real product.
verified = false
# What people must know of it, in a sentence or two.
note = ""

[[component]]
id = "PRODUCT"
name = ""
# What it is for, in one line.
about = ""
holds_secret = true
process = true

[[place]]
component = "PRODUCT"
# The file, below the home, and where in it the secret stands.
file = ""
# properties, ini, toml, xml, json, yaml, words or whole.
format = "properties"
key = ""
# plain, quoted, base64 or hex; or opaque, with compare = "probe", if only the vendor's tool may write it.
form = "plain"
mode = "0600"
# Characters that it accepts, single ones and ranges, and the least and most of them.
alphabet = "A-Za-z0-9"
length = [8, 64]

# Each command is a list: the program, then each argument. No shell reads it, and it gets an empty environment.
[lifecycle]
start = [""]
stop = [""]
# Ends well exactly while the component runs.
status = [""]
# How a written secret is taken over: reload (needs the command reload), restart, stop-write-start, online or none.
apply = "restart"
# Seconds that each may take.
deadline = 60
# The lowest starts first and stops last.
order = 30
after = ["passport"]

[registration]
# "product": its own start registers it. "countersign": we do.
by = "product"
strategy = ["cutover"]

# [[registration.watch]]
# component = "PRODUCT"
# log = "logs/PRODUCT.log"
# Patterns (regular expressions) that say so.
# aligned = ['(?i)registered']
# differs = ['(?i)refused']
# deadline = 120

# A command that tells whether the secret is accepted; judged by how it ends, or by patterns in what it prints.
# [[probe]]
# id = "PRODUCT-answers"
# kind = "command"
# target = "PRODUCT"
# command = ["/usr/bin/PRODUCT", "ping"]
# deadline = 5000
"#;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::{Read, read, shipped};

    #[test]
    fn a_new_profile_tells_what_to_fill_in_and_is_sound_once_that_is_done() {
        let text = whole("door-keeper").expect("an id");
        let problems = read(&text, "x").expect_err("not filled in").to_string();
        assert!(problems.lines().count() >= 5, "{problems}");
        assert!(problems.lines().all(|line| line.contains("empty") || line.contains("has neither")), "{problems}");
        let filled = text.replace("\"\"", "\"x\"").replace("[\"\"]", "[\"/bin/x\"]");
        read(&filled, "x").unwrap_or_else(|problems| panic!("{problems}"));
        assert!(whole("Door keeper").is_none());
    }

    #[test]
    fn what_is_commented_out_is_sound_too() {
        let is_key = |rest: &&str| {
            let key = rest.split_once(" = ").map_or("", |(key, _)| key);
            rest.starts_with('[') || (!key.is_empty() && key.chars().all(|c| c.is_ascii_lowercase()))
        };
        let text = whole("door").expect("an id");
        let text: Vec<&str> = text.lines().map(|line| line.strip_prefix("# ").filter(is_key).unwrap_or(line)).collect();
        let filled = text.join("\n").replace("\"\"", "\"x\"").replace("[\"\"]", "[\"/bin/x\"]");
        read(&filled, "x").unwrap_or_else(|problems| panic!("{problems}"));
    }

    #[test]
    fn a_new_site_profile_asks_for_what_its_base_does_not_know() {
        for (id, profile) in shipped::all().iter().filter(|(id, _)| id.contains('/')) {
            let text = site(id, profile, &Told::default());
            let filled: Vec<String> = text.lines().enumerate().map(|(at, line)| fill(at, line)).collect();
            let read = read(&filled.join("\n"), "x").unwrap_or_else(|problems| panic!("{problems}"));
            assert!(matches!(read, Read::Site(_)), "{id}");
            let open = profile.variable.iter().filter(|variable| variable.default.is_none()).count();
            assert!(text.lines().filter(|line| line.ends_with(" = \"\"") && !line.starts_with('#')).count() >= open);
        }
    }

    fn fill(at: usize, line: &str) -> String {
        match line.strip_suffix(" = \"\"") {
            Some(id) if !id.starts_with('#') => format!("{id} = \"/srv/{at}\""),
            _ => line.to_owned(),
        }
    }
}
