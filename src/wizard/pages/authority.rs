//! The authority: where it is reached, and what it is called.

use crate::profile::is_site;
use crate::wizard::components::authority_is_here;
use crate::wizard::page::{always, no_further_rule};
use crate::wizard::{Answers, Choice, Field, FieldKind, Offer, Page, Value, repositories};

/// The kinds of authority that the format knows. Those that this version cannot do say so.
const KINDS: &[Choice] = &[
    Choice {
        id: "embedded",
        label: "The one that this program carries",
        offer: Offer::Embedded(
            "cannot be embedded: the profiles in this estate's folder describe a site's own products; use passport",
        ),
    },
    Choice {
        id: "passport",
        label: "The vendor's, as it is installed here",
        offer: Offer::Site(
            "cannot be passport: this estate's folder holds no profiles of a site's own products; make them with \
             `countersign profile adopt`, or use embedded",
        ),
    },
    Choice {
        id: "est",
        label: "Any EST server",
        offer: Offer::Embedded(
            "cannot be est: the products that the profiles in this estate's folder describe register by themselves; use \
             passport",
        ),
    },
];

pub(super) const PAGE: Page = Page {
    id: "authority",
    title: "Authority",
    text: "The server that checks the shared secret and signs the components' certificates.",
    fields: &[
        Field {
            id: "authority.kind",
            label: "Kind",
            help: "Which authority the components register with. The embedded one is installed on this host when the \
                   component passport is selected; else it is on another host. passport stands for the products of a \
                   site, as the profiles in the estate's folder describe them. est is a foreign server that speaks EST \
                   (RFC 7030): it signs, and cannot be asked anything else.",
            kind: FieldKind::Choice(KINDS),
            default: &|| if is_site() { "passport".into() } else { "embedded".into() },
            visible_if: &always,
            check: &can_serve,
        },
        Field {
            id: "authority.host",
            label: "Host",
            help: "The name or address under which the components reach the authority. It becomes part of the names of \
                   their keystores.",
            kind: FieldKind::Host,
            default: &|| "localhost".into(),
            visible_if: &always,
            check: &no_further_rule,
        },
        Field {
            id: "authority.https_port",
            label: "HTTPS port",
            help: "The port on which a component without a certificate registers.",
            kind: FieldKind::Port,
            default: &|| Value::Number(6453),
            visible_if: &always,
            check: &no_further_rule,
        },
        Field {
            id: "authority.certificate",
            label: "CA certificate",
            help: "The file with the CA certificate of the EST server, as PEM or DER; PEM may hold several. It is pinned: \
                   the shared secret goes to no server that does not show a certificate of it, for this host.",
            kind: FieldKind::File,
            default: &|| "".into(),
            visible_if: &is_est,
            check: &no_further_rule,
        },
        Field {
            id: "authority.label",
            label: "Label",
            help: "The label in the EST server's paths, between /.well-known/est/ and the operation. Empty when it has \
                   none.",
            kind: FieldKind::Label,
            default: &|| "".into(),
            visible_if: &is_est,
            check: &no_further_rule,
        },
        Field {
            id: "authority.client_auth_port",
            label: "Client authentication port",
            help: "The port that asks every caller for a certificate. It becomes part of the names of the keystores and \
                   must differ from the HTTPS port.",
            kind: FieldKind::Port,
            default: &|| Value::Number(6666),
            visible_if: &always,
            check: &differs_from_https_port,
        },
        Field {
            id: "authority.domain",
            label: "Domain",
            help: "The domain that the components' users belong to.",
            kind: FieldKind::Text,
            default: &|| "Synchrony".into(),
            visible_if: &always,
            check: &no_further_rule,
        },
        Field {
            id: "authority.csd",
            label: "Component description",
            help: "The name of the file (CSD) that tells the authority what a component is. A name only, without a \
                   folder.",
            kind: FieldKind::FileName,
            default: &|| "csd.xml".into(),
            visible_if: &takes_components,
            check: &no_further_rule,
        },
        Field {
            id: "authority.listen",
            label: "Listen address",
            help: "The IP address on which the embedded authority listens. 127.0.0.1 keeps it to this host; 0.0.0.0 \
                   opens it to all networks.",
            kind: FieldKind::Address,
            default: &|| "127.0.0.1".into(),
            visible_if: &authority_is_here,
            check: &no_further_rule,
        },
        Field {
            id: "authority.system_password_from",
            label: "Password of the user system",
            help: "Where the first password of the administrator system comes from. It is kept in \
                   passport/conf/system.pass, readable by you only.",
            kind: FieldKind::SecretSource { same: false, generate: true, keep: false },
            default: &|| "generate".into(),
            visible_if: &is_installed,
            check: &no_further_rule,
        },
    ],
    visible_if: &always,
};

