use super::*;
use crate::estate::record::{Authority, Estate};
use crate::profile::Profile;

const PASSPORT: &str = r#"
format = 1
[product]
id = "door"
name = "Door"
role = "authority"
home = "/opt/door"
[[component]]
id = "door"
name = "Door"
about = "lets in"
process = true
[lifecycle]
start = ["/opt/door/start"]
stop = ["/opt/door/stop"]
status = ["/opt/door/status"]
ready = "door-login"
order = 10
[installer]
install = ["/kit/door/setup", "-s", "{silent}"]
configure = ["{home}/configure", "-s", "{silent}"]
silent = "SilentFile/Install_Door.properties"
secret = [{ component = "door", variable = "Secret", twin = "Again" }]
log = "install.log"
success = ["Summary"]
failure = ["Error"]
deadline = 60
[[probe]]
id = "door-login"
kind = "command"
deadline = 1000
command = ["/opt/door/login"]
[[probe]]
id = "door-port"
kind = "port"
deadline = 1000
"#;

const ROOMS: &str = r#"
format = 1
[product]
id = "rooms"
name = "Rooms"
role = "client"
home = "/opt/rooms"
[[variable]]
id = "other_nodes"
question = "Where else?"
default = "north, south"
[[component]]
id = "kitchen"
name = "Kitchen"
about = "cooks"
holds_secret = true
[[component]]
id = "cellar"
name = "Cellar"
about = "keeps"
holds_secret = true
[[component]]
id = "house"
name = "House"
about = "is all of it"
process = true
[lifecycle]
start = ["/opt/rooms/start"]
stop = ["/opt/rooms/stop"]
status = ["/opt/rooms/status"]
deadline = 30
order = 20
[installer]
install = ["/kit/rooms/setup", "-s", "{silent}"]
configure = ["{home}/configure", "-s", "{silent}"]
uninstall = ["{home}/uninstall"]
silent = "/opt/rooms/SilentFile/Install_Rooms.properties"
secret = [{ component = "kitchen", variable = "KitchenSecret" }, { component = "cellar", variable = "CellarSecret" }]
select = [{ component = "kitchen", variable = "Kitchen", value = "true" }, { component = "attic", variable = "Attic", value = "true" }]
set = [{ variable = "PassPortHost", value = "{host}" }]
log = "install.log"
success = ["Summary"]
failure = ["Error"]
deadline = 60
[registration]
by = "product"
strategy = ["cutover"]
[[registration.watch]]
component = "kitchen"
log = "logs/k*.log"
aligned = ["in"]
differs = ["out"]
deadline = 30
[[registration.watch]]
component = "cellar"
log = "logs/c.log"
aligned = ["in"]
differs = ["out"]
deadline = 30
"#;

const ALL: [&str; 4] = ["door", "kitchen", "cellar", "house"];

fn settings(components: &[&str]) -> Settings {
    Settings {
        label: String::new(),
        certificate: String::new(),
        dir: "/e".into(),
        components: components.iter().map(|id| (*id).to_owned()).collect(),
        authority: Authority {
            kind: "passport".into(),
            host: "gate".into(),
            https_port: 6453,
            client_auth_port: 6666,
            domain: "Synchrony".into(),
        },
        csd: "csd.xml".into(),
        listen: "127.0.0.1".into(),
        system_password_from: "generate".into(),
        gateway_listen: "127.0.0.1:6180".into(),
        repositories: None,
        certificates: std::collections::BTreeMap::new(),
    }
}

/// The products that have one of these components, as a process would know them whose estate is this site.
fn homes(selected: &[String]) -> (Vec<ProductHome>, Vec<ComponentHome>) {
    let mut products = Vec::new();
    let mut components = Vec::new();
    for text in [PASSPORT, ROOMS] {
        let profile: &'static Profile = Box::leak(Box::new(toml::from_str(text).expect("a profile")));
        let product = ProductHome { profile, home: PathBuf::from(&profile.product.home) };
        let chosen: Vec<_> = profile.component.iter().filter(|one| selected.contains(&one.id)).collect();
        if !chosen.is_empty() {
            products.push(product.clone());
        }
        components.extend(chosen.into_iter().map(|component| ComponentHome::new(product.clone(), component)));
    }
    (products, components)
}

fn planned(selected: &[&str], running: &[&str], secret: SiteSecret) -> Plan {
    let found = SiteFound { running: running.iter().map(|id| (*id).to_owned()).collect(), ..SiteFound::default() };
    let settings = settings(selected);
    let homes = homes(&settings.components);
    Work::new(&found, &settings, homes, secret == SiteSecret::First).plan("mode = \"configure\"\n", secret)
}

fn steps(plan: &Plan) -> Vec<String> {
    plan.steps.iter().map(|step| step.describe(&plan.dir)).collect()
}

