//! Everything works without any privilege.

use crate::nobody::NobodysEstate;

#[test]
fn a_user_without_privileges_installs_verifies_and_uninstalls() {
    let nobodys = NobodysEstate::installed();
    assert_eq!(nobodys.run(&["verify"]).code, 0);
    assert_eq!(nobodys.run(&["uninstall", "--yes"]).code, 0);
    assert!(!nobodys.estate.path("").exists());
}
