//! Which files hold the secret: its places.

use crate::estate::TestEstate;
use crate::places;
use crate::search::Needle;

#[test]
fn no_file_but_the_places_holds_the_secret_after_an_installation() {
    let estate = TestEstate::new();
    for folder in ["tmp", "home"] {
        std::fs::create_dir(estate.folder().join(folder)).expect("made");
    }
    let (https, client_auth) = estate.port_flags();
    let install = ["install", "--yes", "--answers", crate::estate::QUICKSTART, "--set", &https, "--set", &client_auth];
    let mut command = estate.command();
    command.args(install).env("TMPDIR", estate.folder().join("tmp")).env("HOME", estate.folder().join("home"));
    let ended = crate::estate::ended(&mut command);
    assert_eq!(ended.code, 0, "{ended:#?}");
    let secret = Needle::new(&places::secret(&estate));
    assert_eq!(secret.in_files(estate.folder()), places::all(&estate));
    assert_eq!(secret.forms_in(format!("{ended:?}").as_bytes()), [""; 0]);

    // A removal overwrites the places and leaves none of it either.
    assert_eq!(estate.run(&["uninstall", "--yes"]).code, 0);
    assert_eq!(secret.in_files(estate.folder()), [""; 0].map(std::path::PathBuf::from));
}
