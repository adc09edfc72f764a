//! Which components.

use crate::wizard::page::always;
use crate::wizard::{Field, FieldKind, Page, Value, components};

pub(super) const PAGE: Page = Page {
    id: "components",
    title: "Components",
    text: "What is installed. Some components only work together: those are selected all or none.",
    fields: &[Field {
        id: "components",
        label: "Components",
        help: "The components on this host. Those of one group go together, all or none. Without the authority's own \
               component the authority is on another host.",
        kind: FieldKind::Components,
        default: &|| Value::List(components::selected().map(Into::into).collect()),
        visible_if: &always,
        check: &components::check,
    }],
    visible_if: &always,
};
