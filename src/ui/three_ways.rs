//! The same answers on the full screen, line by line and in a file lead to the same plan.

use proptest::prelude::*;

use super::line;
use super::tui::tests::answering;
use crate::answers::{read_toml, record};
use crate::plan::{Plan, Settings, install};
use crate::secret::Source;
use crate::wizard::{Answers, Choice, Field, FieldKind, Origin, Value, components, fields, missing};

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
            prop_oneof![texts("env:[A-Z]{1,8}|file:/[a-z]{1,8}|cred:[a-z]{1,8}|fd:[3-9]"), texts("generate|same")]
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

/// Those of the wishes that are asked and taken, the replies that give them line by line, and the answers.
fn taken(wished: &[(&'static Field, Value)]) -> (Vec<(&'static Field, Value)>, String, Answers) {
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
        _ => format!("{value}\n"),
    }
}

/// What would be done on an empty host; with the record that the run would leave.
fn plan(answers: &Answers) -> Plan {
    install(&Settings::new("/srv/estate".into(), answers), &record(answers))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_same_answers_lead_to_the_same_plan_whichever_way_they_are_given(wished in wished()) {
        let (given, replies, answers) = taken(&wished);
        // What one field needs of a later one may be missing; then no way leads past Review.
        prop_assume!(missing(&answers).is_empty());
        let on_screen = answering::answered(&given);
        let by_line = line::answered(&replies);
        let from_file = read_toml("answers.toml", &record(&answers)).unwrap_or_else(|problems| panic!("{problems}"));
        prop_assert!(by_line.is_some(), "a question was left open: {:?}", replies);
        let by_line = by_line.unwrap_or_default();
        for (_, field) in fields().filter(|(page, field)| (page.visible_if)(&answers) && (field.visible_if)(&answers)) {
            prop_assert_eq!(on_screen.value(field.id), answers.value(field.id), "{} on the screen", field.id);
            prop_assert_eq!(by_line.value(field.id), answers.value(field.id), "{} line by line", field.id);
        }
        let wanted = plan(&answers);
        prop_assert!(!wanted.is_empty());
        prop_assert_eq!(&plan(&on_screen), &wanted);
        prop_assert_eq!(&plan(&by_line), &wanted);
        // And what a run records gives the same plan once more.
        prop_assert_eq!(&plan(&from_file), &wanted);
        prop_assert!(from_file.source("secret.from") != Source::Prompt);
    }
}
