//! What has a process can be started, stopped and asked.

use super::Spot;
use crate::profile::shipped;
use crate::tree::{Collector, suggest};

pub(super) fn check(root: &Spot<'_>, problems: &mut Collector) {
    let runs = root.list("component").find(|component| component.is("process"));
    if let Some(component) = runs {
        let process = component.get("process").unwrap_or(component);
        let by_unit = root.has("lifecycle.unit");
        for key in ["start", "stop"] {
            if !by_unit && !root.has(&format!("lifecycle.{key}")) {
                let rule =
                    format!("needs lifecycle.{key}, or lifecycle.unit: a process is started and stopped by commands");
                process.note(problems, rule);
            }
        }
        if !by_unit && !root.has("lifecycle.status") && !root.has("lifecycle.pid") {
            let rule = "needs lifecycle.status, lifecycle.pid or lifecycle.unit: else nobody can tell whether it runs";
            process.note(problems, rule);
        }
    }
    unit(root, problems);
    applied(root, problems);
    if let Some(ready) = root.get("lifecycle.ready") {
        let probes: Vec<&str> = root.list("probe").filter_map(|probe| probe.text_of("id")).collect();
        if let Some(id) = ready.text().filter(|id| !probes.contains(id)) {
            let hint = suggest::nearest(id, probes.iter().copied())
                .map_or_else(String::new, |near| format!("; did you mean {near}?"));
            ready.note(problems, format!("names no probe of this profile{hint}"));
        }
    }
}

/// What systemd starts has no commands of its own.
fn unit(root: &Spot<'_>, problems: &mut Collector) {
    let Some(unit) = root.get("lifecycle.unit").filter(|_| root.has("lifecycle.unit")) else { return };
    if unit.text().is_some_and(|name| name.starts_with('-') || name.contains(|c: char| c.is_whitespace() || c == '/')) {
        unit.note(problems, "must be the name of one unit, such as redis-server.service");
    }
    for key in ["start", "stop", "reload", "status", "pid"] {
        if let Some(command) = root.get(&format!("lifecycle.{key}")).filter(|_| root.has(&format!("lifecycle.{key}"))) {
            command.note(problems, "and lifecycle.unit cannot both be given: systemd does that for a unit");
        }
    }
}

/// How a changed secret comes into use fits the places and commands that there are.
fn applied(root: &Spot<'_>, problems: &mut Collector) {
    let apply = root.text_of("lifecycle.apply").unwrap_or("restart");
    let note = |problems: &mut Collector, rule: &str| match root.get("lifecycle.apply") {
        Some(spot) => spot.note(problems, rule),
        None => root.note_below(problems, "lifecycle.apply", rule),
    };
    if apply == "reload" && !root.has("lifecycle.reload") && !root.has("lifecycle.unit") {
        note(problems, "needs the command lifecycle.reload");
    }
    let is_online = |place: &Spot<'_>| place.has("write");
    if apply == "online" && !root.list("place").any(|place| is_online(&place)) {
        note(problems, "needs a [[place]] with the commands read and write");
    }
    for place in root.list("place") {
        if let Some(edit) = place.get("edit").filter(|edit| edit.text() == Some("stopped"))
            && ["reload", "online", "none"].contains(&apply)
        {
            edit.note(problems, "needs lifecycle.apply = \"stop-write-start\": else nobody stops the product");
        }
        if let Some(rewritten) = place.get("rewritten").filter(|spot| spot.node.is_true() && !place.has("file")) {
            rewritten.note(problems, "is for a place with a file; take it out");
        }
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
