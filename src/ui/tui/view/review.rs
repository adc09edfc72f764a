//! Review: the steps at the left, what the pointed one does at the right, how much it all is below.

use std::path::Path;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::Span;
use ratatui::widgets::{Block, Widget};

use super::column::{Column, MARGIN};
use super::form::attention;
use super::run::working;
use super::words::{columns, cut, cut_path, fold};
use super::zones::Zones;
use crate::plan::{Counts, Step};
use crate::ui::session::Situation;
use crate::ui::session::changes::Change;
use crate::ui::session::obstacle::Obstacle;
use crate::ui::tui::state::{Draft, NOTICEABLE, Ready, State};
use crate::ui::tui::text::review as word;
use crate::wizard::fields;

/// From this width on list and text stand beside each other.
const BESIDE: u16 = 76;
/// How a command begins in a step's text.
const COMMAND: &str = "  $ ";
/// Below this a text that is being read has the page to itself.
const ROOMY: u16 = 110;

/// Writes what there is instead of a plan: what is in the way, or that nothing has to be done.
pub fn write(state: &State, column: &mut Column) {
    let obstacles = state.obstacles();
    if !obstacles.is_empty() {
        column.text(0, word::IN_THE_WAY, state.look.strong);
        column.blank();
        let selected = state.review.selected.min(obstacles.len() - 1);
        for (at, obstacle) in obstacles.iter().enumerate() {
            write_obstacle(state, obstacle, at == selected, column);
        }
        return;
    }
    match &state.review.draft {
        Draft::Preparing(since, _) if state.now.saturating_duration_since(*since) >= NOTICEABLE => {
            working(state, word::PREPARING, *since, column);
        }
        Draft::Ready(ready) => {
            let nothing = if ready.situation == Situation::Configure { word::NOTHING_CHANGED } else { word::NOTHING };
            column.text(0, nothing, state.look.success);
        }
        _ => {}
    }
}

fn write_obstacle(state: &State, obstacle: &Obstacle, selected: bool, column: &mut Column) {
    let page = obstacle.field.and_then(|id| fields().find(|(_, field)| field.id == id)).map(|(page, _)| page.title);
    let page = page.filter(|title| !obstacle.text.starts_with(title)).map(|title| format!("{title}: "));
    let page = page.unwrap_or_default();
    let lines = super::words::wrap(&format!("{page}{}", obstacle.text), column.width.saturating_sub(2));
    for (at, line) in lines.into_iter().enumerate() {
        let lead = if at == 0 { attention(state, 0) } else { Span::raw("  ") };
        column.row(selected, vec![lead, Span::raw(line)]);
    }
    column.blank();
}

/// The parts of the page.
struct Parts {
    intro: Rect,
    changes: Rect,
    list: Option<Rect>,
    text: Option<Rect>,
    counts: Rect,
}

fn parts(state: &State, zones: Zones) -> Parts {
    let lines = [1, changes(state, zones).len(), 1];
    let [intro, changes, _, body, counts] = Layout::vertical(
        lines
            .map(|lines| Constraint::Length(u16::try_from(lines).unwrap_or(u16::MAX)))
            .into_iter()
            .chain([Constraint::Min(0), Constraint::Length(1)]),
    )
    .areas(zones.page);
    let whole = state.review.in_text && zones.page.width < ROOMY;
    let (list, text) = if zones.page.width >= BESIDE && !whole {
        let wide = (zones.page.width * 9 / 20).clamp(36, 56);
        let [list, text] = Layout::horizontal([Constraint::Length(wide), Constraint::Min(0)]).areas(body);
        (Some(list), Some(text))
    } else if state.review.in_text {
        (None, Some(body))
    } else {
        (Some(body), None)
    };
    Parts { intro, changes, list, text, counts }
}

/// What changes of an installed estate, a line each, as far as there is room beside the steps.
fn changes(state: &State, zones: Zones) -> Vec<String> {
    let all = &state.review.changes;
    let room = usize::from(zones.page.height / 4).max(1);
    let shown = if all.len() > room { room.saturating_sub(1) } else { all.len() };
    let mut lines: Vec<String> = all.iter().take(shown).map(Change::line).collect();
    if shown < all.len() {
        lines.push(word::more(all.len() - shown));
    }
    lines
}

