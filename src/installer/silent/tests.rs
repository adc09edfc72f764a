//! Reading, finding, setting and writing whole trees; every refusal with its place.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use super::{Tree, remove};
use crate::secret::Secret;

/// A folder with these files; the first is the master.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        lay(dir.path(), name, text.as_bytes());
    }
    dir
}

fn lay(dir: &Path, name: &str, text: &[u8]) {
    let path = dir.join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    std::fs::write(path, text).expect("written");
}

fn read(dir: &tempfile::TempDir) -> Tree {
    Tree::read(&dir.path().join("master.properties")).unwrap_or_else(|error| panic!("{error}"))
}

/// The refusal without the folder's own path.
fn refusal(dir: &tempfile::TempDir) -> String {
    let error = Tree::read(&dir.path().join("master.properties")).err().expect("refused");
    error.to_string().replace(&format!("{}/", dir.path().display()), "")
}

/// What writing it lays down, by name.
fn written(tree: &Tree, name: &str) -> String {
    let dir = tempfile::tempdir().expect("a folder");
    let master = tree.write_into(&dir.path().join("run")).expect("written");
    let path = master.parent().expect("a folder").join(name);
    assert_eq!(path.metadata().expect("there").permissions().mode() & 0o777, 0o600);
    String::from_utf8(std::fs::read(path).expect("readable")).expect("text")
}

const MASTER: &str =
    "# by hand\nInstallDir = /opt/one\nInstallDir.Type = Directory\n\nIncludeFiles.Alpha = alpha.properties\n";

#[test]
fn a_tree_is_read_in_order_and_written_byte_by_byte() {
    let alpha = "Component = Alpha_V1.2\r\nComponent.LongName = The Alpha\r\n  Port=6090 \t\r\nPort.Min = 1024\r\nEmpty =\r\n# Port = 1\r\nDir = C:\\\\Programs\\\\Alpha\\\\";
    let dir = folder(&[("master.properties", MASTER), ("alpha.properties", alpha)]);
    let tree = read(&dir);
    assert_eq!(tree.get("InstallDir"), Some("/opt/one"));
    assert_eq!(tree.get("Port"), Some("6090"));
    assert_eq!(tree.get("Empty"), Some(""));
    assert_eq!(tree.get("Component.LongName"), Some("The Alpha"));
    assert_eq!(tree.get("Dir"), Some("C:\\Programs\\Alpha\\"));
    assert_eq!(tree.property("Port", "Min"), Some("1024"));
    assert_eq!(tree.get("None"), None);
    let names: Vec<String> = tree.variables().map(|variable| variable.name.into_owned()).collect();
    assert_eq!(names, ["InstallDir", "Component", "Port", "Empty", "Dir"]);
    assert_eq!(tree.products().collect::<Vec<_>>(), [("Alpha", Path::new("alpha.properties"))]);
    assert_eq!(written(&tree, "master.properties"), MASTER);
    assert_eq!(written(&tree, "alpha.properties"), alpha);
}

#[test]
fn only_the_lines_that_are_set_change() {
    let alpha = "A = 1\r\nB=2 \r\nC = \r\nD =\r\nE=\r\nF.G = x";
    let dir = folder(&[("master.properties", MASTER), ("alpha.properties", alpha)]);
    let mut tree = read(&dir);
    for (name, value) in [("A", "one"), ("B", "C:\\x"), ("C", "c"), ("D", "d"), ("E", "e"), ("F.G", "")] {
        tree.set(name, value).expect("set");
        assert_eq!(tree.get(name), Some(value));
    }
    assert_eq!(written(&tree, "alpha.properties"), "A = one\r\nB=C:\\\\x \r\nC = c\r\nD = d\r\nE=e\r\nF.G = ");
    assert_eq!(written(&tree, "master.properties"), MASTER);
}

