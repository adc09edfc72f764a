//! The slots of API Gateway's repositories: which are asked, and what they come to.

use std::sync::LazyLock;

use super::Answers;

/// How many there are.
pub const SLOTS: usize = 8;
/// Beginning of the names of their tables; the number follows.
pub const TABLE: &str = "repository-";
/// The table of the answer file in which each repository has a table under its name.
pub const FILE_TABLE: &str = "repositories";
/// The component that has them.
pub const COMPONENT: &str = "api-gateway";
/// The field that says where web servers ask the gateway; it is asked once.
pub const LISTEN: &str = "gateway.listen";
/// The field that tells whether the next slot is asked.
pub const ANOTHER: &str = "another";
/// Its value when it is.
pub const YES: &str = "yes";
/// The keys that a slot takes from the Authority page when they are empty.
const INHERITED: [&str; 5] = ["host", "https_port", "client_auth_port", "domain", "csd"];
/// Every key of a slot.
pub const KEYS: [&str; 12] = [
    "name",
    "host",
    "address",
    "https_port",
    "client_auth_port",
    "domain",
    "csd",
    "certificate",
    "client_auth_certificate",
    "keystore",
    "secret",
    ANOTHER,
];

/// One slot, by its number from 1 on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot(pub usize);

/// The slots that are asked, in order.
pub fn slots(answers: &Answers) -> impl Iterator<Item = Slot> {
    (1..=SLOTS).take_while(|slot| is_asked(*slot, answers)).map(Slot)
}

/// Whether a slot is asked: the component is selected, and every slot before says that there is another.
pub fn is_asked(slot: usize, answers: &Answers) -> bool {
    answers.has_component(COMPONENT)
        && !crate::profile::is_site()
        && (1..slot).all(|before| answers.text(field_id(before, ANOTHER)) == YES)
}

/// The slot of a table of fields.
pub fn slot_of(table: &str) -> Option<Slot> {
    table.strip_prefix(TABLE)?.parse().ok().filter(|slot| (1..=SLOTS).contains(slot)).map(Slot)
}

/// The id of a slot's field.
pub(super) fn field_id(slot: usize, key: &str) -> &'static str {
    static IDS: LazyLock<Vec<[&str; KEYS.len()]>> = LazyLock::new(|| {
        let of = |slot: usize| KEYS.map(|key| &*String::leak(format!("{TABLE}{slot}.{key}")));
        (1..=SLOTS).map(of).collect()
    });
    let at = KEYS.iter().position(|known| *known == key);
    debug_assert!(at.is_some(), "no slot has the key {key}");
    slot.checked_sub(1).and_then(|slot| IDS.get(slot)).zip(at).map_or("", |(ids, at)| ids[at])
}

/// What stands for a field that is empty: the answer of the Authority page.
pub fn inherited(id: &str, answers: &Answers) -> Option<String> {
    let (table, key) = id.rsplit_once('.')?;
    slot_of(table)?;
    let is_empty = answers.get(id).is_some_and(|answer| answer.value.to_string().is_empty());
    (is_empty && INHERITED.contains(&key)).then(|| answers.value(&format!("authority.{key}")).to_string())
}

impl Slot {
    /// The id of one of its fields.
    pub fn field(self, key: &str) -> &'static str {
        field_id(self.0, key)
    }

    /// A text of its own.
    pub fn text<'a>(self, answers: &'a Answers, key: &str) -> &'a str {
        answers.text(self.field(key))
    }

    /// A text of its own, unless it is empty.
    pub fn own(self, answers: &Answers, key: &str) -> Option<String> {
        Some(self.text(answers, key)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// A port of its own, unless none is given.
    pub fn own_port(self, answers: &Answers, key: &str) -> Option<u16> {
        Some(answers.port(self.field(key))).filter(|port| *port > 0)
    }

    /// A text of its own, or the Authority page's.
    pub fn effective(self, answers: &Answers, key: &str) -> String {
        self.own(answers, key).unwrap_or_else(|| answers.text(&format!("authority.{key}")).to_owned())
    }

    /// A port of its own, or the Authority page's.
    pub fn port(self, answers: &Answers, key: &str) -> u16 {
        self.own_port(answers, key).unwrap_or_else(|| answers.port(&format!("authority.{key}")))
    }
}
