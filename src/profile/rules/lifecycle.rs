//! What has a process can be started, stopped and asked.

use super::Spot;
use crate::profile::shipped;
use crate::tree::{Collector, suggest};

pub(super) fn check(root: &Spot<'_>, problems: &mut Collector) {
    let runs = root.list("component").find(|component| component.is("process"));
    if let Some(component) = runs {
        let process = component.get("process").unwrap_or(component);
        for key in ["start", "stop"] {
            if !root.has(&format!("lifecycle.{key}")) {
                process.note(problems, format!("needs lifecycle.{key}: a process is started and stopped by commands"));
            }
        }
        if !root.has("lifecycle.status") && !root.has("lifecycle.pid") {
            process.note(problems, "needs lifecycle.status, or lifecycle.pid: else nobody can tell whether it runs");
        }
    }
    if let Some(ready) = root.get("lifecycle.ready") {
        let probes: Vec<&str> = root.list("probe").filter_map(|probe| probe.text_of("id")).collect();
        if let Some(id) = ready.text().filter(|id| !probes.contains(id)) {
            let hint = suggest::nearest(id, probes.iter().copied())
                .map_or_else(String::new, |near| format!("; did you mean {near}?"));
            ready.note(problems, format!("names no probe of this profile{hint}"));
        }
    }
    if let Some(apply) = root.get("lifecycle.apply")
        && apply.text() == Some("reload")
        && !root.has("lifecycle.reload")
    {
        apply.note(problems, "needs the command lifecycle.reload");
    }
}

/// Tells of products to wait for that nobody knows; `products` are those beside the shipped ones.
pub(super) fn check_after(root: &Spot<'_>, products: &[String], problems: &mut Collector) {
    let own = root.text_of("product.id");
    let shipped = shipped::all().iter().map(|(_, profile)| &profile.product.id);
    let known: Vec<&str> = shipped.chain(products).map(String::as_str).collect();
    for spot in root.list("lifecycle.after") {
        let Some(name) = spot.text() else { continue };
        if own == Some(name) {
            spot.note(problems, "names the product itself: it cannot run before itself");
        } else if !known.contains(&name) {
            let hint = suggest::nearest(name, known.iter().copied())
                .map_or_else(String::new, |near| format!("; did you mean {near}?"));
            spot.note(problems, format!("names a product that is not known{hint}"));
        }
    }
}
