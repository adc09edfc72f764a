//! What is to be done, and where.

use crate::profile::is_site;
use crate::wizard::CONFIGURE;
use crate::wizard::page::{always, never, no_further_rule};
use crate::wizard::{Choice, Field, FieldKind, Offer, Page, Value};

/// The modes the format knows.
const MODES: &[Choice] = &[
    Choice { id: "install", label: "Install a new estate", offer: Offer::Always },
    Choice { id: CONFIGURE, label: "Change an installed estate", offer: Offer::Always },
];

pub(super) const PAGE: Page = Page {
    id: "welcome",
    title: "Welcome",
    text: "Countersign asks everything first, shows what it would change, and touches nothing before you agree. \
           You can go back, jump to any page you have seen, or quit at any time.",
    fields: &[
        Field {
            id: "mode",
            label: "Mode",
            help: "install sets up a new estate in an empty folder. configure changes one that is there: what is not \
                   named keeps its value.",
            kind: FieldKind::Choice(MODES),
            default: &|| if is_site() { CONFIGURE.into() } else { "install".into() },
            visible_if: &always,
            check: &no_further_rule,
        },
        Field {
            id: "estate.dir",
            label: "Estate folder",
            help: "The folder that all of it is installed in. It is made if it is not there; a relative one counts from \
                   the current folder.",
            kind: FieldKind::Path,
            default: &|| "estate".into(),
            visible_if: &always,
            check: &no_further_rule,
        },
        Field {
            id: "ask",
            label: "Left to the wizard",
            help: "Ids of fields that the answer file leaves to the person at the wizard; what the file says of them is \
                   only proposed.",
            kind: FieldKind::Fields,
            default: &|| Value::List(Vec::new()),
            visible_if: &never,
            check: &no_further_rule,
        },
    ],
    visible_if: &always,
};
