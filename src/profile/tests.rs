//! What is told of broken profiles, word by word and place by place.

use proptest::prelude::*;

use super::*;

/// A profile without a mistake; each test below breaks it somewhere.
const SOUND: &str = r#"format = 1
[product]
id = "door"
name = "Door"
role = "client"
home = "/srv/door"
[[variable]]
id = "tool"
question = "Which program opens it?"
kind = "program"
[[component]]
id = "lock"
name = "Lock"
about = "keeps it shut"
holds_secret = true
process = true
[[component]]
id = "bell"
name = "Bell"
about = "rings"
[[group]]
members = ["lock", "bell"]
rule = "all-or-nothing"
reason = "they share a wire"
[[place]]
component = "lock"
file = "conf/lock.properties"
format = "properties"
key = "secret"
form = "plain"
mode = "0600"
alphabet = "a-z0-9"
length = [8, 64]
[lifecycle]
start = ["{tool}", "start", "{component}"]
stop = ["{tool}", "stop"]
status = ["{tool}", "status"]
ready = "knock"
apply = "restart"
after = ["passport"]
[installer]
configure = ["{tool}", "-s", "{silent}"]
silent = "silent/master.properties"
log = "install.log"
success = ['(?i)done']
failure = ['(?i)error']
deadline = 600
[[installer.secret]]
component = "lock"
variable = "Lock.Secret"
twin = "Lock.Secret.Confirm"
[registration]
by = "product"
strategy = ["cutover"]
[[registration.watch]]
component = "lock"
log = "logs/lock-*.log"
aligned = ['accepted']
differs = ['refused']
deadline = 60
[[probe]]
id = "knock"
kind = "command"
target = "lock"
command = ["{tool}", "knock"]
deadline = 5000
"#;

fn problems(text: &str) -> Vec<String> {
    read(text, "door.toml").err().map_or_else(Vec::new, |found| found.0.iter().map(ToString::to_string).collect())
}

/// Exactly this is told, in this order, when one line, or several, are others.
fn told(line: &str, other: &str, expected: &[&str]) {
    assert_eq!(SOUND.matches(line).count(), 1, "{line} stands there once");
    let expected: Vec<String> = expected.iter().map(|line| format!("door.toml:{line}")).collect();
    assert_eq!(problems(&SOUND.replace(line, other)), expected, "{line} -> {other}");
}

#[test]
fn what_is_no_toml_and_another_format_are_told_alone() {
    told("[lifecycle]", "[lifecycle]\nstart = 1\nx =", &["36:4: is not valid TOML here", "37:1: start stands twice"]);
    told("[product]\n", "[product]\nid = \"a\"\n", &["4:1: id stands twice"]);
    told("format = 1", "format = 2", &["1:10: format is newer than this version reads: it reads format 1"]);
}

#[test]
fn keys_and_kinds_are_known() {
    told(
        "role = \"client\"\nhome",
        "rol = \"client\"\ncolour = \"red\"\nhome",
        &[
            "5:1: product.rol is not known; did you mean product.role?",
            "6:1: product.colour is not known; here stand home, id, name, note, role, secret, verified",
        ],
    );
    told("process = true", "process = \"yes\"", &["16:11: component[1].process must be true or false"]);
    told("name = \"Bell\"\n", "", &["17:1: component[2].name is missing: its name for people"]);
    told("rule = \"all-or-nothing\"", "rule = \"all-or-nothink\"", &["23:8: group[1].rule must be all-or-nothing"]);
    told(
        "format = \"properties\"\nkey = \"secret\"\nform = \"plain\"",
        "format = \"propertys\"\nkey = \"secret\"\nform = \"rot13\"",
        &[
            "28:10: place[1].format must be properties, ini, toml, xml, json, yaml, words or whole; did you mean properties?",
            "30:8: place[1].form must be plain, quoted, base64, hex or opaque",
        ],
    );
    told(
        "[product]\nid = \"door\"\nname = \"Door\"\nrole = \"client\"\nhome = \"/srv/door\"\n",
        "",
        &[" product is missing: the product itself"],
    );
    told("name = \"Door\"", "name = \"Do\\u001bor\"", &["4:8: product.name must be one line of printable text"]);
    told(
        "[[component]]\nid = \"bell\"",
        "[component.x]\nid = \"bell\"",
        &[
            "17:12: component[1].x is not known; here stand about, conf, csd, holds_secret, id, identity, name, optional, process, repository",
            "22:20: group[1].members[2] names no component of this profile, which has lock",
        ],
    );
    told("length = [8, 64]", "length = [8]", &["33:10: place[1].length must have 2 numbers"]);
    told(
        "[registration]\n",
        "[connection]\nfile=\"x\"\nformat=\"xml\"\nkeys={hots=\"a/b\"}\n[registration]\n",
        &[
            "55:7: connection.keys.hots is no answer about the authority; there are host, listen, https_port, client_auth_port, domain, csd",
        ],
    );
}

