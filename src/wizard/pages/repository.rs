//! API Gateway's repositories: its links to the authority. The pages are a fixed number of slots; each says whether
//! there is another one.

use super::leaked;
use super::secret::read_once;
use crate::keystore::{Kind, file_name};
use crate::wizard::page::{Begin, When, no_further_rule};
use crate::wizard::repositories::{self, SLOTS, Slot, field_id, slots};
use crate::wizard::{Answers, Choice, Field, FieldKind, Offer, Page, Value};

/// A repository takes the authority's secret or reads it from a source of its own; a new one would never prove.
const SOURCES: FieldKind = FieldKind::SecretSource { same: true, generate: false, keep: false };

/// The longest name, in bytes.
const LONGEST_NAME: usize = 100;

const KEYSTORES: &[Choice] = &[
    Choice { id: "jks", label: "Java's own (.jks)", offer: Offer::Always },
    Choice { id: "pkcs12", label: "PKCS#12 (.p12)", offer: Offer::Always },
];

const ANOTHER: &[Choice] = &[
    Choice { id: "no", label: "No", offer: Offer::Always },
    Choice { id: repositories::YES, label: "Yes, on the next page", offer: Offer::Always },
];

/// The pages of all slots.
pub(super) fn pages() -> impl Iterator<Item = Page> {
    (1..=SLOTS).map(page)
}

fn page(slot: usize) -> Page {
    let visible_if: When = Box::leak(Box::new(move |answers: &Answers| repositories::is_asked(slot, answers)));
    let mut fields = vec![name(slot, visible_if)];
    fields.extend(connection(slot, visible_if));
    fields.extend(certificates(slot, visible_if));
    fields.push(secret(slot, visible_if));
    fields.extend((slot == 1).then(|| listen(visible_if)));
    fields.extend((slot < SLOTS).then(|| another(slot, visible_if)));
    Page {
        id: leaked(format!("{}{slot}", repositories::TABLE)),
        title: leaked(if slot == 1 { "Repository".to_owned() } else { format!("Repository {slot}") }),
        text: "Where API Gateway asks who a user is. It registers there by itself. What is left empty is as on the Authority \
               page.",
        fields: fields.leak(),
        visible_if,
    }
}

fn name(slot: usize, visible_if: When) -> Field {
    Field {
        id: field_id(slot, "name"),
        label: "Name",
        help: "What the repository is called. The name is part of its keystore's name, so two repositories differ in it.",
        kind: FieldKind::Text,
        default: begin(if slot == 1 { "PassPort".to_owned() } else { format!("PassPort {slot}") }),
        visible_if,
        check: Box::leak(Box::new(move |value: &Value, answers: &Answers| is_its_own(slot, value, answers))),
    }
}

fn connection(slot: usize, visible_if: When) -> [Field; 6] {
    let optional = |key, label, help, kind| Field {
        id: field_id(slot, key),
        label,
        help,
        kind: FieldKind::Optional(kind),
        default: &|| "".into(),
        visible_if,
        check: &no_further_rule,
    };
    let client_auth_port = optional(
        "client_auth_port",
        "Client authentication port",
        "The port that asks every caller for a certificate. Empty: as on the Authority page. It is part of the keystore's \
         name.",
        &FieldKind::Port,
    );
    [
        optional(
            "host",
            "Host",
            "The name under which the repository reaches PassPort; it may be an alias. Empty: as on the Authority page. It \
             is part of the keystore's name.",
            &FieldKind::Host,
        ),
        optional(
            "address",
            "Address",
            "The IP address to connect to, where the host's name resolves nowhere. Empty: the name is looked up.",
            &FieldKind::Address,
        ),
        optional(
            "https_port",
            "HTTPS port",
            "The port on which the repository registers. Empty: as on the Authority page.",
            &FieldKind::Port,
        ),
        Field {
            check: Box::leak(Box::new(move |_: &Value, answers: &Answers| ports_differ(slot, answers))),
            ..client_auth_port
        },
        optional(
            "domain",
            "Domain",
            "The domain that the users belong to. Empty: as on the Authority page.",
            &FieldKind::Text,
        ),
        optional(
            "csd",
            "Component description",
            "The name of the file (CSD) that tells PassPort what the gateway is. It is laid down beside the keystores. \
             Empty: as on the Authority page.",
            &FieldKind::FileName,
        ),
    ]
}

fn certificates(slot: usize, visible_if: When) -> [Field; 3] {
    let file = |key, label, help| Field {
        id: field_id(slot, key),
        label,
        help,
        kind: FieldKind::Optional(&FieldKind::File),
        default: &|| "".into(),
        visible_if,
        check: &no_further_rule,
    };
    [
        file(
            "certificate",
            "HTTPS certificate",
            "The file with a certificate that the HTTPS port must show, or that signed what it shows; PEM or DER. Empty: none \
             is needed, since whoever registers learns by its secret who the authority is.",
        ),
        file(
            "client_auth_certificate",
            "Client auth certificate",
            "The same for the port for client authentication. Empty: as for the HTTPS port.",
        ),
        Field {
            id: field_id(slot, "keystore"),
            label: "Keystore",
            help: "In which format the repository keeps its key and certificate.",
            kind: FieldKind::Choice(KEYSTORES),
            default: &|| "jks".into(),
            visible_if,
            check: &no_further_rule,
        },
    ]
}