/// Only our own authority knows components by their descriptions; a site's products know themselves what they are.
fn takes_components(answers: &Answers) -> bool {
    !is_site() && !is_est(answers)
}

fn is_est(answers: &Answers) -> bool {
    answers.text("authority.kind") == "est"
}

/// An estate has one authority, and an EST server only signs.
fn can_serve(value: &Value, answers: &Answers) -> Result<(), String> {
    let in_the_way = [
        ("passport", "which is an authority itself"),
        (repositories::COMPONENT, "which asks its authority who a user is, and an EST server cannot tell"),
    ];
    let selected = in_the_way.into_iter().find(|(component, _)| answers.has_component(component));
    match selected.filter(|_| *value == Value::from("est")) {
        Some((component, why)) => {
            Err(format!("cannot be est while the component {component} is selected, {why}: take one out"))
        }
        None => Ok(()),
    }
}

/// An estate that is there has its password already.
fn is_installed(answers: &Answers) -> bool {
    authority_is_here(answers) && !answers.configures()
}

fn differs_from_https_port(value: &Value, answers: &Answers) -> Result<(), String> {
    if value == answers.value("authority.https_port") {
        Err("must differ from authority.https_port".into())
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::wizard::{Answers, Origin, Value, field, missing};

    fn problem(id: &str, value: Value) -> Option<String> {
        let mut answers = Answers::default();
        answers.set(id, value, Origin::Typed).expect("the kind is right");
        missing(&answers).into_iter().find(|missing| missing.field == id).map(|missing| missing.rule)
    }

    #[test]
    fn kinds_that_cannot_be_chosen_say_why() {
        assert_eq!(problem("authority.kind", "embedded".into()), None);
        assert!(problem("authority.kind", "passport".into()).is_some_and(|rule| rule.contains("adopt")));
        assert!(problem("authority.kind", "est".into()).is_some_and(|rule| rule.contains("passport is selected")));
        assert_eq!(problem("authority.kind", "ldap".into()), Some("must be embedded or est".into()));
    }

    #[test]
    fn a_foreign_servers_ca_is_asked_for_and_must_be_given() {
        let mut answers = Answers::default();
        assert!(!(field("authority.certificate").expect("a field").visible_if)(&answers));
        let engines = ["integrator", "interchange", "b2bi", "b2bi-server"].map(str::to_owned).to_vec();
        for (id, value) in
            [("authority.kind", "est".into()), ("components", Value::List(engines)), ("secret.from", "env:S".into())]
        {
            answers.set(id, value, Origin::Typed).expect("the kind is right");
        }
        let fields: Vec<&str> = missing(&answers).into_iter().map(|missing| missing.field).collect();
        assert_eq!(fields, ["authority.certificate"]);
        assert!(!(field("authority.csd").expect("a field").visible_if)(&answers));
        answers.set("authority.certificate", "ca.pem".into(), Origin::Typed).expect("a file");
        assert_eq!(missing(&answers), []);
        answers.set("components", Value::List(vec!["api-gateway".into()]), Origin::Typed).expect("a list");
        let rules: Vec<_> = missing(&answers).into_iter().filter(|missing| missing.field == "authority.kind").collect();
        assert!(matches!(&rules[..], [rule] if rule.rule.contains("who a user is")), "{rules:?}");
    }

    #[test]
    fn the_two_ports_must_differ() {
        let rule = problem("authority.client_auth_port", Value::Number(6453));
        assert_eq!(rule, Some("must differ from authority.https_port".into()));
    }

    #[test]
    fn what_is_the_authoritys_own_is_asked_where_it_is_installed_only() {
        let field = field("authority.system_password_from").expect("a field");
        assert!((field.visible_if)(&Answers::default()));
        for (id, value) in [("authority.kind", "est".into()), ("components", Value::List(vec!["integrator".into()]))] {
            let mut answers = Answers::default();
            answers.set(id, value, Origin::Typed).expect("the kind is right");
            assert!(!(field.visible_if)(&answers), "{id}");
        }
    }
}