/// Draws the page with a plan.
pub fn draw(state: &State, frame: &mut Frame, zones: Zones) {
    let Some(ready) = state.shown_plan() else { return };
    let parts = parts(state, zones);
    let intro = match ready.situation {
        _ if state.settled() => word::CARRIED_OUT,
        Situation::Fresh | Situation::Configure => word::READY,
        Situation::Whole => word::WHOLE,
    };
    line(state, frame, parts.intro, intro, state.look.normal);
    for (change, y) in changes(state, zones).into_iter().zip(parts.changes.top()..parts.changes.bottom()) {
        line(state, frame, Rect { y, height: 1, ..parts.changes }, &change, state.look.accent);
    }
    let (counts, in_short) = (ready.counts.to_string(), ready.counts.in_short());
    let fits = columns(&counts) + MARGIN <= usize::from(parts.counts.width);
    line(state, frame, parts.counts, if fits { &counts } else { &in_short }, state.look.strong);
    if let Some(area) = parts.list {
        list(state, ready, area).draw(frame, area, None);
    }
    if let (Some(area), Some((column, inner))) = (parts.text, text(state, zones)) {
        if zones.borders {
            let style = if state.review.in_text { state.look.accent } else { state.look.dim };
            let title = format!(" {} ", title(state, ready, usize::from(area.width).saturating_sub(4)));
            let block = Block::bordered().border_set(state.look.marks.border).border_style(style);
            block.title(Span::styled(title, state.look.strong)).render(area, frame.buffer_mut());
        }
        column.draw(frame, inner, super::own_scroll(state));
    }
}

fn line(state: &State, frame: &mut Frame, area: Rect, text: &str, style: Style) {
    let margin = u16::try_from(MARGIN).unwrap_or(0);
    let room = usize::from(area.width.saturating_sub(margin));
    let text = cut(text, room, state.look.marks.ellipsis);
    if area.height > 0 {
        frame.buffer_mut().set_string(area.x + margin.min(area.width), area.y, text, style);
    }
}

fn list(state: &State, ready: &Ready, area: Rect) -> Column {
    let mut column = Column::new(state.look, area.width);
    let selected = selected(state, ready);
    let mut at = 0;
    for steps in ready.plan.steps.chunk_by(|one, other| one.product(&ready.plan.dir) == other.product(&ready.plan.dir))
    {
        write_product(state, ready, steps, &mut column);
        for step in steps {
            write_entry(state, step, &short_title(ready, at), at == selected, &mut column);
            at += 1;
        }
    }
    if !ready.plan.finish.is_empty() {
        column.line(vec![Span::styled(word::AFTER_COMMIT, state.look.strong)]);
    }
    for step in &ready.plan.finish {
        write_entry(state, step, &step.describe(&ready.plan.dir), false, &mut column);
    }
    let still = ready.plan.still_to_do.iter().map(|line| format!("{}{line}", word::STILL_TO_DO));
    for line in still.chain(ready.plan.remarks.iter().cloned()) {
        column.blank();
        column.hanging(vec![attention(state, 0)], &line, state.look.dim);
    }
    column
}

/// A product that steps in a row touch, and how much of it.
fn write_product(state: &State, ready: &Ready, steps: &[Step], column: &mut Column) {
    let name = steps.first().and_then(|step| step.product(&ready.plan.dir)).unwrap_or_else(|| word::ESTATE.to_owned());
    let counts = Counts::of(steps);
    let counts = if counts == Counts::default() { String::new() } else { counts.in_short() };
    let room = column.width.saturating_sub(columns(&name) + 3);
    column.line(vec![
        Span::styled(name, state.look.strong),
        Span::styled(format!("  {}", cut(&counts, room, state.look.marks.ellipsis)), state.look.dim),
    ]);
}

