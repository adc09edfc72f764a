//! What holds for any file and any value.

use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;
use zeroize::Zeroizing;

use super::Tree;
use crate::secret::Secret;

/// Lines of every kind, right ones and wrong ones, with every line end.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let blank = || "[ \t]{0,2}";
    let name = "[A-C](\\.Format|\\.Title|\\.[A-C])?";
    let value = prop_oneof![
        "[ -~]{0,12}".prop_map(String::into_bytes),
        "[a-z]{0,4}".prop_map(String::into_bytes),
        "[C:\\\\=#!]{0,6}".prop_map(|text| text.replace('\\', "\\\\").into_bytes()),
        vec(any::<u8>(), 0..6),
        Just(b"\\u00e9\\:\\ ".to_vec()),
    ];
    let assignment = (blank(), name, blank(), blank(), value, blank()).prop_map(|(a, name, b, c, value, d)| {
        [a.as_bytes(), name.as_bytes(), b.as_bytes(), b"=", c.as_bytes(), &value, d.as_bytes()].concat()
    });
    let line = prop_oneof![
        6 => assignment,
        1 => "[ \t]{0,2}#[ -~é]{0,8}".prop_map(String::into_bytes),
        1 => blank().prop_map(String::into_bytes),
    ];
    let end = prop_oneof![4 => Just("\n"), 4 => Just("\r\n"), 1 => Just("")];
    vec((line, end), 0..6)
        .prop_map(|lines| lines.into_iter().flat_map(|(line, end)| [line, end.into()].concat()).collect())
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof!["[ -~]{0,20}", "[\\\\:=#! ]{0,6}", ".{0,8}", "[\\\\ \n\r\t]{0,3}"]
}

fn read(text: &[u8]) -> Option<Tree> {
    Tree::single(Path::new("/silent/master.properties"), Zeroizing::new(text.to_vec())).ok()
}

fn print(tree: &Tree) -> Vec<u8> {
    tree.texts().next().expect("the master").1.to_vec()
}

/// Every row with its value.
fn rows(tree: &Tree) -> Vec<(String, Option<String>)> {
    tree.rows().map(|row| (row.name.to_string(), tree.get(&row.name).map(str::to_owned))).collect()
}

proptest! {
    #[test]
    fn what_is_not_changed_prints_byte_by_byte(text in prop_oneof![text(), vec(any::<u8>(), 0..40)]) {
        if let Some(tree) = read(&text) {
            prop_assert_eq!(print(&tree), text);
        }
    }

    #[test]
    fn a_value_that_is_set_reads_back_and_no_other_line_changes(text in text(), value in value(), index in any::<prop::sample::Index>()) {
        let Some(mut tree) = read(&text) else { return Ok(()) };
        let names: Vec<String> = tree.rows().map(|row| row.name.into_owned()).collect();
        if names.is_empty() {
            return Ok(());
        }
        let name = index.get(&names);
        let before = rows(&tree);
        let kept = print(&tree);
        if tree.set(name, &value).is_err() {
            prop_assert_eq!(print(&tree), kept);
            return Ok(());
        }
        let printed = print(&tree);
        let again = read(&printed).expect("readable again");
        prop_assert_eq!(rows(&again), rows(&tree));
        for (name_before, value_before) in before {
            let expected = if name_before == *name { Some(value.clone()) } else { value_before };
            prop_assert_eq!(again.get(&name_before).map(str::to_owned), expected);
        }
        let line = tree.at(name).expect("there").line;
        let (old, new): (Vec<&[u8]>, Vec<&[u8]>) =
            (text.split(|byte| *byte == b'\n').collect(), printed.split(|byte| *byte == b'\n').collect());
        prop_assert_eq!(old.len(), new.len());
        for (index, (old, new)) in old.iter().zip(&new).enumerate() {
            prop_assert!(index + 1 == line || old == new);
        }
    }

    #[test]
    fn a_secret_reads_back_plain_or_is_refused(text in text(), value in value(), index in any::<prop::sample::Index>()) {
        let Some(mut tree) = read(&text) else { return Ok(()) };
        let names: Vec<String> = tree.variables().map(|row| row.name.into_owned()).collect();
        if names.is_empty() {
            return Ok(());
        }
        let name = index.get(&names);
        if let Err(error) = tree.set_secret(name, None, &Secret::new(value.clone())) {
            prop_assert_eq!(print(&tree), text);
            prop_assert!(value.len() < 4 || !error.to_string().contains(&value));
        } else {
            let again = read(&print(&tree)).expect("readable again");
            prop_assert_eq!(again.get(name), Some(&*value));
            prop_assert_eq!(again.property(name, "Format"), None);
        }
    }
}
