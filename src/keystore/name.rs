//! How a keystore's file name follows from what it is for.

use super::Kind;

/// The name of a repository's keystore: `keystore_<Repository>_<Hostname>_<Client auth port>.jks`, or `.p12`.
///
/// Every character of the three that is not an ASCII letter or digit becomes one underscore; repeats are not folded
/// (the vendor's guide to its gateway, on the authority's repository).
pub fn file_name(repository: &str, host: &str, client_auth_port: u16, kind: Kind) -> String {
    format!("keystore_{}_{}_{client_auth_port}.{}", plain(repository), plain(host), kind.extension())
}

fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_documented_examples() {
        assert_eq!(
            file_name("PassPort - local", "passport-host", 6666, Kind::Jks),
            "keystore_PassPort___local_passport_host_6666.jks"
        );
        assert_eq!(
            file_name("PassPort - local", "passport.host", 6666, Kind::Jks),
            "keystore_PassPort___local_passport_host_6666.jks"
        );
        assert_eq!(file_name("integrator", "localhost", 6666, Kind::Jks), "keystore_integrator_localhost_6666.jks");
    }

    #[test]
    fn each_character_becomes_one_underscore_and_none_can_leave_the_folder() {
        assert_eq!(file_name("é😀_", "../a", 1, Kind::Pkcs12), "keystore________a_1.p12");
        assert!(!file_name("../../etc/x", "h\0/\n", 1, Kind::Jks).contains(['/', '\0', '\n']));
    }
}
