//! The same answers on the full screen, line by line and in a file lead to the same plan.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use proptest::prelude::*;

use super::line;
use super::session::repositories::{kept, settings};
use super::session::standing::{self, Standing, adopt};
use super::tui::tests::answering;
use crate::answers::{differences, kept as kept_answers, read_toml, read_toml_over, record};
use crate::estate::ComponentHome;
use crate::estate::home::products;
use crate::estate::record::{ANSWERS, FILE};
use crate::plan::rotate::Change;
use crate::plan::{Client, Found, NewSecret, Plan, Settings, Step, configure, install};
use crate::profile::Values;
use crate::secret::Source;
use crate::wizard::repositories::{COMPONENT, LISTEN, TABLE};
use crate::wizard::{Answers, Choice, Field, FieldKind, Origin, Value, components, field, fields, missing};

/// Values that a person could type; a reply to the plain wizard is one line without blanks at its ends.
fn value(kind: FieldKind) -> BoxedStrategy<Value> {
    let texts = |pattern| proptest::string::string_regex(pattern).expect("a pattern").prop_map(Value::Text);
    match kind {
        FieldKind::Components => prop_oneof![
            Just(Value::List(vec!["passport".into()])),
            Just(Value::List(components::ids().map(Into::into).collect())),
            Just(Value::List(components::ids().filter(|id| *id != "passport").map(Into::into).collect())),
        ]
        .boxed(),
        FieldKind::Choice(choices) => {
            let ids: Vec<Value> = Choice::offered(choices).into_iter().map(|choice| choice.id.into()).collect();
            proptest::sample::select(ids).boxed()
        }
        FieldKind::Port => (1024..=65535_i64).prop_map(Value::Number).boxed(),
        FieldKind::Host => texts("[a-z][a-z0-9]{1,12}(\\.[a-z]{2,5}){0,2}").boxed(),
        FieldKind::Address => any::<std::net::Ipv4Addr>().prop_map(|a| Value::Text(a.to_string())).boxed(),
        FieldKind::Socket => any::<std::net::SocketAddrV4>()
            .prop_filter("a port", |socket| socket.port() > 0)
            .prop_map(|socket| Value::Text(socket.to_string()))
            .boxed(),
        FieldKind::SecretSource { .. } => {
            prop_oneof![texts("env:[A-Z]{1,8}|file:/[a-z]{1,8}|cred:[a-z]{1,8}|fd:[3-9]"), texts("generate|same|keep")]
                .boxed()
        }
        FieldKind::Label => texts("[a-z0-9][a-z0-9._-]{1,12}").boxed(),
        FieldKind::FileName => texts("[a-z]{2,8}\\.xml").boxed(),
        FieldKind::File => texts("/[a-z]{2,8}/[a-z]{2,8}\\.pem").boxed(),
        FieldKind::Path => texts("/nowhere/[a-z]{2,8}").boxed(),
        FieldKind::Text | FieldKind::Variable(_) => texts("[A-Za-z][A-Za-z0-9 ]{1,10}[a-z]").boxed(),
        FieldKind::Optional(kind) => prop_oneof![value(*kind), Just(Value::Text(String::new()))].boxed(),
        FieldKind::Fields => Just(Value::List(Vec::new())).boxed(),
    }
}

prop_compose! {
    /// For each field that is asked, an answer or none.
    fn wished()(
        values in fields().map(|(_, field)| proptest::option::of(value(field.kind))).collect::<Vec<_>>()
    ) -> Vec<(&'static Field, Value)> {
        fields().zip(values).filter_map(|((_, field), value)| Some((field, value?))).collect()
    }
}

