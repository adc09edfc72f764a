//! A plan as a person reads it before consenting: a unified diff per file, and what is done besides.

use std::path::Path;

use similar::TextDiff;

use super::{Plan, Step};
use crate::forms::Format;

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
    for Item { title, text } in items(plan) {
        out.push_str(&format!("# {title}\n"));
        out.push_str(&text);
        if !text.is_empty() {
            out.push('\n');
        }
    }
    out.push_str(&format!("{}\n", plan.counts()));
    out
}

fn text(step: &Step, estate: &Path) -> String {
    match step {
        Step::CreateFile { path, content } => new_file(path, estate, content),
        Step::CreatePlace { path, template, format, key, .. } => {
            let masked = format.parse::<Format>().and_then(|format| format.masked(template.as_bytes(), key));
            masked.map(|text| new_file(path, estate, &text)).unwrap_or_default()
        }
        Step::MakeHome { command, .. } | Step::Register { command, .. } => format!("  $ {}\n", command.join(" ")),
        Step::Start(process) => format!("  $ {}\n", process.start.join(" ")),
        Step::Stop(process) => format!("  $ {}\n", process.stop.join(" ")),
        Step::MakeFolders { folders, .. } => folders.iter().map(|folder| format!("  {folder}/\n")).collect(),
        Step::SetSecret { .. } | Step::ImportComponent { .. } | Step::MoveAside { .. } | Step::Verify => String::new(),
    }
}

fn new_file(path: &Path, estate: &Path, content: &str) -> String {
    let name = path.strip_prefix(estate).unwrap_or(path).display().to_string();
    TextDiff::from_lines("", content).unified_diff().header("/dev/null", &name).to_string()
}
