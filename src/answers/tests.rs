//! What a file says and what is told about it.

use proptest::prelude::*;

use super::differences::in_the_order_of;
use super::*;
use crate::wizard::{Answers, FieldKind, Origin, Value, fields, missing};

fn problems(text: &str) -> Vec<String> {
    told(read_toml("answers.toml", text))
}

fn told(read: Result<Answers, Problems>) -> Vec<String> {
    read.err().map_or_else(Vec::new, |problems| problems.0.iter().map(ToString::to_string).collect())
}

#[test]
fn an_almost_empty_file_gives_the_defaults() {
    let answers = read_toml("answers.toml", "format = 1\n").unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(answers, Answers::default());
}

#[test]
fn values_carry_their_origin() {
    let answers = read_toml("a", "format = 1\n[authority]\nhost = \"pp\"\n").unwrap_or_else(|p| panic!("{p}"));
    assert_eq!((answers.text("authority.host"), answers.origin("authority.host")), ("pp", Origin::Answers));
    assert_eq!(answers.origin("authority.domain"), Origin::Default);
}

#[test]
fn three_of_four_components_are_refused_where_they_stand() {
    assert_eq!(
        problems("format = 1\ncomponents = [\"passport\", \"integrator\", \"interchange\", \"b2bi\"]\n"),
        ["answers.toml:2:14: components must also name b2bi-server: the configuration update of the B2Bi Server \
             fails unless all four are selected together; add it, or take out the others of the group"]
    );
}

#[test]
fn all_problems_are_told_at_once_in_the_order_of_the_file() {
    let text = r#"format = 1
mode = "update"
components = ["passprot", "integrator", "interchange", "b2bi", "b2bi-server", 7]
colour = "red"
host = "x"

[authority]
kind = "ldap"
hots = "localhost"
https_port = "6453"
client_auth_port = 70000
csd = "a/b"
domain = 2026-01-01

[secret]
from = "hunter2hunter2"

[integrator]
from = "same"

[repositories."PassPort - local"]
host = "localhost"
"#;
    assert_eq!(
        problems(text),
        [
            "answers.toml:2:8: mode must be install or configure",
            "answers.toml:3:15: components[1] is no component; did you mean passport?",
            "answers.toml:3:79: components[6] must be text",
            "answers.toml:4:1: colour is not known",
            "answers.toml:5:1: host is not known; did you mean authority.host?",
            "answers.toml:8:8: authority.kind must be embedded or est",
            "answers.toml:9:1: authority.hots is not known; did you mean authority.host?",
            "answers.toml:10:14: authority.https_port must be a whole number from 1 to 65535",
            "answers.toml:11:20: authority.client_auth_port must be a whole number from 1 to 65535",
            "answers.toml:12:7: authority.csd must be a file name without a folder",
            "answers.toml:13:10: authority.domain must be one line of printable text, not empty, not beginning with a \
             dash",
            "answers.toml:16:8: secret.from must say where the secret comes from: generate, keep, prompt, env:NAME, \
             file:PATH, fd:N, stdin, cred:NAME or command:[\"PROGRAM\",\"ARGUMENT\"]; the secret itself never stands \
             here",
            "answers.toml:19:1: integrator.from is not known; [integrator] takes secret",
            "answers.toml:21:15: repositories.\"PassPort - local\" needs the component api-gateway: name it in \
             components, or take the table out",
        ]
    );
}

const GATEWAY: &str = "format = 1\ncomponents = [\"passport\", \"api-gateway\"]\n";