fn secret(slot: usize, visible_if: When) -> Field {
    let id = field_id(slot, "secret");
    Field {
        id,
        label: "Repository's secret",
        help: "same takes the secret of the Shared secret page. Any other source must give that very secret, or the \
               authority refuses the repository.",
        kind: SOURCES,
        default: &|| "same".into(),
        visible_if,
        check: Box::leak(Box::new(move |value: &Value, answers: &Answers| read_once(id, value, answers))),
    }
}

fn listen(visible_if: When) -> Field {
    Field {
        id: repositories::LISTEN,
        label: "Gateway's listen address",
        help: "The IP address and port on which the gateway answers web servers. Passwords come over it: keep it on this \
               host, or in a network that only they reach.",
        kind: FieldKind::Socket,
        default: &|| "127.0.0.1:6180".into(),
        visible_if,
        check: &no_further_rule,
    }
}

fn another(slot: usize, visible_if: When) -> Field {
    Field {
        id: field_id(slot, repositories::ANOTHER),
        label: "Another repository",
        help: "Whether the gateway has a further repository. More than eight are added later, with `countersign gateway \
               add`.",
        kind: FieldKind::Choice(ANOTHER),
        default: &|| "no".into(),
        visible_if,
        check: &no_further_rule,
    }
}

fn begin(text: String) -> Begin {
    Box::leak(Box::new(move || Value::Text(text.clone())))
}

/// No other repository before it has the name, nor would have the same keystore.
fn is_its_own(slot: usize, value: &Value, answers: &Answers) -> Result<(), String> {
    let Value::Text(name) = value else { return Ok(()) };
    if name.len() > LONGEST_NAME {
        return Err(format!("must have at most {LONGEST_NAME} bytes, since it is part of a file's name"));
    }
    let keystore = |name: &str, slot: Slot| {
        let kind = if slot.text(answers, "keystore") == "jks" { Kind::Jks } else { Kind::Pkcs12 };
        file_name(name, &slot.effective(answers, "host"), slot.port(answers, "client_auth_port"), kind)
    };
    let own = keystore(name, Slot(slot));
    for earlier in slots(answers).filter(|earlier| earlier.0 < slot) {
        let taken = earlier.text(answers, "name");
        if taken == name {
            return Err("must differ from every other repository's".into());
        }
        if keystore(taken, earlier) == own {
            return Err(format!("must differ in more than {taken:?}: both keystores would be {own}"));
        }
    }
    Ok(())
}

fn ports_differ(slot: usize, answers: &Answers) -> Result<(), String> {
    let [https, client_auth] = ["https_port", "client_auth_port"].map(|key| Slot(slot).port(answers, key));
    if https == client_auth { Err("must differ from the repository's HTTPS port".into()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use crate::wizard::{Answers, Origin, Value, Walk, missing};

    fn with(values: &[(&str, &str)]) -> Answers {
        let mut answers = Answers::default();
        let all = ["passport", "api-gateway"].map(str::to_owned).to_vec();
        answers.set("components", Value::List(all), Origin::Typed).expect("a list");
        for (id, value) in values {
            let kind = crate::wizard::field(id).expect("a field").kind;
            answers.set(id, kind.parse(value), Origin::Typed).expect("the kind is right");
        }
        answers
    }

    fn problems(values: &[(&str, &str)]) -> Vec<(&'static str, String)> {
        missing(&with(values)).into_iter().map(|missing| (missing.field, missing.rule)).collect()
    }

    #[test]
    fn one_page_and_one_more_for_each_another() {
        let pages = |values: &[(&str, &str)]| {
            let answers = with(values);
            let ids: Vec<&str> = Walk::visible(&answers).map(|page| page.id).collect();
            ids.into_iter().filter(|id| id.starts_with("repository-")).map(|id| &id[11..]).collect::<String>()
        };
        assert_eq!(pages(&[]), "1");
        assert_eq!(pages(&[("repository-1.another", "yes"), ("repository-3.another", "yes")]), "12");
        assert_eq!(pages(&[("repository-1.another", "yes"), ("repository-2.another", "yes")]), "123");
        assert!(!Walk::visible(&Answers::default()).any(|page| page.id.starts_with("repository-")));
    }

    #[test]
    fn what_is_empty_is_as_on_the_authority_page_and_the_defaults_are_complete() {
        assert_eq!(problems(&[("repository-1.another", "yes")]), []);
        let (field, rule) = &problems(&[("repository-1.https_port", "6666")])[0];
        assert_eq!(
            (*field, rule.as_str()),
            ("repository-1.client_auth_port", "must differ from the repository's HTTPS port")
        );
        let (field, rule) = &problems(&[("repository-1.https_port", "many")])[0];
        assert_eq!(
            (*field, rule.as_str()),
            ("repository-1.https_port", "must be empty, or a whole number from 1 to 65535")
        );
    }

    #[test]
    fn repositories_differ_in_name_and_keystore() {
        let two = |name: &str, host: &str| {
            problems(&[
                ("repository-1.another", "yes"),
                ("repository-1.name", "a b"),
                ("repository-2.name", name),
                ("repository-2.host", host),
            ])
        };
        assert_eq!(two("a c", ""), []);
        assert_eq!(two("a b", "elsewhere")[0].1, "must differ from every other repository's");
        assert!(two("a_b", "localhost")[0].1.contains("both keystores would be keystore_a_b_localhost_6666.jks"));
        assert_eq!(two("a_b", "elsewhere"), []);
    }
}
