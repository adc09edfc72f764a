//! Where the focus can stop on a page, in the order in which it moves.

use super::state::State;
use crate::ui::session::Way as Course;
use crate::ui::session::giving::Way;
use crate::wizard::{Choice, Field, FieldKind, components, field};

/// One spot that can have the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// A line of text.
    Text(&'static str),
    /// One of a few.
    Choice(&'static str, &'static str),
    /// A product, with all its components.
    Product(&'static str),
    /// A component.
    Component(&'static str),
    /// A way to give a secret.
    Way(&'static str, Way),
    /// Where a secret is read from.
    Reference(&'static str),
    /// A secret, typed.
    Secret(&'static str),
    /// The same secret, typed again.
    Again(&'static str),
    /// A way out of an interrupted change.
    Course(Course),
}

impl Stop {
    /// The field it belongs to; empty for what is no field.
    pub fn field(self) -> &'static str {
        match self {
            Self::Text(id)
            | Self::Choice(id, _)
            | Self::Way(id, _)
            | Self::Reference(id)
            | Self::Secret(id)
            | Self::Again(id) => id,
            Self::Product(_) | Self::Component(_) => "components",
            Self::Course(_) => "",
        }
    }

    /// Whether letters are typed here.
    pub fn types(self) -> bool {
        matches!(self, Self::Text(_) | Self::Reference(_) | Self::Secret(_) | Self::Again(_))
    }
}

/// The fields that the present page asks.
pub fn asked(state: &State) -> impl Iterator<Item = &'static Field> + '_ {
    // The mode follows from what stands in the folder.
    let fields = state.walk.current().fields.iter();
    fields.filter(|field| field.id != "mode" && (field.visible_if)(&state.answers))
}

/// The ways out of an interrupted change, on the page that offers them.
pub fn courses(state: &State) -> &'static [Course] {
    match state.interrupted() {
        Some(change) if state.on("welcome") => change.courses,
        _ => &[],
    }
}

/// All stops of the present page.
pub fn stops(state: &State) -> Vec<Stop> {
    let courses = courses(state).iter().map(|course| Stop::Course(*course));
    asked(state).flat_map(|field| of_field(state, field)).chain(courses).collect()
}

/// The stop that has the focus, if the page has any.
pub fn focused(state: &State) -> Option<Stop> {
    let stops = stops(state);
    let kept = state.focus.get(state.walk.current().id).copied();
    kept.filter(|stop| stops.contains(stop)).or_else(|| first_stop(state, &stops))
}

/// The field that has the focus.
pub fn focused_field(state: &State) -> Option<&'static Field> {
    field(focused(state)?.field())
}

/// Where the focus begins: on what is chosen, where the page begins with a choice.
fn first_stop(state: &State, stops: &[Stop]) -> Option<Stop> {
    let first = *stops.first()?;
    if let Some(course) = stops.iter().find(|stop| matches!(stop, Stop::Course(_))) {
        return Some(*course);
    }
    stops.iter().copied().find(|stop| stop.field() == first.field() && is_chosen(state, *stop)).or(Some(first))
}

/// Whether a stop is the chosen one of a few.
pub fn is_chosen(state: &State, stop: Stop) -> bool {
    match stop {
        Stop::Choice(field, id) => state.answers.text(field) == id,
        Stop::Way(field, way) => state.edits.source(field).is_some_and(|edit| edit.way == way),
        _ => false,
    }
}

fn of_field(state: &State, field: &'static Field) -> Vec<Stop> {
    match field.kind {
        FieldKind::Components => components::tree()
            .into_iter()
            .flat_map(|product| {
                let of_product = product.components.into_iter().map(|node| Stop::Component(&node.component.id));
                std::iter::once(Stop::Product(&product.profile.product.id)).chain(of_product)
            })
            .collect(),
        FieldKind::Choice(choices) => {
            Choice::offered(choices).into_iter().map(|choice| Stop::Choice(field.id, choice.id)).collect()
        }
        FieldKind::SecretSource { .. } => {
            let chosen = state.edits.source(field.id).map(|edit| edit.way);
            Way::of(field, &state.answers)
                .into_iter()
                .flat_map(|way| {
                    let mut stops = vec![Stop::Way(field.id, way)];
                    match (chosen == Some(way), way) {
                        (true, Way::Type) => stops.extend([Stop::Secret(field.id), Stop::Again(field.id)]),
                        (true, Way::Read) => stops.push(Stop::Reference(field.id)),
                        _ => {}
                    }
                    stops
                })
                .collect()
        }
        FieldKind::Fields => Vec::new(),
        _ => vec![Stop::Text(field.id)],
    }
}
