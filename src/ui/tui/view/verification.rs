//! The verification: every probe that the profiles name, and what came of it.

use ratatui::style::Style;
use ratatui::text::Span;

use super::column::Column;
use super::run::{write_head, write_step};
use super::words::{columns, pad};
use crate::estate::home::products;
use crate::plan::{Phase, Step};
use crate::ui::tui::progress::Run;
use crate::ui::tui::state::State;
use crate::ui::tui::text::run as word;
use crate::verify::{ProbeResult, Verdict};

/// Columns of a duration.
const MILLISECONDS: usize = 9;

/// Writes it.
pub fn write(state: &State, column: &mut Column) {
    let Some(run) = &state.run else { return };
    let expected = expected(state, run);
    write_head(state, run, summary(run, expected.len()), column);
    for step in run.of_phase(Phase::Verification).filter(|step| run.plan.steps[*step] == Step::Check) {
        let checked = run.checked.map(|(checked, expected)| word::checked(checked, expected));
        write_step(state, run, step, &checked.unwrap_or_else(|| run.describe(step)), column);
    }
    let widest = expected.iter().map(|id| columns(id)).max().unwrap_or(0) + 2;
    for id in &expected {
        let result = run.probes.iter().find(|probe| probe.id == *id);
        write_probe(state, id, result, widest, column);
    }
}

fn summary(run: &Run, expected: usize) -> String {
    let count = |wanted: fn(Verdict) -> bool| run.probes.iter().filter(|probe| wanted(probe.verdict)).count();
    let ok = count(|verdict| verdict == Verdict::Ok);
    if run.outcome.is_none() {
        word::probes(ok, run.probes.len(), expected)
    } else if run.probes.is_empty() {
        word::NO_PROBES.to_owned()
    } else {
        word::probed(ok, count(|verdict| verdict != Verdict::NotAsked))
    }
}

/// The probes of the selected products, in the order of the profiles; then any that came besides.
fn expected(state: &State, run: &Run) -> Vec<String> {
    let products = products(&run.plan.dir, state.answers.list("components"));
    let mut ids: Vec<String> =
        products.iter().flat_map(|product| &product.profile.probe).map(|probe| probe.id.clone()).collect();
    let besides: Vec<String> = run.probes.iter().map(|probe| probe.id.clone()).filter(|id| !ids.contains(id)).collect();
    ids.extend(besides);
    ids
}

fn write_probe(state: &State, id: &str, result: Option<&ProbeResult>, widest: usize, column: &mut Column) {
    let (mark, style) = mark(state, result);
    let mut spans = vec![Span::styled(format!("{mark} "), style)];
    let Some(probe) = result else {
        spans.push(Span::styled(id.to_owned(), state.look.dim));
        column.line(spans);
        return;
    };
    spans.push(Span::raw(pad(id, widest)));
    spans.push(Span::styled(format!("{:>MILLISECONDS$}  ", format!("{} ms", probe.ms)), state.look.dim));
    let style = if probe.verdict == Verdict::Ok { state.look.dim } else { state.look.normal };
    let detail = match probe.verdict {
        Verdict::Ok => probe.detail.clone(),
        verdict => format!("{verdict}: {}", probe.detail),
    };
    column.hanging(spans, &detail, style);
}

fn mark(state: &State, result: Option<&ProbeResult>) -> (&'static str, Style) {
    let (look, marks) = (state.look, state.look.marks);
    match result.map(|probe| probe.verdict) {
        None => (marks.todo, look.dim),
        Some(Verdict::Ok) => (marks.done, look.success),
        Some(Verdict::Failed) => (marks.failed, look.danger),
        Some(Verdict::CannotTell) => (marks.attention, look.accent),
        Some(Verdict::NotAsked) => (marks.skipped, look.dim),
    }
}
