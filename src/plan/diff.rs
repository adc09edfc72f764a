//! A plan as a person reads it before consenting: a unified diff per file, and what is done besides.

use std::path::Path;

use similar::TextDiff;

use super::{InstallerRun, NewValue, Plan, Process, Spot, Step, TakeOver};
use crate::estate::Watching;
use crate::forms::{MASK, Shape};
use crate::profile::{Values, component_name};

/// One entry of the review: what it is about, and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// One line that names it.
    pub title: String,
    /// A unified diff for files, the command for processes; empty where the title says all.
    pub text: String,
}

/// Every step as an item, in order.
pub fn items(plan: &Plan) -> Vec<Item> {
    plan.steps.iter().map(|step| Item { title: step.describe(&plan.dir), text: text(step, &plan.dir) }).collect()
}

/// The whole plan as text: each step with its diff, then the counts.
pub fn render(plan: &Plan) -> String {
    let mut out = String::new();
    for remark in &plan.remarks {
        out.push_str(&format!("# Note: {remark}\n"));
    }
    for Item { title, text } in items(plan) {
        out.push_str(&format!("# {title}\n{text}"));
        if !text.is_empty() {
            out.push('\n');
        }
    }
    for step in &plan.finish {
        out.push_str(&format!("# After the commit: {}\n", step.describe(&plan.dir)));
    }
    for line in &plan.still_to_do {
        out.push_str(&format!("# Still to do, by you: {line}\n"));
    }
    out.push_str(&format!("{}\n", plan.counts()));
    out
}

fn text(step: &Step, estate: &Path) -> String {
    match step {
        Step::CreateFile { path, content } => new_file(path, estate, content),
        Step::CreatePlace { path, template, format, form, key, twins, .. } => {
            let keys: Vec<&str> = std::iter::once(key).chain(twins).map(String::as_str).collect();
            let masked = Shape::named(format, form).and_then(|shape| shape.masked(template.as_bytes(), &keys));
            masked.map(|text| new_file(path, estate, &text)).unwrap_or_default()
        }
        Step::MakeHome { command, .. } | Step::Register { command, .. } | Step::Connect { command, .. } => {
            format!("  $ {}\n", command.join(" "))
        }
        Step::Start(process) => started(process),
        Step::SeeRefused(process) => {
            let stopped =
                if process.watch.is_empty() { String::new() } else { format!("  $ {}\n", process.stop.join(" ")) };
            started(process) + &stopped
        }
        Step::Stop(process) => format!("  $ {}\n", process.stop.join(" ")),
        Step::MakeFolders { folders, .. } => folders.iter().map(|folder| format!("  {folder}/\n")).collect(),
        Step::EditFile { path, before, after } => edited(path, estate, before, after),
        Step::SetValues { path, values, .. } => {
            let name = shown(path, estate);
            let line = |value: &NewValue| format!("-{0} = {1}\n+{0} = {2}\n", value.key, value.before, value.after);
            format!("--- {name}\n+++ {name}\n") + &values.iter().map(line).collect::<String>()
        }
        Step::WriteSecret { spots, online, takes_over, .. } => {
            let told = online.iter().map(|online| format!("  $ {} < {MASK} (new)\n", online.write.join(" ")));
            let places = spots.iter().map(|spot| secret_replaced(spot, estate));
            told.chain(places).chain(takes_over.iter().map(taken_over)).collect()
        }
        Step::SeeKept { spots, .. } => {
            spots.iter().map(|spot| format!("  {}: {}\n", shown(&spot.path, estate), spot.key)).collect()
        }
        Step::RunInstaller(run) => installer(run),
        Step::SetSecret { .. }
        | Step::AddNext { .. }
        | Step::Promote { .. }
        | Step::ReplaceSecret { .. }
        | Step::SettleSecret { .. }
        | Step::ImportComponent { .. }
        | Step::RemoveComponent { .. }
        | Step::Revoke { .. }
        | Step::MoveAside { .. }
        | Step::RemoveFolder { .. }
        | Step::Probe { .. }
        | Step::Check
        | Step::Verify => String::new(),
    }
}

fn taken_over(take_over: &TakeOver) -> String {
    match take_over {
        TakeOver::Reload(_, command) => format!("  $ {}\n", command.join(" ")),
        TakeOver::Restart(process) => format!("  $ {}\n", process.stop.join(" ")) + &started(process),
    }
}

/// A start, and where its outcome is read.
fn started(process: &Process) -> String {
    let watched = |watch: &Watching| {
        format!(
            "  {}: within {} s of it, in {}\n",
            component_name(&watch.component),
            watch.deadline,
            watch.log.display()
        )
    };
    format!("  $ {}\n", process.start.join(" ")) + &process.watch.iter().map(watched).collect::<String>()
}

/// What an installer is told: the command, and the lines that differ from its recorded silent files.
fn installer(run: &InstallerRun) -> String {
    let silent = run.work.join(run.silent.file_name().unwrap_or_default()).display().to_string();
    let filled = Values::default().with("silent", silent).fill_all(&run.command);
    let told = run.select.iter().map(|select| (&select.variable, select.value.as_str()));
    let told = told.chain(run.set.iter().map(|set| (&set.variable, set.value.as_str())));
    let secrets = run.secret.iter().flat_map(|secret| std::iter::once(&secret.variable).chain(&secret.twin));
    let told = told.chain(secrets.map(|variable| (variable, MASK)));
    let lines = told.map(|(variable, value)| format!("+{variable} = {value}\n"));
    format!("  $ {}\n  with the silent files of {} and\n", filled.join(" "), run.silent.display())
        + &lines.collect::<String>()
}

/// The one line that changes; neither value is shown, nor how long it is.
fn secret_replaced(spot: &Spot, estate: &Path) -> String {
    let name = shown(&spot.path, estate);
    let key = if spot.key.is_empty() { String::new() } else { format!("{} = ", spot.key) };
    format!("--- {name}\n+++ {name}\n-{key}{MASK}\n+{key}{MASK} (new)\n")
}

fn edited(path: &Path, estate: &Path, before: &str, after: &str) -> String {
    let name = shown(path, estate);
    TextDiff::from_lines(before, after).unified_diff().header(&name, &name).to_string()
}

fn shown(path: &Path, estate: &Path) -> String {
    path.strip_prefix(estate).unwrap_or(path).display().to_string()
}

fn new_file(path: &Path, estate: &Path, content: &str) -> String {
    TextDiff::from_lines("", content).unified_diff().header("/dev/null", &shown(path, estate)).to_string()
}