fn runs(plan: &Plan) -> Vec<&InstallerRun> {
    fn run(step: &Step) -> Option<&InstallerRun> {
        if let Step::RunInstaller(run) = step { Some(run) } else { None }
    }
    plan.steps.iter().filter_map(run).collect()
}

#[test]
fn the_documented_order_is_kept_and_only_what_runs_is_stopped() {
    let plan = planned(&ALL, &["door", "house"], SiteSecret::Next);
    assert_eq!(
        steps(&plan),
        [
            "Write answers.toml",
            "Write estate.toml",
            "Stop House",
            "Stop Door",
            "Configure Door with the new secret, by its own installer",
            "Start Door",
            "Probe door-login",
            "See kitchen and cellar refused with the old secret",
            "Configure Rooms with the new secret, by its own installer",
            "Start House and see kitchen and cellar accepted",
            "Verify the estate",
        ]
    );
    let ids: Vec<&str> = plan.running.iter().map(|process| process.component.as_str()).collect();
    assert_eq!(ids, ["door", "house"]);
    let stopped = planned(&ALL, &[], SiteSecret::Next);
    assert_eq!(steps(&stopped)[2..], steps(&plan)[4..]);
}

#[test]
fn a_node_without_the_authority_leaves_that_alone() {
    let plan = planned(&ALL[1..], &["house"], SiteSecret::Next);
    assert_eq!(
        steps(&plan)[2..],
        [
            "Stop House",
            "See kitchen and cellar refused with the old secret",
            "Configure Rooms with the new secret, by its own installer",
            "Start House and see kitchen and cellar accepted",
            "Verify the estate",
        ]
    );
    let alone = planned(&ALL[..1], &[], SiteSecret::Next);
    assert_eq!(steps(&alone).len(), 6);
    assert!(alone.still_to_do.is_empty() && plan.still_to_do[0].starts_with("Rooms on north, south: run"));
}

#[test]
fn an_installer_is_told_everything_and_run_again_to_put_the_old_secret_back() {
    let plan = planned(&ALL, &[], SiteSecret::Next);
    let [door, rooms] = runs(&plan)[..] else { panic!("two runs") };
    assert_eq!((door.command[0].as_str(), &door.back), ("/opt/door/configure", &Back::Again));
    assert_eq!(door.silent, Path::new("/opt/door/SilentFile/Install_Door.properties"));
    assert_eq!(rooms.work, Path::new("/e/journal/silent/rooms"));
    assert_eq!(rooms.command, ["/opt/rooms/configure", "-s", "{silent}"]);
    assert_eq!(rooms.set, [Setting { variable: "PassPortHost".into(), value: "gate".into() }]);
    assert_eq!(rooms.select.iter().map(|select| select.variable.as_str()).collect::<Vec<_>>(), ["Kitchen"]);
    assert_eq!(rooms.secret.len(), 2);
}

#[test]
fn install_stops_nothing_and_sees_nobody_refused() {
    let plan = planned(&ALL, &[], SiteSecret::First);
    assert_eq!(
        steps(&plan)[2..],
        [
            "Install Door, by its own installer",
            "Start Door",
            "Probe door-login",
            "Install Rooms, by its own installer",
            "Start House and see kitchen and cellar accepted",
            "Verify the estate",
        ]
    );
    let [door, rooms] = runs(&plan)[..] else { panic!("two runs") };
    assert_eq!((plan.act.as_str(), &door.back), ("install", &Back::ByHand));
    assert_eq!(rooms.back, Back::Command(vec!["/opt/rooms/uninstall".into()]));
}

#[test]
fn processes_are_asked_by_their_own_command_and_watched_in_their_logs() {
    let plan = planned(&ALL, &["door", "house"], SiteSecret::Next);
    let [door, house] = &plan.running[..] else { panic!("two processes") };
    assert_eq!((&door.status[0][..], door.deadline, door.watch.len()), ("/opt/door/status", 60, 0));
    let logs: Vec<_> = house.watch.iter().map(|watch| watch.log.display().to_string()).collect();
    assert_eq!(logs, ["/opt/rooms/logs/k*.log", "/opt/rooms/logs/c.log"]);
}

#[test]
fn a_kept_secret_changes_the_records_alone() {
    let settings = settings(&ALL);
    let records = ["old answers\n".to_owned(), Estate { components: vec![], ..settings.estate() }.to_toml()];
    let found = SiteFound { running: vec!["door".into()], records: Some(records), ..SiteFound::default() };
    let work = Work::new(&found, &settings, homes(&settings.components), false);
    let plan = work.plan("new answers\n", SiteSecret::Kept);
    assert_eq!(steps(&plan), ["Change answers.toml"]);
    assert!(plan.still_to_do.is_empty());
}
