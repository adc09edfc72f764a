//! The alignment matrix: component × place × level, as it is now and as it will be.

use std::future::pending;
use std::path::Path;
use std::time::Duration;

use super::site;
use crate::alignment::{self, Level, Verdict, Watching};
use crate::estate::home::components;
use crate::estate::{ComponentHome, Finding, detect};
use crate::plan::Settings;
use crate::profile::component_name;
use crate::ui::words::alignment as word;
use crate::wizard::Answers;

/// How often the places are asked at least while somebody looks at them.
const AT_LEAST: Duration = Duration::from_secs(30);

/// What a look at the places found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matrix {
    /// Whether nothing is there yet, so that every row speaks of what will be.
    pub fresh: bool,
    /// The authority's name: it checks the secret and holds no place.
    pub authority: Option<String>,
    /// The places, by component.
    pub rows: Vec<Row>,
}

/// One place at one level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The component's name for people.
    pub component: String,
    /// The file below the product's home; empty for a process.
    pub place: String,
    /// At which level it is asked.
    pub level: Level,
    /// What is known now; `None` when there is nothing to ask yet.
    pub now: Option<Verdict>,
    /// How that is known.
    pub detail: String,
}

impl Matrix {
    /// How many of the places are known to be aligned, of all: `[n/m]`.
    pub fn count(&self) -> String {
        let aligned = self.rows.iter().filter(|row| row.now == Some(Verdict::Aligned)).count();
        format!("[{aligned}/{}]", self.rows.len())
    }

    /// All of it in one line.
    pub fn summary(&self) -> String {
        if self.fresh {
            return word::promise(self.rows.len());
        }
        let count = |wanted: fn(&Verdict) -> bool| self.rows.iter().filter_map(|row| row.now).filter(wanted).count();
        let aligned = count(|verdict| *verdict == Verdict::Aligned);
        word::found(aligned, count(|verdict| *verdict != Verdict::CannotTell), self.rows.len())
    }
}

/// Looks at the folder and, where an estate stands, asks every place. Nothing is written.
///
/// # Errors
/// The folder cannot be read or is not an estate's; one line for people.
pub fn look(answers: &Answers) -> Result<Matrix, String> {
    site::take_values(answers).map_err(|refusal| refusal.to_string())?;
    let asked = Path::new(answers.text("estate.dir"));
    let detected = detect(asked).map_err(|error| format!("{} cannot be read: {error}", asked.display()))?;
    match detected.finding {
        Finding::Empty => Ok(expected(&detected.dir, answers)),
        Finding::Whole(estate) => {
            let report = alignment::check(&detected.dir, &estate, &Level::ALL);
            let rows = report.places.into_iter().map(|entry| Row {
                component: component_name(&entry.component).to_owned(),
                place: if entry.level == Level::File { entry.place } else { String::new() },
                level: entry.level,
                now: Some(entry.verdict),
                detail: entry.detail,
            });
            let rows = rows.collect();
            Ok(Matrix { fresh: false, authority: authority(&detected.dir, &estate.components), rows })
        }
        Finding::Half(what) | Finding::Foreign(what) => Err(format!("{} cannot be used: {what}", asked.display())),
    }
}

/// Watches what the verdicts depend on. Begun before the look, so that no change falls between the two.
pub struct Live(Option<Watching>);

impl Live {
    /// Watches from now on, where an estate stands. Needs a running tokio.
    pub fn begin(answers: &Answers) -> Self {
        let detected = detect(Path::new(answers.text("estate.dir"))).ok();
        let watching = detected.and_then(|detected| match detected.finding {
            Finding::Whole(estate) => Watching::begin(&detected.dir, &estate).ok(),
            _ => None,
        });
        Self(watching)
    }

    /// Waits until a verdict may be another one; for ever where nothing stands.
    pub async fn changed(self) {
        let Self(Some(mut watching)) = self else { return pending().await };
        // What a process uses has no file that could be watched. One who can no longer watch asks by the clock.
        tokio::select! {
            Ok(()) = watching.changed() => {}
            () = tokio::time::sleep(AT_LEAST) => {}
        }
    }
}

/// The places that an installation will fill, and the processes that will use them.
pub fn expected(dir: &Path, answers: &Answers) -> Matrix {
    let mut rows = Vec::new();
    let settings = Settings::new(dir.to_path_buf(), answers);
    for component in settings.homes() {
        let row = |place: String, level| Row {
            component: component.component.name.clone(),
            place,
            level,
            now: None,
            detail: String::new(),
        };
        let files = component.places().filter(|(place, _)| !place.is_online()).map(|(place, path)| {
            row(place.shown(path.strip_prefix(dir).unwrap_or(Path::new(&place.file))), Level::File)
        });
        rows.extend(files);
        if component.component.process && component.places().next().is_some() {
            rows.push(row(String::new(), Level::Running));
        }
    }
    Matrix { fresh: true, authority: authority(dir, &settings.components), rows }
}

fn authority(dir: &Path, selected: &[String]) -> Option<String> {
    components(dir, selected)
        .into_iter()
        .find(ComponentHome::is_authority)
        .map(|component| component.component.name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wizard::{Origin, Value};

    #[test]
    fn an_empty_folder_shows_what_will_hold_the_secret() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut answers = Answers::default();
        let dir = folder.path().display().to_string();
        answers.set("estate.dir", Value::Text(dir), Origin::Typed).expect("a folder");
        let matrix = look(&answers).expect("looked");
        assert!(matrix.fresh && matrix.rows.iter().all(|row| row.now.is_none()));
        let told: Vec<String> =
            matrix.rows.iter().map(|row| format!("{} {} {}", row.component, row.level, row.place)).collect();
        assert_eq!(
            told,
            [
                "Integrator file b2bi/Integrator/conf/passport-access.properties",
                "Integrator running ",
                "Interchange file b2bi/Interchange/conf/passport-access.xml",
                "Interchange running "
            ]
        );
        assert_eq!(matrix.authority.as_deref(), Some("PassPort"));
    }

    #[test]
    fn a_folder_of_others_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("letters.txt"), "").expect("written");
        let mut answers = Answers::default();
        let dir = folder.path().display().to_string();
        answers.set("estate.dir", Value::Text(dir), Origin::Typed).expect("a folder");
        assert!(look(&answers).is_err_and(|error| error.contains("letters.txt")));
    }
}