#[test]
fn a_secret_goes_in_plain_with_its_twin_and_without_the_rows_that_say_encrypted() {
    let alpha = "S = bm90IHJlYWxseSBhIHBhcw==\nS.Format = AES128\nS.Title = Secret\nSConf = bm90IHJlYWxseSBhIHBhcw==\nSConf.Format = AES128\nT = 1";
    let dir = folder(&[("master.properties", MASTER), ("alpha.properties", alpha)]);
    let mut tree = read(&dir);
    tree.set_secret("S", Some("SConf"), &Secret::new("a\\b = #c".into())).expect("set");
    assert_eq!(written(&tree, "alpha.properties"), "S = a\\\\b = #c\nS.Title = Secret\nSConf = a\\\\b = #c\nT = 1");
    assert_eq!((tree.get("S"), tree.get("S.Format")), (Some("a\\b = #c"), None));
}

#[test]
fn a_secret_that_the_grammar_cannot_hold_is_refused_and_nothing_changes() {
    let alpha = "S = 1\nS.Format = AES128\n";
    let dir = folder(&[("master.properties", MASTER), ("alpha.properties", alpha)]);
    let mut tree = read(&dir);
    for (secret, said) in [
        (" hunter2", "blank"),
        ("hunter2 ", "blank"),
        ("hunter2\t", "blank"),
        ("hunter2\n", "line break"),
        ("hunt\rer2", "line break"),
        ("hünter2", "ASCII"),
        ("hunt\u{1}er2", "ASCII"),
        ("", "empty"),
    ] {
        let error = tree.set_secret("S", None, &Secret::new(secret.into())).expect_err("refused").to_string();
        assert!(error.contains("alpha.properties:1:5: S: ") && error.contains(said), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
    let error = tree.set_secret("S", Some("SConf"), &Secret::new("hunter2".into())).expect_err("refused").to_string();
    assert!(error.contains("no variable SConf"), "{error}");
    assert_eq!(written(&tree, "alpha.properties"), alpha);
}

#[test]
fn the_same_variable_in_two_files_is_named_with_its_product() {
    let master = "V = 0\nIncludeFiles.A = a.properties\nIncludeFiles.B = b.properties\n";
    let dir = folder(&[
        ("master.properties", master),
        ("a.properties", "V = 1\nS = x\n"),
        ("b.properties", "V = 2\nS = y\n"),
    ]);
    let mut tree = read(&dir);
    let names: Vec<String> = tree.variables().map(|variable| variable.name.into_owned()).collect();
    assert_eq!(names, ["/V", "A/V", "A/S", "B/V", "B/S"]);
    assert_eq!(
        (tree.get("V"), tree.get("/V"), tree.get("B/V"), tree.get("C/V")),
        (Some("0"), Some("0"), Some("2"), None)
    );
    let error = tree.set("S", "z").expect_err("refused").to_string();
    assert!(
        error.contains("a.properties:2:5: S stands in ") && error.ends_with("b.properties:2:5 too: name it A/S or B/S"),
        "{error}"
    );
    tree.set("B/S", "z").expect("set");
    assert_eq!((tree.get("A/S"), tree.get("B/S")), (Some("x"), Some("z")));
}

#[test]
fn what_breaks_the_grammar_is_refused_at_its_place() {
    for (text, said) in [
        (&b"A = 1\nB 2\n"[..], "2:1: this line is no `Variable = Value`"),
        (b"  = 2\n", "1:3: this line is no"),
        (b"A B = 2\n", "1:1: this line is no"),
        (b"A/B = 2\n", "1:1: this line is no"),
        (b"A = 1\n\n A = 2\n", "3:2: A stands in line 1 already"),
        (b"A.Format = 1\nA.Format = 1\n", "2:1: A.Format stands in line 1"),
        (b"Dir = C:\\Programs\n", "1:9: a single backslash: write two for each, as in C:\\\\folder"),
        (b"Dir = \\u12\n", "1:7: a single backslash"),
        (b"A = \xE9\xE9\\x\n", "1:7: a single backslash"),
        (b"A = x\\\nB = 1\n", "1:6: a single backslash"),
        (b"A.Title = x\\\nB = 1\n", "1:12: a single backslash"),
        (b"A = 1\rB = 2\n", "1:6: a carriage return that no line feed follows"),
        (b"A = 1\0\n", "1:6: a zero byte"),
        (b"\xFF\xFEA\0=\0", "1:4: a zero byte"),
        (b"\xEF\xBB\xBFA = 1\n", "1:1: a byte order mark"),
        (b"IncludeFiles.X =\n", "1:17: IncludeFiles.X: no file is named"),
        (b"IncludeFiles.X = x.properties\n", "1:18: the included file x.properties is not there"),
        (b"IncludeFiles.X = ../x.properties\n", "1:18: ../x.properties lies outside"),
        (b"IncludeFiles.X = /etc/hostname\n", "1:18: /etc/hostname lies outside"),
        (b"IncludeFiles.X = sub\\\\x.properties\n", "1:18: sub\\x.properties lies outside"),
        (b"IncludeFiles.X = link.properties\n", "1:18: link.properties lies outside"),
        (b"IncludeFiles.X = .\n", "1:18: it cannot be read (it is a folder)"),
        (b"IncludeFiles.X = master.properties\n", "1:18: master.properties includes itself in the end"),
    ] {
        let (outside, dir) = (folder(&[("x", "")]), folder(&[]));
        symlink(outside.path().join("x"), dir.path().join("link.properties")).expect("linked");
        lay(dir.path(), "master.properties", text);
        let refusal = refusal(&dir);
        assert!(refusal.starts_with(&format!("master.properties:{said}")), "{text:?}: {refusal}");
        assert_eq!(refusal.lines().count(), 1);
    }
}

#[test]
fn circles_and_second_includes_are_refused_where_they_close() {
    let dir = folder(&[
        ("master.properties", "IncludeFiles.A = a.properties\n"),
        ("a.properties", "X = 1\nIncludeFiles.B = sub/b.properties\n"),
        ("sub/b.properties", "\nIncludeFiles.A = ./a.properties\n"),
    ]);
    assert!(refusal(&dir).starts_with("sub/b.properties:2:18: ./a.properties includes itself in the end"));
    lay(dir.path(), "sub/b.properties", b"IncludeFiles.C = c.properties\n");
    lay(dir.path(), "c.properties", b"");
    lay(dir.path(), "master.properties", b"IncludeFiles.C = c.properties\nIncludeFiles.A = a.properties\n");
    assert!(
        refusal(&dir).starts_with("sub/b.properties:1:18: c.properties was included by master.properties:1:18 already")
    );
}

#[test]
fn a_file_that_is_not_there_or_too_large_is_told_of() {
    let dir = folder(&[]);
    assert!(refusal(&dir).starts_with("master.properties:1:1: it cannot be read (there is no such file)"));
    let file = std::fs::File::create(dir.path().join("master.properties")).expect("made");
    file.set_len(17 << 20).expect("grown");
    assert!(refusal(&dir).starts_with("master.properties:1:1: it is larger than 16 MiB"));
}

#[test]
fn latin_1_is_kept_and_shown() {
    let text = b"# \xE9\nA = caf\xE9\nB = caf\xC3\xA9\nC = caf\\u00e9\nA.Title = \\x\xE9\n";
    let dir = folder(&[]);
    lay(dir.path(), "master.properties", text);
    let mut tree = read(&dir);
    assert_eq!((tree.get("A"), tree.get("B"), tree.get("C")), (Some("café"), Some("café"), Some("café")));
    assert_eq!(tree.get("A.Title"), Some("\\xé"));
    tree.set("A", "café").expect("the same value is no change");
    assert!(tree.set("A", "thé").is_err());
    let out = tempfile::tempdir().expect("a folder");
    let master = tree.write_into(&out.path().join("run")).expect("written");
    assert_eq!(std::fs::read(master).expect("readable"), text);
}

#[test]
fn what_was_written_is_taken_away_and_nobody_elses_folder_is_used() {
    let dir = folder(&[("master.properties", MASTER), ("alpha.properties", "S = 1\n")]);
    let tree = read(&dir);
    let run = dir.path().join("a/run");
    let master = tree.write_into(&run).expect("written");
    assert!(master.is_absolute());
    assert_eq!(run.metadata().expect("there").permissions().mode() & 0o777, 0o700);
    assert_eq!(tree.write_into(&run).expect_err("refused").kind(), std::io::ErrorKind::AlreadyExists);
    let other = dir.path().join("other");
    std::fs::write(&other, "kept").expect("written");
    symlink(&other, run.join("link")).expect("linked");
    remove(&run).expect("removed");
    remove(&run).expect("removed already");
    assert!(!run.exists());
    assert_eq!(std::fs::read_to_string(other).expect("readable"), "kept");
}
