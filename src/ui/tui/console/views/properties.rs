//! The system properties: what counts at once when it is changed.

use super::{Cell, Fact, Row, STAYS, Seen, View, heading};
use crate::ui::tui::console::data::Property;

pub static VIEW: View = View {
    title: "Properties",
    headings: &[heading("PROPERTY", STAYS, 40), heading("VALUE", STAYS, 6), heading("CAN BE", 2, 12)],
    rows: |seen| Some(seen.data.properties.as_ref()?.iter().map(|property| row(seen, property)).collect()),
    facts: |seen, key| seen.data.property(key).map_or_else(Vec::new, |property| facts(seen, property)),
    pane: 4,
    summary: |seen| vec![("what is changed counts at once".to_owned(), seen.look.dim)],
    attention: |_| 0,
    empty: "There is no property.",
    grows_at_the_end: false,
};

fn row(seen: &Seen<'_>, property: &Property) -> Row {
    let style = if property.value == property.default { seen.look.normal } else { seen.look.strong };
    let value = Cell { text: property.value.clone(), style };
    Row { key: property.name.clone(), cells: vec![seen.cell(&property.name), value, seen.dim(&property.rule)] }
}

fn facts(seen: &Seen<'_>, property: &Property) -> Vec<Fact> {
    vec![
        seen.fact("property", &property.name),
        seen.fact("value", &property.value),
        seen.fact("by default", &property.default),
        seen.fact("can be", &property.rule),
    ]
}