#[test]
fn names_name_what_is_there_and_stand_for_one_thing() {
    told(
        "component = \"lock\"\nfile",
        "component = \"lokc\"\nfile",
        &["26:13: place[1].component names no component of this profile; did you mean lock?"],
    );
    told(
        "members = [\"lock\", \"bell\"]",
        "members = [\"lock\", \"bel\", \"lock\"]",
        &[
            "22:20: group[1].members[2] names no component of this profile; did you mean bell?",
            "22:27: group[1].members[3] is named twice in this group",
        ],
    );
    told(
        "id = \"bell\"",
        "id = \"lock\"",
        &[
            "18:6: component[2].id stands for an earlier component already: each has an id of its own",
            "22:20: group[1].members[2] names no component of this profile, which has lock, lock",
            "26:13: place[1].component has a place, so its table needs holds_secret = true",
        ],
    );
    told(
        "command = [\"{tool}\", \"knock\"]\ndeadline = 5000\n",
        "command = [\"{tool}\"]\ndeadline = 5000\n[[probe]]\nid = \"knock\"\nkind = \"log\"\ndeadline = 0\n",
        &[
            "67:1: probe[2].log is missing: a probe of kind log needs it",
            "67:1: probe[2].aligned is missing: a probe of kind log needs it",
            "68:6: probe[2].id stands for an earlier probe already: each has an id of its own",
            "70:12: probe[2].deadline must be a whole number from 1 to 600000",
        ],
    );
    told(
        "ready = \"knock\"",
        "ready = \"knok\"",
        &["38:9: lifecycle.ready names no probe of this profile; did you mean knock?"],
    );
    told(
        "after = [\"passport\"]",
        "after = [\"passprot\", \"door\"]",
        &[
            "40:10: lifecycle.after[1] names a product that is not known; did you mean passport?",
            "40:22: lifecycle.after[2] names the product itself: it cannot run before itself",
        ],
    );
    told(
        "component = \"lock\"\nlog = \"logs/lock-*.log\"",
        "component = \"key\"\nlog = \"logs/*/lock.log\"",
        &[
            "56:13: registration.watch[1].component names no component of this profile, which has lock, bell",
            "57:7: registration.watch[1].log may have * in its last part only",
        ],
    );
}

#[test]
fn words_in_braces_are_variables_and_variables_are_used() {
    told(
        "\"{tool}\", \"knock\"",
        "\"{toll}\", \"{clapper}\"",
        &[
            "65:12: probe[1].command[1] holds {toll}, which is no variable; did you mean {tool}?",
            r#"65:22: probe[1].command[2] holds {clapper}, which is no variable: add a [[variable]] with id = "clapper""#,
        ],
    );
    told(
        "kind = \"program\"",
        "kind = \"program\"\n[[variable]]\nid = \"spare\"\nquestion = \"?\"",
        &["12:6: variable[2].id is used nowhere: write it in braces where it belongs, or take it out"],
    );
    told(
        "id = \"tool\"",
        "id = \"home\"",
        &[
            "8:6: variable[1].id is used nowhere: write it in braces where it belongs, or take it out",
            "8:6: variable[1].id is a word that Countersign fills in itself; take another",
            r#"35:10: lifecycle.start[1] holds {tool}, which is no variable: add a [[variable]] with id = "tool""#,
            r#"36:9: lifecycle.stop[1] holds {tool}, which is no variable: add a [[variable]] with id = "tool""#,
            r#"37:11: lifecycle.status[1] holds {tool}, which is no variable: add a [[variable]] with id = "tool""#,
            r#"42:14: installer.configure[1] holds {tool}, which is no variable: add a [[variable]] with id = "tool""#,
            r#"65:12: probe[1].command[1] holds {tool}, which is no variable: add a [[variable]] with id = "tool""#,
        ],
    );
    told(
        "kind = \"program\"\n",
        "kind = \"program\"\ndefault = \"bin/open -x\"\n",
        &[
            "11:11: variable[1].default must be one program, as an absolute path or a bare name; arguments stand in the profile's command",
        ],
    );
}

