//! Groups are made of components, each named once.

use super::{Spot, components, is_component};
use crate::tree::Collector;

pub(super) fn check(root: &Spot<'_>, problems: &mut Collector) {
    let components = components(root);
    for group in root.list("group") {
        let members: Vec<Spot<'_>> = group.list("members").collect();
        for (at, member) in members.iter().enumerate() {
            is_component(member, &components, problems);
            if members[..at].iter().any(|earlier| earlier.text() == member.text()) {
                member.note(problems, "is named twice in this group");
            }
        }
    }
}
