//! What the doctor found, over the page of a run that did not end well.

use ratatui::style::Style;
use ratatui::text::Span;

use super::column::Column;
use super::run::working;
use crate::doctor::{Finding, Report, Verdict};
use crate::ui::report::doctor::{TO_DO, summary};
use crate::ui::tui::state::{Diagnosis, NOTICEABLE, State};
use crate::ui::tui::text::doctor as word;
use crate::ui::tui::theme::Look;
use crate::ui::words::command;

pub use word::TITLE;

/// Writes it.
pub fn write(state: &State, column: &mut Column) {
    match &state.diagnosis {
        Diagnosis::Looking(since, _) if state.now.saturating_duration_since(*since) >= NOTICEABLE => {
            working(state, word::LOOKING, *since, column);
        }
        Diagnosis::None | Diagnosis::Looking(..) => column.blank(),
        Diagnosis::Found(Err(why)) => column.text(0, why, state.look.danger),
        Diagnosis::Found(Ok(report)) => write_report(state, report, column),
    }
}

fn write_report(state: &State, report: &Report, column: &mut Column) {
    for (finding, components) in report.told() {
        write_finding(state.look, finding, &components.join(", "), column);
        column.blank();
    }
    column.text(0, &summary(report), state.look.strong);
    if let Some(run) = &state.run {
        column.text(0, &word::later(&command("doctor", &run.plan.dir)), state.look.dim);
    }
}

/// What is wrong with whom and where, what was seen, and what to do.
fn write_finding(look: Look, finding: &Finding, components: &str, column: &mut Column) {
    let Finding { code, verdict, place, detail, remedy, .. } = finding;
    let (mark, style) = mark(look, *verdict);
    let title = format!("{verdict}: {components}, {place}");
    column.hanging(vec![Span::styled(format!("{mark} "), style)], &title, style);
    column.text(2, detail, look.normal);
    if *verdict != Verdict::Fine {
        column.text(2, &format!("{TO_DO}: {remedy}"), look.strong);
    }
    column.text(2, &code.to_string(), look.dim);
}

fn mark(look: Look, verdict: Verdict) -> (&'static str, Style) {
    match verdict {
        Verdict::Fine => (look.marks.done, look.success),
        Verdict::Warning | Verdict::CannotTell => (look.marks.attention, look.accent),
        Verdict::Trouble => (look.marks.failed, look.danger),
    }
}
