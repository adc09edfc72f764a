//! `countersign check`: does every place hold the authority's secret? With `--watch` again whenever something changes.

use std::time::Duration;

use clap::Args;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::Scope;
use super::exit::Exit;
use crate::alignment::{Level, Report, Verdict, Watching, check};
use crate::apply::history::Entry;
use crate::estate::Estate;
use crate::ui::report;

/// How often `--watch` asks at least: what a process uses has no file that could be watched.
const AT_LEAST: Duration = Duration::from_secs(30);

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Only this level: file, running or session [default: all that apply]
    #[arg(long)]
    level: Option<Level>,
    /// Go on, and tell every verdict that changes, until Ctrl-C
    #[arg(long)]
    watch: bool,
}

impl Check {
    /// Runs it.
    pub fn run(&self, scope: &Scope) -> anyhow::Result<Exit> {
        let estate = scope.estate()?;
        if self.watch {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
            let ended = runtime.block_on(self.watch(scope, estate));
            // An exchange that is still under way must not keep us from ending.
            runtime.shutdown_background();
            return ended;
        }
        let report = check(&scope.dir(), &estate, &self.levels());
        scope.print(&report::alignment::text(&report), &report);
        self.remember(scope, &report);
        Ok(scope.reading(exit_of(&report)))
    }

    fn levels(&self) -> Vec<Level> {
        self.level.map_or_else(|| Level::ALL.to_vec(), |level| vec![level])
    }

    async fn watch(&self, scope: &Scope, mut estate: Estate) -> anyhow::Result<Exit> {
        let mut stop = Stop::new()?;
        let mut last: Option<Report> = None;
        loop {
            // Watched before it is asked, so that no change falls between the two.
            let mut watching = Watching::begin(&scope.dir(), &estate)?;
            let (dir, levels) = (scope.dir(), self.levels());
            let asked = tokio::task::spawn_blocking(move || check(&dir, &estate, &levels));
            let report = tokio::select! {
                report = asked => report?,
                () = stop.asked() => break,
            };
            if !self.tell(scope, last.as_ref(), &report) {
                break;
            }
            last = Some(report);
            tokio::select! {
                changed = watching.changed() => changed?,
                () = tokio::time::sleep(AT_LEAST) => {}
                () = stop.asked() => break,
            }
            estate = scope.estate()?;
        }
        Ok(scope.reading(last.as_ref().map_or(Exit::CannotTell, exit_of)))
    }

    /// The first report in full, then only what changed. `false` when nobody reads it any more.
    fn tell(&self, scope: &Scope, last: Option<&Report>, report: &Report) -> bool {
        let text = match last {
            None => report::alignment::text(report),
            Some(last) => report.changes(last).iter().map(report::alignment::change).collect(),
        };
        if text.is_empty() {
            return true;
        }
        self.remember(scope, report);
        scope.print_line(&text, report)
    }

    fn remember(&self, scope: &Scope, report: &Report) {
        let result = match exit_of(report) {
            Exit::Done => "aligned",
            Exit::Differs => "differs",
            _ => "can't tell",
        };
        let entry = Entry::new("check", result).counting(report.checked, report.expected);
        scope.remember(&Entry { level: self.level.map(|level| level.to_string()), ..entry });
    }
}

/// Being asked to end.
struct Stop([Signal; 2]);

impl Stop {
    fn new() -> std::io::Result<Self> {
        Ok(Self([signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?]))
    }

    async fn asked(&mut self) {
        let [interrupt, terminate] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    }
}

/// 4 when a place differs or lacks the secret, 5 when something could not be asked; 4 wins.
fn exit_of(report: &Report) -> Exit {
    match report.worst_of_all() {
        Some(Verdict::Differs | Verdict::Missing) => Exit::Differs,
        Some(Verdict::CannotTell) => Exit::CannotTell,
        Some(Verdict::Aligned) | None => Exit::Done,
    }
}
