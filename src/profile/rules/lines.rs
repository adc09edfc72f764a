//! Texts are shown on terminals and written into lines.

use super::Spot;
use crate::tree::Collector;

pub(super) fn check(root: &Spot<'_>, problems: &mut Collector) {
    for (spot, _) in root.texts() {
        if spot.node.text().is_some_and(|text| text.chars().any(char::is_control)) {
            spot.note(problems, "must be one line of printable text");
        }
    }
}
