//! What Install lays down, carried by the binary.

/// The text of a shipped file, by its path below `installer-assets/`.
pub fn text(path: &str) -> Option<&'static str> {
    ASSETS.iter().find(|(name, _)| *name == path).map(|(_, text)| *text)
}

macro_rules! assets {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("../../installer-assets/", $path)))),*]
    };
}

const ASSETS: &[(&str, &str)] = assets![
    "answers/quickstart.toml",
    "answers/with-gateway.toml",
    "api-gateway/gateway.toml",
    "b2bi/Integrator/conf/passport-access.properties",
    "b2bi/Integrator/conf/passportintegrationdefaults.xml",
    "b2bi/Interchange/conf/passport-access.xml",
    "b2bi/Interchange/conf/passportintegrationdefaults.xml",
    "b2bi/common/conf/b2bi.toml",
    "b2bi/common/maps/invoice.jq",
    "b2bi/common/maps/order.jq",
    "b2bi/common/maps/verification.jq",
    "csd/api-gateway.xml",
    "csd/integrator.xml",
    "csd/interchange.xml",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_asset_that_a_profile_names_is_carried() {
        for profile in crate::profile::embedded() {
            let files = profile.file.iter().map(|file| &file.asset);
            // A place of every repository is in the file that names them.
            let templates = profile.place.iter().filter(|place| !place.is_of_each_repository());
            let templates = templates.map(|place| &place.template);
            let csds = profile.component.iter().filter_map(|component| component.csd.as_ref());
            for path in files.chain(templates).chain(csds) {
                assert!(text(path).is_some(), "{path} is not carried");
            }
        }
    }
}