#[test]
fn a_place_is_a_file_or_commands_or_the_vendors_tools() {
    told(
        "file = \"conf/lock.properties\"",
        "file = \"../lock.properties\"",
        &["27:8: place[1].file must lie below the product's home: no `/` at its beginning, no `..`"],
    );
    told(
        "file = \"conf/lock.properties\"",
        "file = \"/etc/lock.properties\"",
        &["27:8: place[1].file must lie below the product's home: no `/` at its beginning, no `..`"],
    );
    told(
        "file = \"conf/lock.properties\"\nformat = \"properties\"\nkey = \"secret\"\n",
        "",
        &[
            "25:1: place[1] has neither file nor commands: give file, format and key, or read and write, or the form opaque",
        ],
    );
    told(
        "file = \"conf/lock.properties\"\n",
        "write = [\"/usr/bin/set\"]\n",
        &[
            r#"25:1: place[1].read is missing: a place with write needs it, or compare = "probe""#,
            "28:10: place[1].format is for a place with a file; take it out, or give file",
            "29:7: place[1].key is for a place with a file; take it out, or give file",
            "31:8: place[1].mode is for a place with a file; take it out, or give file",
        ],
    );
    told(
        "file = \"conf/lock.properties\"\n",
        "file = \"x\"\nread = [\"/usr/bin/get\"]\n",
        &["27:8: place[1].file and commands cannot both be given: a place is a file or a pair of commands"],
    );
    told(
        "form = \"plain\"",
        "form = \"opaque\"",
        &[
            "25:1: place[1].compare must be probe with the form opaque: what cannot be read cannot be compared",
            "27:8: place[1].file is not for the form opaque, which only the vendor's tool reads and writes; take it out",
            "28:10: place[1].format is not for the form opaque, which only the vendor's tool reads and writes; take it out",
            "29:7: place[1].key is not for the form opaque, which only the vendor's tool reads and writes; take it out",
            "31:8: place[1].mode is not for the form opaque, which only the vendor's tool reads and writes; take it out",
        ],
    );
}

