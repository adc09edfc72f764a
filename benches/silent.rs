//! What a silent file of 10,000 lines costs: read, looked through, found, set, written. Prints figures and judges nothing.
//!
//! `cargo bench --bench silent` lays down a master file and an included one in a temporary folder. What a write costs
//! beside its fsyncs is told apart, since those are the disk's.

#![expect(clippy::expect_used, reason = "a bench that cannot run says why and stops")]

#[path = "common/figures.rs"]
mod figures;

use std::path::Path;
use std::time::{Duration, Instant};

use countersign::installer::adopt::look;
use countersign::installer::silent::{Tree, remove};
use countersign::secret::Secret;

use figures::{median, milliseconds};

const LINES: usize = 10_000;
const RUNS: usize = 21;

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (text, variables) = product();
    let bytes = text.len();
    std::fs::write(folder.path().join("Install_Product_V1.0.properties"), text).expect("written");
    let master = folder.path().join("Install_Master_V1.0.properties");
    let include = "InstallDir = /opt/product\nIncludeFiles.Product = Install_Product_V1.0.properties\n";
    std::fs::write(&master, include).expect("written");
    println!("{LINES} lines, {bytes} bytes, {} variables ({RUNS} runs, median)", variables.len());

    tell("read the bytes", || {
        std::fs::read(folder.path().join("Install_Product_V1.0.properties")).expect("read").len()
    });
    tell("read the tree", || Tree::read(&master).expect("readable").variables().count());
    let mut tree = Tree::read(&master).expect("readable");
    tell("look for secrets and modules", || look(&tree, &[]).expect("clear").secrets.len());
    tell("find every variable", || variables.iter().filter(|name| tree.get(name).is_some()).count());
    tell("set every variable", || {
        for name in &variables {
            tree.set(name, "another value").expect("set");
        }
        variables.len()
    });
    let secret = Secret::new("a shared secret".into());
    tell("set the secret", || tree.set_secret("SharedSecret", Some("SharedSecretConf"), &secret).is_ok().into());
    tell("print", || tree.texts().map(|(_, text)| text.len()).sum());
    tell("write and remove (with fsync)", || write(&tree, &folder.path().join("run")));
}

/// The file of a product: every tenth variable has rows about it, every hundredth line is a comment.
fn product() -> (String, Vec<String>) {
    let mut text = String::from("SharedSecret = old\nSharedSecretConf = old\n");
    let mut variables = Vec::new();
    for line in 2..LINES {
        match line % 100 {
            0 => text += "# about what follows\n",
            at if at % 10 == 1 => text += &format!("Variable{}.Type = Directory\n", line - 1),
            at if at % 10 == 2 => text += &format!("Variable{}.DefaultValue = /opt/default\n", line - 2),
            _ => {
                text += &format!("Variable{line} = C:\\\\products\\\\value {line}\n");
                variables.push(format!("Variable{line}"));
            }
        }
    }
    (text, variables)
}

fn write(tree: &Tree, dir: &Path) -> usize {
    tree.write_into(dir).expect("written");
    remove(dir).expect("removed");
    1
}

fn tell(what: &str, mut act: impl FnMut() -> usize) {
    let times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let since = Instant::now();
            assert!(act() > 0, "{what} did nothing");
            since.elapsed()
        })
        .collect();
    println!("{:>10.3} ms  {what}", milliseconds(median(&times)));
}
