//! What a component has several of, once its repositories are known: places for the secret, and registrations.

use std::path::PathBuf;

use super::ComponentHome;
use super::record::Authority;
use crate::keystore::Kind;
use crate::profile::Place;
use crate::registration::connection::Connection;
use crate::registration::repository::Repository;
use crate::registration::site::Site;

impl ComponentHome {
    /// The file that names its repositories, where its product keeps them in one.
    pub fn repositories_file(&self) -> Option<PathBuf> {
        let repositories = self.product.profile.repositories.as_ref()?;
        self.component.conf.as_ref()?;
        Some(self.home().join(self.values().fill(&repositories.file)))
    }

    /// Its repositories at the estate's own authority; none where its product keeps no file of them.
    pub fn repositories(&self) -> impl Iterator<Item = (&str, &Repository)> {
        let all = self.repositories.iter().flat_map(|known| &known.repositories);
        all.filter(|(_, repository)| !repository.elsewhere).map(|(name, repository)| (name.as_str(), repository))
    }

    /// Its places for the secret. One that stands for every repository is there once for each; once for all of them
    /// while nobody knows which there are.
    pub fn places(&self) -> impl Iterator<Item = (&'static Place, PathBuf)> + '_ {
        let own = self.product.profile.place.iter().filter(|place| place.component == self.component.id);
        own.flat_map(|place| self.each(place)).map(|place| (place, self.home().join(&place.file)))
    }

    fn each(&self, place: &'static Place) -> Vec<&'static Place> {
        if place.is_of_each_repository() && self.repositories.is_some() {
            self.repositories().map(|(name, _)| place.of(name)).collect()
        } else {
            vec![place]
        }
    }

    /// Where its registrations stand with this authority: one, or one for each repository; none when it never
    /// registers.
    pub fn sites(&self, authority: &Authority) -> Vec<Site> {
        let Some((conf, identity)) = self.component.conf.as_ref().zip(self.component.identity.as_ref()) else {
            return Vec::new();
        };
        let conf = self.home().join(conf);
        let from = Connection::from(authority);
        let one = |repository: &String| Site {
            conf: conf.clone(),
            repository: repository.clone(),
            host: authority.host.clone(),
            address: None,
            https_port: authority.https_port,
            client_auth_port: authority.client_auth_port,
            kind: Kind::Jks,
            identity: identity.clone(),
        };
        let several = self.repositories().map(|(name, one)| one.site(name, conf.clone(), &from, identity.clone()));
        self.component.repository.iter().map(one).chain(several).collect()
    }

    /// In whose name the secret of one of its places is proved.
    pub fn site_of(&self, place: &Place, authority: &Authority) -> Option<Site> {
        let mut sites = self.sites(authority).into_iter();
        sites.find(|site| place.repository.is_empty() || place.repository == site.repository)
    }

    /// Its registrations with this authority, each with the command that drives it once.
    pub fn registrations(&self, authority: &Authority) -> Vec<(Vec<String>, Site)> {
        let Some(registration) = &self.product.profile.registration else { return Vec::new() };
        let command =
            |site: &Site| self.values().with("repository", site.repository.as_str()).fill_all(&registration.command);
        self.sites(authority).into_iter().map(|site| (command(&site), site)).collect()
    }

    /// Its name for people where one of its registrations is meant; with the repository where it has several.
    pub fn registered_as(&self, site: &Site) -> String {
        let name = &self.component.name;
        if self.component.repository.is_some() { name.clone() } else { format!("{name} ({})", site.repository) }
    }

    /// Whether it registers, as its profile says.
    pub fn registers(&self) -> bool {
        let has_sites = self.component.repository.is_some() || self.repositories_file().is_some();
        has_sites && self.product.profile.registration.as_ref().is_some_and(|one| !one.command.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use super::super::home::{ProductHome, planned};
    use super::*;
    use crate::profile::Profile;
    use crate::registration::repository::Repositories;

    const PROFILE: &str = r#"
        format = 1
        [product]
        id = "p"
        name = "P"
        role = "client"
        home = "p"
        [repositories]
        file = "{conf}/r.toml"
        [[component]]
        id = "c"
        name = "C"
        about = "x"
        conf = "conf"
        identity = { name = "c", version = "1", group = "g", instance = "default" }
        [[place]]
        component = "c"
        file = "conf/r.toml"
        format = "toml"
        key = "repositories/*/secret"
        form = "plain"
        alphabet = "a-z"
        length = [1, 9]
        [registration]
        by = "product"
        command = ["c", "--repository", "{repository}"]
        strategy = ["overlap"]
    "#;

    const FILE: &str = "format = 1\n[authority]\nhost = \"old\"\nhttps_port = 1\nclient_auth_port = 2\n\
                        domain = \"D\"\n[repositories.\"a/b\"]\nclient_auth_port = 7\n[repositories.far]\n\
                        elsewhere = true\n[repositories.z]\nkeystore = \"pkcs12\"\n";

    fn component(dir: &Path) -> ComponentHome {
        let profile: &'static Profile = Box::leak(Box::new(toml::from_str(PROFILE).expect("a profile")));
        ComponentHome::new(ProductHome { profile, home: dir.to_path_buf() }, &profile.component[0])
    }

    fn keys(component: &ComponentHome) -> Vec<String> {
        component.places().map(|(place, _)| place.key.clone()).collect()
    }

    #[test]
    fn every_repository_of_this_authority_has_a_place_and_a_registration() {
        let dir = tempfile::tempdir().expect("a folder");
        assert_eq!(keys(&component(dir.path())), ["repositories/*/secret"], "nobody knows which there are");
        std::fs::create_dir(dir.path().join("conf")).expect("made");
        std::fs::write(dir.path().join("conf/r.toml"), FILE).expect("written");
        let component = component(dir.path());
        assert_eq!(keys(&component), ["repositories/a~1b/secret", "repositories/z/secret"]);
        let authority = Authority {
            kind: "embedded".into(),
            host: "new".into(),
            https_port: 3,
            client_auth_port: 4,
            domain: "D".into(),
        };
        let told: Vec<String> = component
            .registrations(&authority)
            .iter()
            .map(|(command, site)| {
                let name = site.keystore().file_name().unwrap_or_default().display().to_string();
                format!("{} {name} {}", command.join(" "), site.https_port)
            })
            .collect();
        let expected = ["c --repository a/b keystore_a_b_new_7.jks 3", "c --repository z keystore_z_new_4.p12 3"];
        assert_eq!(told, expected);
        let (place, _) = component.places().nth(1).expect("a place");
        assert_eq!(component.site_of(place, &authority).map(|site| site.repository), Some("z".into()));
        assert!(std::ptr::eq(place, component.places().nth(1).expect("the same").0), "derived places are kept");
    }

    #[test]
    fn engines_have_one_registration_whatever_repositories_are_planned() {
        let read = toml::from_str::<Repositories>(FILE).expect("repositories");
        let selected = ["integrator".to_owned()];
        let homes = planned(Path::new("/e"), &selected, Some(&Arc::new(read)));
        assert_eq!(homes[0].repositories().count(), 0);
        assert!(homes[0].registers());
    }
}