#[test]
fn repositories_take_the_slots_in_their_order_and_are_recorded_by_their_names() {
    let text = format!(
        "{GATEWAY}[repositories.\"z - 1\"]\nhost = \"passport-host\"\naddress = \"127.0.0.1\"\n[repositories.a]\n\
         https_port = 7453\nkeystore = \"pkcs12\"\nsecret = \"env:S\"\n"
    );
    let answers = read_toml("a", &text).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!([1, 2].map(|slot| answers.text(&format!("repository-{slot}.name")).to_owned()), ["z - 1", "a"]);
    assert_eq!(answers.port("repository-2.https_port"), 7453);
    assert_eq!(answers.text("repository-2.another"), "no");
    let recorded = record(&answers);
    assert!(recorded.contains("[repositories.\"z - 1\"]\nhost = \"passport-host\"\naddress"), "{recorded}");
    assert!(!recorded.contains("another") && !recorded.contains("name = "), "{recorded}");
    let again = read_toml("again", &recorded).unwrap_or_else(|problems| panic!("{problems}"));
    assert!(differences(&answers, &again).is_empty() && record(&again) == recorded);
    let named = read_toml("named", &named(&answers)).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(
        record(&named),
        record(&{
            let mut answers = answers.clone();
            answers.set("estate.dir", named.value("estate.dir").clone(), Origin::Flag).expect("a folder");
            answers
        })
    );
    let json = r#"{"format": 1, "components": ["passport", "api-gateway"],
                   "repositories": {"z - 1": {"host": "passport-host"}, "a": {"https_port": 7453}}}"#;
    let json = read_json(json).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!((json.text("repository-2.name"), json.port("repository-2.https_port")), ("a", 7453));
    let one = read_toml("a", GATEWAY).unwrap_or_else(|problems| panic!("{problems}"));
    assert!(record(&one).contains("[repositories.PassPort]\nkeystore = \"jks\"\nsecret = \"same\"\n"));
}

#[test]
fn mistakes_in_a_repository_are_told_by_its_name_and_where_they_stand() {
    let text = format!(
        "{GATEWAY}[repositories.one]\nhots = \"a\"\nhttps_port = \"7\"\nanother = \"yes\"\n[repositories.b]\n\
         client_auth_port = 6453\n[repository-1]\nhost = \"a\"\n"
    );
    assert_eq!(
        problems(&text),
        [
            "answers.toml:4:1: repositories.one.hots is not known; did you mean repositories.one.host?",
            "answers.toml:5:14: repositories.one.https_port must be empty, or a whole number from 1 to 65535",
            "answers.toml:6:1: repositories.one.another is no key: the table's own name is the repository's, and each \
             repository has a table",
            "answers.toml:8:20: repositories.b.client_auth_port must differ from the repository's HTTPS port",
            "answers.toml:9:2: repository-1 is not known; did you mean repositories?",
        ]
    );
    let nine: String = (1..=9).map(|number| format!("[repositories.r{number}]\n")).collect();
    let told = problems(&format!("{GATEWAY}{nine}"));
    assert!(told.len() == 1 && told[0].starts_with("answers.toml:11:15: repositories.r9 is one too many"), "{told:?}");
    assert_eq!(
        problems(&format!("{GATEWAY}repositories = 7\n")),
        ["answers.toml:3:16: repositories must be a table with one table for each repository"]
    );
    let told = problems("format = 1\n[repositories.one]\n");
    assert_eq!(
        told,
        [
            "answers.toml:2:15: repositories.one needs the component api-gateway: name it in components, or take the table \
          out"
        ]
    );
}

#[test]
fn the_format_is_required_and_a_newer_one_is_left_alone() {
    assert_eq!(problems(""), ["answers.toml: format is missing: the file must say format = 1"]);
    assert_eq!(
        problems("format = 2\nnews = true\n"),
        ["answers.toml:1:10: format is newer than this version reads: it reads format 1"]
    );
    for text in ["format = 0", "format = \"1\"", "format = 1.0"] {
        assert_eq!(problems(text), ["answers.toml:1:10: format must be 1"]);
    }
}

#[test]
fn a_rule_between_fields_points_to_what_the_file_says_of_it() {
    let rule = "authority.client_auth_port must differ from authority.https_port";
    assert_eq!(problems("format = 1\n[authority]\nclient_auth_port = 6453\n"), [format!("answers.toml:3:20: {rule}")]);
    assert_eq!(problems("format = 1\n[authority]\nhttps_port = 6666\n"), [format!("answers.toml:2:2: {rule}")]);
}