/// Those of the wishes that are asked and taken, the replies that give them line by line, and the answers; over an estate
/// of which something is recorded, where one stands.
fn taken(
    wished: &[(&'static Field, Value)],
    estate: Option<&Standing>,
) -> (Vec<(&'static Field, Value)>, String, Answers) {
    let (mut given, mut replies, mut answers) = (Vec::new(), String::new(), Answers::default());
    for (page, field) in fields().filter(|(_, field)| !matches!(field.id, "mode" | "ask")) {
        if !(page.visible_if)(&answers) || !(field.visible_if)(&answers) {
            continue;
        }
        let wish = wished.iter().find(|(known, _)| known.id == field.id).map(|(_, value)| value);
        let wish = wish.filter(|value| field.accepts(value, &answers).is_ok() && *value != answers.value(field.id));
        if let Some(value) = wish {
            replies += &reply(field, value, &answers);
            answers.set(field.id, value.clone(), Origin::Typed).expect("the kind is right");
            given.push((field, value.clone()));
        }
        if let Some(estate) = estate.filter(|_| field.id == "estate.dir") {
            adopt(&mut answers, estate);
        }
        // Enter alone keeps what is there, and ends the list of components.
        if wish.is_none() || matches!(field.kind, FieldKind::Components) {
            replies += "\n";
        }
    }
    (given, replies, answers)
}

fn reply(field: &Field, value: &Value, before: &Answers) -> String {
    let number = |at: Option<usize>| (at.expect("it is in the list") + 1).to_string();
    match (field.kind, value) {
        (FieldKind::Components, Value::List(wanted)) => {
            let toggled = |id: &str| before.has_component(id) != wanted.iter().any(|known| known == id);
            let ids = components::ids().enumerate().filter(|(_, id)| toggled(id));
            ids.map(|(at, _)| number(Some(at))).collect::<Vec<_>>().join(" ") + "\n"
        }
        (FieldKind::Choice(choices), Value::Text(id)) => {
            number(Choice::offered(choices).iter().position(|choice| choice.id == id)) + "\n"
        }
        (FieldKind::Optional(_), value) if *value == Value::from("") => "-\n".into(),
        _ => format!("{value}\n"),
    }
}

/// What would be done on an empty host; with the record that the run would leave.
fn plan(answers: &Answers) -> Plan {
    install(&Settings::new("/srv/estate".into(), answers), &record(answers))
}

/// What is asked has the same answer on the screen and line by line.
fn all_alike(answers: &Answers, on_screen: &Answers, by_line: &Answers) -> Result<(), TestCaseError> {
    for (_, field) in fields().filter(|(page, field)| (page.visible_if)(answers) && (field.visible_if)(answers)) {
        prop_assert_eq!(on_screen.value(field.id), answers.value(field.id), "{} on the screen", field.id);
        prop_assert_eq!(by_line.value(field.id), answers.value(field.id), "{} line by line", field.id);
    }
    Ok(())
}

/// Of an installed API Gateway what it has of its own is left as it is: that is changed by verbs of its own.
fn with_what_can_change(wished: Vec<(&'static Field, Value)>, installed: &Answers) -> Vec<(&'static Field, Value)> {
    let own = |id: &str| id == LISTEN || id.starts_with(TABLE);
    wished.into_iter().filter(|(field, _)| !(installed.has_component(COMPONENT) && own(field.id))).collect()
}

/// An answer file with its components and its repositories the other way round.
fn the_other_way_round(file: &str) -> String {
    let turned = |line: &str| match line.strip_prefix("components = [").and_then(|ids| ids.strip_suffix(']')) {
        Some(ids) => format!("components = [{}]", ids.rsplit(", ").collect::<Vec<_>>().join(", ")),
        None => line.to_owned(),
    };
    let file = file.lines().map(turned).collect::<Vec<_>>().join("\n");
    let is_repository = |table: &&str| table.contains("\n[repositories.");
    let mut repositories: Vec<&str> = file.split("\n\n").filter(is_repository).collect();
    let tables =
        file.split("\n\n").map(|table| if is_repository(&table) { repositories.pop().unwrap_or(table) } else { table });
    tables.map(str::trim_end).collect::<Vec<_>>().join("\n\n") + "\n"
}

/// An estate with the records that an installation leaves, and what would be found of it if it ran.
fn set_up(dir: &Path, installed: &mut Answers) -> io::Result<Found> {
    let folder = Value::Text(dir.display().to_string());
    installed.set("estate.dir", folder, Origin::Typed).expect("a folder");
    let settings = Settings::new(dir.to_path_buf(), installed);
    for product in products(dir, &settings.components) {
        fs::create_dir(product.home)?;
    }
    let text = record(installed);
    let written = |step| match step {
        Step::CreateFile { path, content } => Some((path, content)),
        _ => None,
    };
    let mut texts: BTreeMap<PathBuf, String> =
        install(&settings, &text).steps.into_iter().filter_map(written).collect();
    for file in [ANSWERS, FILE] {
        fs::write(dir.join(file), &texts[&dir.join(file)])?;
    }
    let homes = settings.homes();
    if let Some((file, all)) =
        homes.iter().find_map(ComponentHome::repositories_file).zip(settings.repositories.as_ref())
    {
        fs::create_dir_all(file.parent().expect("a folder"))?;
        fs::write(file, all.to_toml())?;
    }
    let values = settings.values(Values::default());
    texts.insert(dir.join("passport/conf/passport.toml"), values.fill(PASSPORT).replace("{listen}", &settings.listen));
    let clients = homes.into_iter().filter(|one| !one.is_authority()).map(|one| {
        let serials = one.sites(&settings.authority).iter().map(|site| (site.keystore(), "a1".to_owned())).collect();
        (one.id().to_owned(), Client { serials, told: None })
    });
    Ok(Found {
        estate: settings.estate(),
        running: settings.components.clone(),
        clients: clients.collect(),
        known: Vec::new(),
        texts,
    })
}

/// What PassPort writes when its home is made.
const PASSPORT: &str = "host = \"{host}\"\nlisten = \"{listen}\"\nhttps_port = {https_port}\n\
                        client_auth_port = {client_auth_port}\ndomain = \"{domain}\"\n";

/// How the estate would be changed, or what is in the way.
fn change(found: &Found, installed: &Answers, dir: &Path, answers: &Answers) -> Result<Plan, String> {
    if let Some(problem) = kept(&found.estate, installed, answers, &differences(installed, answers)) {
        return Err(problem);
    }
    let settings = settings(dir, &found.estate, answers).map_err(|refusal| refusal.to_string())?;
    let socket = dir.join("passport/run/admin.sock");
    let secret = NewSecret::Here(Change { socket, name: "c-1".into(), current: "s-1".into() });
    let secret = (answers.source("secret.from") != Source::Keep).then_some((&secret, 60));
    configure(found, &settings, &record(answers), secret, "c-1")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_same_answers_lead_to_the_same_plan_whichever_way_they_are_given(wished in wished()) {
        let (given, replies, answers) = taken(&wished, None);
        // What one field needs of a later one may be missing; then no way leads past Review.
        prop_assume!(missing(&answers).is_empty());
        let on_screen = answering::answered(&given, None);
        let by_line = line::answered(&replies);
        let from_file = read_toml("answers.toml", &record(&answers)).unwrap_or_else(|problems| panic!("{problems}"));
        prop_assert!(by_line.is_some(), "a question was left open: {:?}", replies);
        let by_line = by_line.unwrap_or_default();
        all_alike(&answers, &on_screen, &by_line)?;
        let wanted = plan(&answers);
        prop_assert!(!wanted.is_empty());
        prop_assert_eq!(&plan(&on_screen), &wanted);
        prop_assert_eq!(&plan(&by_line), &wanted);
        // And what a run records gives the same plan once more, in whichever order its components and repositories stand.
        prop_assert_eq!(&plan(&from_file), &wanted);
        let turned = the_other_way_round(&record(&answers));
        let turned = read_toml("answers.toml", &turned).unwrap_or_else(|problems| panic!("{problems}"));
        prop_assert_eq!(&plan(&turned), &wanted);
        prop_assert!(from_file.source("secret.from") != Source::Prompt);
    }

    #[test]
    fn the_same_change_of_an_estate_leads_to_the_same_plan_whichever_way_it_is_given(
        installed in wished(),
        changed in wished(),
    ) {
        let (_, _, mut installed) = taken(&installed, None);
        prop_assume!(missing(&installed).is_empty());
        let folder = tempfile::tempdir()?;
        let found = set_up(folder.path(), &mut installed)?;
        let dir = folder.path().display().to_string();
        let standing = standing::look(&dir);
        prop_assert!(standing.recorded.is_some(), "{}", standing.text);
        let dir = (field("estate.dir").expect("a field"), Value::Text(dir));
        let changed = with_what_can_change(changed, &installed);
        let wished: Vec<_> = std::iter::once(dir).chain(changed.into_iter().filter(|one| one.0.id != "estate.dir")).collect();
        let (given, replies, answers) = taken(&wished, Some(&standing));
        prop_assert!(answers.configures());
        prop_assume!(missing(&answers).is_empty());
        let on_screen = answering::answered(&given, Some(&standing));
        let by_line = line::answered(&replies);
        prop_assert!(by_line.is_some(), "a question was left open: {:?}", replies);
        let by_line = by_line.unwrap_or_default();
        let base = |_: Option<&str>| kept_answers(folder.path());
        let from_file = |text: &str| {
            read_toml_over("answers.toml", text, base).unwrap_or_else(|problems| panic!("{problems}\n{text}"))
        };
        let text = record(&answers);
        all_alike(&answers, &on_screen, &by_line)?;
        let plan_of = |answers: &Answers| change(&found, &installed, folder.path(), answers);
        let wanted = plan_of(&answers);
        // What the plan refuses, no way leads to.
        prop_assume!(wanted.is_ok());
        prop_assert_eq!(&plan_of(&on_screen), &wanted);
        prop_assert_eq!(&plan_of(&by_line), &wanted);
        prop_assert_eq!(&plan_of(&from_file(&text)), &wanted);
        prop_assert_eq!(&plan_of(&from_file(&the_other_way_round(&text))), &wanted);
    }
}

#[test]
fn repositories_in_another_order_make_no_other_plan() {
    let of = |tables: &[&str]| {
        let text = format!("format = 1\ncomponents = [\"passport\", \"api-gateway\"]\n\n{}", tables.join("\n"));
        read_toml("a", &text).unwrap_or_else(|problems| panic!("{problems}"))
    };
    let a = "[repositories.a]\nhost = \"x\"\ncertificate = \"/a.pem\"\n";
    let b = "[repositories.b]\nclient_auth_certificate = \"/b.pem\"\nsecret = \"env:B\"\n";
    let c = "[repositories.c]\nkeystore = \"pkcs12\"\n";
    let wanted = plan(&of(&[a, b, c]));
    for order in [[b, a, c], [c, b, a], [c, a, b]] {
        assert_eq!(plan(&of(&order)), wanted);
    }
    let text = record(&of(&[b, c, a]));
    assert!(text.find("[repositories.a]") < text.find("[repositories.b]"), "{text}");
    let turned = the_other_way_round(&text);
    assert!(
        turned.contains("[\"api-gateway\", \"passport\"]")
            && turned.find("[repositories.c]") < turned.find("[repositories.a]")
    );
}