fn write_entry(state: &State, step: &Step, title: &str, selected: bool, column: &mut Column) {
    let (mark, style) = mark(state, step);
    let title = cut_path(title, column.width.saturating_sub(3), state.look.marks.ellipsis);
    let title_style = if selected { state.look.accent } else { state.look.normal };
    column.row(selected, vec![Span::styled(format!("{mark} "), style), Span::styled(title, title_style)]);
}

/// A step's title where there is little room: a file that is written is told by its name.
fn short_title(ready: &Ready, at: usize) -> String {
    match ready.plan.steps.get(at) {
        Some(Step::CreateFile { path, .. } | Step::CreatePlace { path, .. }) => shown(path, &ready.plan.dir),
        _ => ready.items.get(at).map(|item| item.title.clone()).unwrap_or_default(),
    }
}

fn shown(path: &Path, dir: &Path) -> String {
    path.strip_prefix(dir).unwrap_or(path).display().to_string()
}

fn selected(state: &State, ready: &Ready) -> usize {
    state.review.selected.min(ready.items.len().saturating_sub(1))
}

/// What a step touches: `+` a file, `*` a file with the secret, `$` a command.
fn mark(state: &State, step: &Step) -> (&'static str, Style) {
    match step {
        Step::CreateFile { .. } | Step::MakeFolders { .. } => ("+", state.look.success),
        Step::EditFile { .. } | Step::SetValues { .. } => ("~", state.look.accent),
        Step::CreatePlace { .. }
        | Step::WriteSecret { .. }
        | Step::SetSecret { .. }
        | Step::AddNext { .. }
        | Step::Promote { .. }
        | Step::ReplaceSecret { .. }
        | Step::RunInstaller(_) => ("*", state.look.accent),
        Step::MoveAside { .. } | Step::RemoveFolder { .. } | Step::RemoveComponent { .. } | Step::Revoke { .. } => {
            ("-", state.look.danger)
        }
        Step::MakeHome { .. }
        | Step::Start(_)
        | Step::Stop(_)
        | Step::SeeRefused(_)
        | Step::Connect { .. }
        | Step::Register { .. } => ("$", state.look.normal),
        Step::ImportComponent { .. }
        | Step::SettleSecret { .. }
        | Step::Probe { .. }
        | Step::SeeKept { .. }
        | Step::Check
        | Step::Verify => (" ", state.look.normal),
    }
}

/// What the step pointed at does, in so many columns.
fn title(state: &State, ready: &Ready, width: usize) -> String {
    let at = selected(state, ready);
    let whole = ready.items.get(at).map(|item| item.title.clone()).filter(|title| columns(title) <= width);
    cut_path(&whole.unwrap_or_else(|| short_title(ready, at)), width, state.look.marks.ellipsis)
}

/// The text of the step pointed at, and where it is drawn.
pub fn text(state: &State, zones: Zones) -> Option<(Column, Rect)> {
    let ready = state.shown_plan()?;
    let area = parts(state, zones).text?;
    let inner = if zones.borders { Block::bordered().inner(area) } else { area };
    let item = ready.items.get(selected(state, ready))?;
    let mut column = Column::new(state.look, inner.width.saturating_sub(1));
    if !zones.borders {
        column.text(0, &item.title, state.look.strong);
        column.blank();
    }
    if item.text.is_empty() {
        column.text(0, word::NO_TEXT, state.look.dim);
    }
    for line in item.text.lines() {
        let line = line.replace('\t', "    ");
        let style = diff_style(state, &line);
        if let Some(command) = line.strip_prefix(COMMAND) {
            column.hanging(vec![Span::styled(COMMAND, state.look.dim)], command, style);
            continue;
        }
        for part in fold(&line, column.width) {
            column.line(vec![Span::styled(part, style)]);
        }
    }
    Some((column, inner))
}

fn diff_style(state: &State, line: &str) -> Style {
    if line.starts_with("+++") || line.starts_with("---") || line.starts_with("@@") {
        state.look.dim
    } else if line.starts_with('+') {
        state.look.success
    } else if line.starts_with('-') {
        state.look.danger
    } else {
        state.look.normal
    }
}
