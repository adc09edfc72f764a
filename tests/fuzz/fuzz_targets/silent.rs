//! Any bytes as a silent file, and any text as the value written into its first variable.

#![no_main]

use std::path::Path;

use countersign::installer::adopt::look;
use countersign::installer::silent::Tree;
use countersign::secret::Secret;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (Vec<u8>, String)| {
    let (text, value) = input;
    let path = Path::new("/silent/master.properties");
    let Ok(mut tree) = Tree::single(path, text.clone().into()) else { return };
    assert!(print(&tree) == text);
    let _ = look(&tree, &[]);
    let Some(name) = tree.variables().next().map(|variable| variable.name.into_owned()) else { return };
    if tree.set_secret(&name, None, &Secret::new(value.clone())).is_err() {
        assert!(print(&tree) == text);
        return;
    }
    let again = Tree::single(path, print(&tree).into()).expect("readable again");
    assert!(again.get(&name) == Some(&*value) && again.property(&name, "Format").is_none());
});

fn print(tree: &Tree) -> Vec<u8> {
    tree.texts().next().expect("the master").1.to_vec()
}
