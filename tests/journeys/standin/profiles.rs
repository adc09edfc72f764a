//! The stand-in's own profiles and silent files are what the program takes a site's for.

use std::path::Path;

use countersign::installer::adopt::{bases, fit, look};
use countersign::installer::silent::Tree;
use countersign::profile::{Profile, shipped, site};

use super::site::Site;

const INSTALLERS: [&str; 3] = ["4.8", "4.9", "4.10"];

fn of(site: &Site) -> Vec<Profile> {
    let loaded =
        site::load(&site.path("estate"), site::Missing::Refused).unwrap_or_else(|problems| panic!("{problems}"));
    loaded.expect("it has profiles")
}

#[test]
fn its_profiles_are_whole_with_every_value_filled_in() {
    let site = Site::made(&["--kit"]);
    let profiles = of(&site);
    let ids: Vec<&str> = profiles.iter().map(|profile| profile.product.id.as_str()).collect();
    assert_eq!(ids, ["b2bi", "passport"]);
    for profile in &profiles {
        let id = &profile.product.id;
        assert!(!profile.product.verified, "nobody tried {id} on the real product");
        assert_eq!(Path::new(&profile.product.home), site.path(id));
        let installer = profile.installer.as_ref().expect("an installer");
        assert_eq!(installer.configure[1..], ["-s", "{silent}"], "the run's own word stays");
        let lifecycle = [&profile.lifecycle.start, &profile.lifecycle.stop, &profile.lifecycle.status];
        assert!(lifecycle.iter().all(|command| Path::new(&command[0]).starts_with(&profile.product.home)));
    }
    let b2bi = profiles[0].installer.as_ref().expect("an installer");
    let secrets: Vec<&str> = b2bi.secret.iter().map(|secret| secret.component.as_str()).collect();
    let selects: Vec<&str> = b2bi.select.iter().map(|select| select.component.as_str()).collect();
    assert_eq!(secrets, ["integrator", "interchange"]);
    assert_eq!(selects, ["integrator", "interchange", "b2bi", "b2bi-server"]);
}

#[test]
fn its_silent_files_tell_the_same_in_the_shape_of_every_installer() {
    for installer in INSTALLERS {
        let site = Site::made(&["--kit", "--installer", installer]);
        for (product, secrets) in [("passport", 1), ("b2bi", 2)] {
            let master = site.masters(&format!("kit/{product}")).pop().expect("a silent file");
            let tree = Tree::read(&master).unwrap_or_else(|error| panic!("{error}"));
            let adopted = look(&tree, &[]).unwrap_or_else(|errors| panic!("{errors:?}"));
            assert_eq!(adopted.installer, Some(format!("{installer}.0")));
            assert_eq!(adopted.install_dir.as_deref().map(Path::new), Some(&*site.path(product)));
            assert_eq!(adopted.logical_name.as_deref(), Some("StandIn"));
            assert_eq!(adopted.secrets.len(), secrets, "{:?}", adopted.secrets);
            assert!(adopted.secrets.iter().all(|secret| secret.encrypted && secret.twin.is_some()));

            let base = format!("axway/{product}");
            let fitting: Vec<&str> = bases(shipped::all(), &tree, &adopted).iter().map(|(id, _)| *id).collect();
            assert_eq!(fitting, [base.as_str()]);
            let (_, profile) = shipped::all().iter().find(|(id, _)| *id == base).expect("shipped");
            let fitting = fit(profile, shipped::all(), &adopted);
            let written = of(&site).into_iter().find(|profile| profile.product.id == product).expect("its profile");
            let written = written.installer.expect("an installer");
            let mut found: Vec<_> =
                fitting.secrets.iter().map(|(of, it)| (of.clone(), &it.variable, &it.twin)).collect();
            found.sort();
            let written_ones = written.secret.iter().map(|it| (Some(it.component.clone()), &it.variable, &it.twin));
            assert_eq!(found, written_ones.collect::<Vec<_>>());
            assert_eq!(fitting.selects, written.select, "{product} {installer}");
        }
    }
}
