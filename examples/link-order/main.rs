//! Writes `link-order.txt`: the functions that the wizard executes up to the consent, as valgrind's callgrind has seen them.
//!
//! `cargo run --example link-order` builds the program with its names in it and walks it. What the list named before stays,
//! since what is inlined in one build is called in the next; empty it to begin anew. An old list does no harm, functions
//! that it does not name lie elsewhere; `cargo bench --bench wizard` tells when that costs too much memory.

#![expect(clippy::expect_used, reason = "a tool of the house that cannot go on says why and stops")]

#[path = "../../benches/common/terminal.rs"]
#[expect(dead_code, reason = "it measures nothing")]
mod terminal;

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use portable_pty::CommandBuilder;
use regex::{Captures, Regex};
use terminal::Terminal;

/// What build.rs reads.
const ORDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/link-order.txt");

fn main() {
    let program = with_names();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let calls = |of: &str| folder.path().join(of);
    let mut wizard = CommandBuilder::new("valgrind");
    wizard.args(callgrind(&calls("wizard")));
    wizard.args([program.as_os_str(), "--estate".as_ref(), folder.path().join("estate").as_os_str()]);
    wizard.cwd(folder.path());
    let mut terminal = Terminal::start(&wizard);
    terminal.walk_to_review();
    terminal.leave();
    let help = Command::new("valgrind")
        .args(callgrind(&calls("help")))
        .args([program.as_os_str(), "--help".as_ref()])
        .stdout(Stdio::null())
        .status();
    assert!(help.expect("valgrind starts").success(), "--help failed");
    let before = fs::read_to_string(ORDER).expect("the list");
    let mut order: BTreeSet<String> = before.lines().map(str::to_owned).collect();
    for seen in ["wizard", "help"] {
        order.extend(executed(&fs::read_to_string(calls(seen)).expect("what was called"), &program));
    }
    fs::write(ORDER, order.iter().map(|name| format!("{name}\n")).collect::<String>()).expect("written");
    println!("{ORDER}: {} functions", order.len());
}

/// The release build, with the names of its functions.
fn with_names() -> PathBuf {
    let built = Command::new(env!("CARGO"))
        .args(["rustc", "--release", "--locked", "--bin", "countersign", "--", "-C", "strip=none"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status();
    assert!(built.expect("cargo starts").success(), "the release build failed");
    let this = std::env::current_exe().expect("a path");
    this.ancestors().nth(3).expect("a build folder").join("release/countersign")
}

fn callgrind(into: &Path) -> [String; 4] {
    let into = format!("--callgrind-out-file={}", into.display());
    ["-q".to_owned(), "--tool=callgrind".to_owned(), "--demangle=no".to_owned(), into]
}

/// The program's own functions among those that were called, by callgrind's format: a file or a name is written out
/// once, behind a number that stands for it from then on; `'2` behind a name counts calls of itself.
fn executed(calls: &str, program: &Path) -> BTreeSet<String> {
    static NAMED: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^(c?)(ob|fn)=(\(\d+\))(?: (.*))?$").expect("a pattern"));
    let (mut objects, mut names) = (HashMap::new(), HashMap::new());
    let mut own = false;
    let mut found = BTreeSet::new();
    for line in calls.lines() {
        let Some(parts) = NAMED.captures(line) else { continue };
        let known = if &parts[2] == "ob" { &mut objects } else { &mut names };
        if let Some(name) = parts.get(4) {
            known.insert(parts[3].to_owned(), name.as_str().to_owned());
        }
        let name = &known[&parts[3]];
        match (&parts[1], &parts[2]) {
            ("", "ob") => own = Path::new(name) == program,
            ("", _) if own && is_name(name) => _ = found.insert(for_any_compiler(name)),
            _ => {}
        }
    }
    found
}

/// Whether a linker knows it by this; callgrind writes down addresses and remarks too.
fn is_name(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') && !word.contains(' ')
}

/// Small functions that are the same for all types of one size become one, and which type's name it bears is chance.
static MERGED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        "^(_RNv[MX]s?[0-9a-z]*_?(?:Nt)+Cs\\*_(?:5alloc|11toml_parser)).*(8grow_one|10dying_next|13EventReceiver).*$",
    )
    .expect("a pattern")
});

/// A name without what counts recursions. In Rust's own (RFC 2603), `*` stands for what may differ from compiler to
/// compiler: the hash of a crate, references to an earlier part of the name, which hashes shift, and the mark of a copy.
fn for_any_compiler(name: &str) -> String {
    static VARYING: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(Cs)[0-9A-Za-z]{8,12}_|(B)[0-9A-Za-z]{0,3}_|\.llvm\.[0-9]+$").expect("a pattern")
    });
    let name = name.split('\'').next().unwrap_or(name);
    if !name.starts_with("_R") {
        return name.to_owned();
    }
    let name = VARYING.replace_all(name, |found: &Captures| match found.get(1).or(found.get(2)) {
        Some(kind) => format!("{}*_", kind.as_str()),
        None => "*".to_owned(),
    });
    MERGED.replace(&name, "$1*$2*").into_owned()
}
