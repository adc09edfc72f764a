//! The wizard as data: pages, fields, what is still missing, and the way through. Knows no terminal and no files.
//!
//! Both wizards, the answer file with its checks and its reference, and `--set` all read the one list in [`pages`].

mod answers;
pub mod components;
mod kind;
mod page;
mod pages;
pub mod repositories;
mod walk;

pub use answers::{Answer, Answers, CONFIGURE, Origin, PREVIOUS_FIELD, SITE_TABLE, Value};
pub use kind::{Choice, FieldKind, Offer};
pub use page::{Field, Missing, Page};
pub use walk::{Step, Walk};

/// Every page, in the order of the walk.
pub fn pages() -> &'static [Page] {
    pages::pages()
}

/// Every field with its page, in page order.
pub fn fields() -> impl Iterator<Item = (&'static Page, &'static Field)> {
    pages().iter().flat_map(|page| page.fields.iter().map(move |field| (page, field)))
}

/// The field with this id.
pub fn field(id: &str) -> Option<&'static Field> {
    fields().map(|(_, field)| field).find(|field| field.id == id)
}

/// What stands between these answers and a plan: every broken rule of a visible field, in page order.
pub fn missing(answers: &Answers) -> Vec<Missing> {
    fields()
        .filter(|(page, field)| (page.visible_if)(answers) && (field.visible_if)(answers))
        .filter_map(|(page, field)| field.problem(answers).map(|rule| Missing { page: page.id, field: field.id, rule }))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_complete() {
        assert_eq!(missing(&Answers::default()), []);
    }

    #[test]
    fn ids_are_unique_and_every_page_and_field_explains_itself() {
        let mut ids: Vec<&str> = fields().map(|(_, field)| field.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), fields().count());
        for page in pages() {
            assert!(!page.title.is_empty() && page.text.ends_with('.'), "{}", page.id);
            for field in page.fields {
                assert!(!field.label.is_empty() && field.help.ends_with('.'), "{}", field.id);
                assert!(field.kind.holds(&(field.default)()).is_ok(), "{}", field.id);
            }
        }
    }

    #[test]
    fn problems_come_in_page_order_and_only_for_what_is_visible() {
        let mut answers = Answers::default();
        for (id, value) in [("authority.https_port", Value::Number(0)), ("estate.dir", Value::Text("/".into()))] {
            answers.set(id, value, Origin::Typed).expect("the kind is right");
        }
        let fields: Vec<_> = missing(&answers).into_iter().map(|missing| missing.field).collect();
        assert_eq!(fields, ["estate.dir", "authority.https_port"]);
    }
}