#[test]
fn neither_a_broken_line_nor_a_wrong_value_is_repeated() {
    for line in [
        "from = \"hunter2\" hunter2",
        "from = hunter2",
        "from = \"hunter2",
        "hunter2",
        "from = \"hunter2\"",
        "from = [\"hunter2\"]",
        "from = { hunter2 = 1 }",
        "from = '''hunter2",
    ] {
        let told = problems(&format!("format = 1\n[secret]\n{line}\n"));
        assert!(!told.is_empty(), "{line} was taken");
        assert!(told.iter().all(|problem| !problem.contains("hunter2")), "{told:?}");
        assert!(told[0].starts_with("answers.toml:"), "{told:?}");
    }
    assert_eq!(problems("format = 1\nmode = install\n"), ["answers.toml:2:8: is not valid TOML here"]);
}

#[test]
fn a_key_that_stands_twice_is_named_and_the_rest_is_still_checked() {
    let text = "format = 1\nmode = \"install\"\nmode = \"install\"\n[authority]\nhttps_port = 0\n";
    assert_eq!(
        problems(text),
        [
            "answers.toml:3:1: mode stands twice",
            "answers.toml:5:14: authority.https_port must be a whole number from 1 to 65535"
        ]
    );
    assert_eq!(
        told(read_json(r#"{"format": 1, "mode": "install", "mode": "install"}"#)),
        ["standard input: mode stands twice"]
    );
}

#[test]
fn json_is_the_same_model() {
    let answers = read_json(r#"{"format": 1, "components": ["passport"], "secret": {"from": "env:A"}}"#);
    let answers = answers.unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!((answers.list("components"), answers.text("secret.from")), (&["passport".to_owned()][..], "env:A"));
    assert_eq!(
        told(read_json(r#"{"format": 1, "authority": {"https_port": 6453.5, "client_auth_port": true}, "estate": 1}"#)),
        [
            "standard input: authority.https_port must be a whole number from 1 to 65535",
            "standard input: authority.client_auth_port must be a whole number from 1 to 65535",
            "standard input: estate must be a table",
        ]
    );
    assert_eq!(told(read_json("[]")), ["standard input: must be a JSON object"]);
    assert_eq!(told(read_json("{\n\"a\": hunter2}")), ["standard input:2:6: is not valid JSON here"]);
}

#[test]
fn stronger_answers_stay_and_are_named_when_they_break_a_rule() {
    let mut base = Answers::default();
    set_flag(&mut base, "authority.https_port=7000").unwrap_or_else(|error| panic!("{error}"));
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("answers.toml");
    std::fs::write(&path, "format = 1\n[authority]\nhttps_port = 6666\n").expect("written");
    let answers =
        read_file_over(&path, |_| Ok::<_, Problems>(base.clone())).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!((answers.port("authority.https_port"), answers.origin("authority.https_port")), (7000, Origin::Flag));
    set_flag(&mut base, "components=passport,integrator").unwrap_or_else(|error| panic!("{error}"));
    let told = told(read_file_over(&path, |_| Ok::<_, Problems>(base)));
    assert!(told.len() == 1 && told[0].starts_with("flag: components must also name "), "{told:?}");
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("answers.toml");
    assert!(told(read_file(&path))[0].contains("answers.toml: cannot be read: "));
    std::fs::write(&path, [b'f', 0xff]).expect("written");
    assert!(told(read_file(&path))[0].ends_with("answers.toml: is not UTF-8 text"));
    assert!(told(read_file(std::path::Path::new("/dev/zero")))[0].contains("longer than 1 MiB"));
}

#[test]
fn a_record_is_in_page_order_with_a_comment_a_table() {
    let mut answers = Answers::default();
    answers.set("ask", Value::List(vec!["secret.from".into()]), Origin::Answers).expect("a list");
    answers.set("secret.from", "prompt".into(), Origin::Typed).expect("a source");
    let text = record(&answers);
    let tables: Vec<&str> = text.lines().filter(|line| line.starts_with('[')).collect();
    assert_eq!(tables, ["[estate]", "[authority]", "[secret]", "[integrator]", "[interchange]"]);
    for (before, line) in text.lines().zip(text.lines().skip(1)) {
        assert!(!line.starts_with('[') || before.len() > 10, "{line} has no comment");
    }
    assert!(text.contains("ask = []\n") && text.contains("from = \"prompt\"\n"));
}

fn valid_value(kind: FieldKind) -> BoxedStrategy<Value> {
    let texts = |pattern| proptest::string::string_regex(pattern).expect("a pattern").prop_map(Value::Text);
    match kind {
        FieldKind::Components => prop_oneof![
            Just(Value::List(vec!["passport".into()])),
            Just(crate::wizard::components::ids().map(String::from).collect::<Vec<_>>())
                .prop_shuffle()
                .prop_map(Value::List),
        ]
        .boxed(),
        FieldKind::Fields => Just(Value::List(Vec::new())).boxed(),
        FieldKind::Choice(choices) if choices.iter().any(|choice| choice.refused().is_some()) => {
            Just(choices[0].id.into()).boxed()
        }
        FieldKind::Choice(choices) => proptest::sample::select(choices).prop_map(|choice| choice.id.into()).boxed(),
        FieldKind::Port => (1..=65535_i64).prop_map(Value::Number).boxed(),
        FieldKind::Host => texts("[a-z][a-z0-9]{0,20}(\\.[a-z]{2,5}){0,3}").boxed(),
        FieldKind::Address => any::<std::net::IpAddr>().prop_map(|a| Value::Text(a.to_string())).boxed(),
        FieldKind::Socket => any::<std::net::SocketAddr>().prop_map(|a| Value::Text(a.to_string())).boxed(),
        FieldKind::SecretSource { .. } => {
            prop_oneof![texts("(env|file|cred):[^=/\0]{1,20}"), texts("prompt|fd:[1-9]"), texts("file:(?s:.){1,20}")]
                .boxed()
        }
        FieldKind::Optional(kind) => prop_oneof![Just(Value::from("")), valid_value(*kind)].boxed(),
        FieldKind::Label => texts("[a-z0-9._-]{0,20}").boxed(),
        FieldKind::Text | FieldKind::FileName | FieldKind::Path | FieldKind::File | FieldKind::Variable(_) => {
            texts("\\PC{1,30}").boxed()
        }
    }
}

prop_compose! {
    fn any_answers()(values in fields().map(|(_, field)| valid_value(field.kind)).collect::<Vec<_>>()) -> Answers {
        let mut answers = Answers::default();
        for ((_, field), value) in fields().zip(values) {
            if field.kind.check(&value).is_ok() {
                answers.set(field.id, value, Origin::Typed).expect("the kind is right");
            }
        }
        answers
    }
}

proptest! {
    #[test]
    fn a_record_gives_the_same_answers_again(answers in any_answers()) {
        prop_assume!(missing(&answers).is_empty());
        let again = read_toml("record", &record(&answers)).unwrap_or_else(|problems| panic!("{problems}"));
        // Repositories stand in it by their names, and components in the order of their profiles.
        let in_order = in_the_order_of(&answers, &again);
        for (page, field) in fields().filter(|(_, field)| field.id != "components") {
            if (page.visible_if)(&answers) && (field.visible_if)(&answers) {
                prop_assert_eq!(in_order.value(field.id), answers.value(field.id), "{}", field.id);
            }
        }
        prop_assert!(differences(&answers, &again).is_empty());
        prop_assert_eq!(record(&again), record(&answers));
    }

    #[test]
    fn arbitrary_text_never_panics_and_its_values_are_never_shown(
        before in "(?s:.){0,40}", quote in "[\"'\\[{ ]{0,3}", after in "(?s:.){0,40}", key in "[a-z.]{1,8}"
    ) {
        for text in [format!("format = 1\n{before}"), format!("format = 1\n[secret]\n{key} = {quote}hunter2{after}")] {
            for read in [read_toml("answers.toml", &text), read_json(&text)] {
                let told = told(read).join("\n");
                prop_assert!(!told.contains("hunter2"), "{}", told);
            }
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let text = String::from_utf8_lossy(&bytes);
        let _ = read_toml("answers.toml", &text);
        let _ = read_json(&text);
    }
}