#[test]
fn a_place_tells_what_it_accepts_and_is_closed_to_others() {
    told("mode = \"0600\"", "mode = \"0988\"", &[r#"31:8: place[1].mode must be octal, as in "0600""#]);
    told(
        "mode = \"0600\"",
        "mode = \"0644\"",
        &["31:8: place[1].mode is too open for a secret: at most 0640, better 0600"],
    );
    told("length = [8, 64]", "length = [64, 8]", &["33:10: place[1].length has a least that is more than its most"]);
    told("alphabet = \"a-z0-9\"", "alphabet = \"\"", &["32:12: place[1].alphabet must not be empty"]);
    told("alphabet = \"a-z0-9\"", "alphabet = \"az-a\"", &["32:12: place[1].alphabet has a range that runs backwards"]);
}

#[test]
fn commands_are_lists_without_secrets() {
    told(
        "\"{tool}\", \"stop\"",
        "\"{tool}\", \"stop\", \"--password=hunter2\", \"--secret\", \"hunter2\", \"{secret}\"",
        &[
            "36:27: lifecycle.stop[3] looks like a secret, and everybody on the host can read arguments: commands get it by standard input",
            "36:61: lifecycle.stop[5] looks like a secret, and everybody on the host can read arguments: commands get it by standard input",
            "36:72: lifecycle.stop[6] must not hold {secret}: secrets reach commands by standard input only",
        ],
    );
    told(
        "start = [\"{tool}\", \"start\", \"{component}\"]",
        "start = [\"/usr/bin/open start\"]",
        &[
            "35:10: lifecycle.start[1] is a whole line: write the program and each argument by itself, as no shell reads it",
        ],
    );
    told(
        "start = [\"{tool}\", \"start\", \"{component}\"]",
        "start = [\"bin/open\"]",
        &["35:10: lifecycle.start[1] must be a program by its absolute path, by a bare name, or beginning with {home}"],
    );
}

#[test]
fn a_process_has_its_commands_and_a_holder_its_place() {
    told(
        "start = [\"{tool}\", \"start\", \"{component}\"]\n",
        "",
        &[
            "16:11: component[1].process needs lifecycle.start, or lifecycle.unit: a process is started and stopped by commands",
        ],
    );
    told(
        "holds_secret = true\n",
        "",
        &["25:13: place[1].component has a place, so its table needs holds_secret = true"],
    );
    told("apply = \"restart\"", "apply = \"reload\"", &["39:9: lifecycle.apply needs the command lifecycle.reload"]);
    told(
        "apply = \"restart\"",
        "apply = \"online\"",
        &["39:9: lifecycle.apply needs a [[place]] with the commands read and write"],
    );
    let none = SOUND
        .replace("apply = \"restart\"", "apply = \"none\"")
        .replace("[lifecycle]", "edit = \"stopped\"\n[lifecycle]");
    assert_eq!(
        problems(&none),
        [r#"door.toml:34:8: place[1].edit needs lifecycle.apply = "stop-write-start": else nobody stops the product"#]
    );
    let both = "and lifecycle.unit cannot both be given: systemd does that for a unit";
    told(
        "[lifecycle]\n",
        "[lifecycle]\nunit = \"door lock\"\n",
        &[
            "35:8: lifecycle.unit must be the name of one unit, such as redis-server.service",
            &format!("36:9: lifecycle.start {both}"),
            &format!("37:8: lifecycle.stop {both}"),
            &format!("38:10: lifecycle.status {both}"),
        ],
    );
}

#[test]
fn patterns_say_something_within_a_deadline() {
    told(
        "['(?i)done']",
        "['(?i)(done']",
        &["45:12: installer.success[1] is not a pattern (regular expression): unclosed group"],
    );
    told(
        "differs = ['refused']",
        "differs = ['accepted', '', '.*']",
        &[
            r#"59:12: registration.watch[1].differs[1] says "aligned" as well: one pattern cannot say both"#,
            "59:24: registration.watch[1].differs[2] fits every line, also an empty one",
            "59:28: registration.watch[1].differs[3] fits every line, also an empty one",
        ],
    );
    told(
        "deadline = 60\n",
        "deadline = 0\n",
        &["60:12: registration.watch[1].deadline must be a whole number from 1 to 3600"],
    );
    told(
        "deadline = 600\n",
        "deadline = 100000000\n",
        &["47:12: installer.deadline must be a whole number from 1 to 86400"],
    );
}

#[test]
fn an_installer_can_configure_and_each_variable_has_one_value() {
    told(
        "configure = [\"{tool}\", \"-s\", \"{silent}\"]\n",
        "",
        &[
            "41:1: installer.configure is missing: without its command in Configure mode the installer cannot change the secret",
        ],
    );
    told(
        "configure = [\"{tool}\", \"-s\", \"{silent}\"]\n",
        "configure = [\"{tool}\", \"-s\"]\n",
        &["42:13: installer.configure must name {silent}: that is how the installer is told its silent file"],
    );
    told(
        "twin = \"Lock.Secret.Confirm\"",
        "twin = \"Lock.Secret\"",
        &["51:8: installer.secret[1].twin is the variable itself: a twin is the one that confirms it"],
    );
}

#[test]
fn nobodys_secret_is_repeated() {
    for line in [
        "key = hunter2",
        "key = \"hunter2",
        "form = \"hunter2\"",
        "mode = \"hunter2\"",
        "length = \"hunter2\"",
        "read = [\"x\", \"--pwd=hunter2\"]",
    ] {
        let found = problems(&SOUND.replace("mode = \"0600\"\n", &format!("{line}\n"))).join("\n");
        assert!(!found.is_empty() && !found.contains("hunter2"), "{found}");
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&String::from_utf8_lossy(&bytes), "x");
    }

    #[test]
    fn a_profile_with_anything_in_it_never_panics(at in 0..SOUND.len(), cut in 0..30_usize, put in "(?s:.){0,12}|[\\[\\]{}=\"'.\\\\a-z-]{0,12}") {
        let from = SOUND.floor_char_boundary(at);
        let to = SOUND.floor_char_boundary((from + cut).min(SOUND.len()));
        let text = format!("{}{put}{}", &SOUND[..from], &SOUND[to..]);
        if read(&text, "x").is_ok() {
            prop_assert!(toml::from_str::<Profile>(&text).is_ok());
        }
    }
}

#[test]
fn the_embedded_profiles_are_read_and_the_authority_comes_first() {
    let ids: Vec<&str> = embedded().iter().map(|profile| profile.product.id.as_str()).collect();
    assert_eq!(ids, ["passport", "b2bi", "api-gateway"]);
}

#[test]
fn every_place_and_group_names_components_that_exist() {
    for profile in embedded() {
        let named = profile.place.iter().map(|place| &place.component);
        let grouped = profile.group.iter().flat_map(|group| &group.members);
        for id in named.chain(grouped) {
            assert!(profile.component.iter().any(|component| component.id == *id), "{id} is no component");
        }
    }
}
