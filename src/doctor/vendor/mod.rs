//! The vendor's gateway, by its folders alone: keystores, temporaries, CSDs and traces. Nothing is opened for writing.

mod keystores;
mod layout;
mod messages;
mod trace;

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::time::SystemTime;

use jiff::Timestamp;

use self::keystores::{Files, Standing};
use self::layout::Group;
use self::trace::Told;
use super::codes::Code;
use super::finding::{Finding, Report, Verdict};
use crate::estate::ComponentHome;

/// The CSD's name, where a repository gives none.
const CSD: &str = "csd.xml";

/// Looks at an installation of the vendor's gateway.
///
/// # Errors
/// There is none in this folder, or its folders cannot be read.
pub fn vendor(installation: &Path) -> io::Result<Report> {
    let mut findings = Vec::new();
    for group in layout::groups(installation)? {
        let found = look(installation, &group);
        if found.is_empty() {
            let conf = group.conf.strip_prefix(installation).unwrap_or(&group.conf).display().to_string();
            let detail = "no repository of this group has begun to register".to_owned();
            findings.push(Finding::of_vendor(Code::Fine, Verdict::Fine, &group.name, &conf, detail));
        }
        findings.extend(found);
    }
    Ok(Report::new(findings))
}

/// The same for a component of a site whose product drives its registration itself, by the log that its profile names.
pub fn of_component(component: &ComponentHome) -> Vec<Finding> {
    let Some((watching, conf)) = component.watching().zip(component.component.conf.as_ref()) else { return Vec::new() };
    let group =
        Group { name: component.id().to_owned(), conf: component.home().join(conf), traces: vec![watching.log] };
    look(component.home(), &group)
}

fn look(installation: &Path, group: &Group) -> Vec<Finding> {
    let shown = |path: &Path| path.strip_prefix(installation).unwrap_or(path).display().to_string();
    let finding = |code, verdict, path: &Path, detail: String| {
        Finding::of_vendor(code, verdict, &group.name, &shown(path), detail)
    };
    let cannot = |path: &Path, error: &io::Error| finding(Code::NoAnswer, Verdict::CannotTell, path, error.to_string());
    let keystores = match keystores::read(&group.conf) {
        Ok(keystores) => keystores,
        Err(error) if error.kind() == io::ErrorKind::NotFound => BTreeMap::new(),
        Err(error) => return vec![cannot(&group.conf, &error)],
    };
    let mut found = Vec::new();
    let mut told = BTreeMap::new();
    let stems: Vec<&str> = keystores.keys().map(String::as_str).collect();
    for pattern in &group.traces {
        match trace::latest(pattern, &stems) {
            Ok(latest) => latest.into_iter().for_each(|(of, one)| keep_later(&mut told, of, one)),
            Err(error) => found.push(cannot(pattern, &error)),
        }
    }
    told.retain(|of, one| !is_over(&keystores, of, one));
    for (of, Told { message, file, at }) in &told {
        let named = if of.is_empty() { String::new() } else { format!("{of}: ") };
        let said = match (&message.status, message.code) {
            (Some(status), _) => format!("[Status:{status}]"),
            (None, Code::ClockAhead) => "CertificateNotYetValidException".to_owned(),
            (None, code) => code.entry().title.to_owned(),
        };
        found.push(finding(message.code, Verdict::Trouble, file, format!("{named}{said}{}", when(*at))));
    }
    for (stem, files) in &keystores {
        let path = group.conf.join(format!("{stem}.jks"));
        match files.standing() {
            Standing::Registered => {
                let detail = format!("registered{}", when(files.keystore));
                found.push(finding(Code::Fine, Verdict::Fine, &path, detail));
            }
            Standing::LeftOver => {
                let detail = format!("left over: {}", files.others());
                found.push(finding(Code::LeftoverTemporaries, Verdict::Trouble, &path, detail));
            }
            // What the trace says of it is told already.
            Standing::Unfinished if told.contains_key(stem) || told.contains_key("") => {}
            Standing::Unfinished => {
                let detail = format!("pending or interrupted: {}", files.others());
                found.push(finding(Code::Interrupted, Verdict::Trouble, &path, detail));
            }
        }
    }
    if !keystores.is_empty() && !keystores::has_csd(&group.conf) {
        let detail = "no XML file here has csd in its name".to_owned();
        found.push(finding(Code::MissingCsd, Verdict::Trouble, &group.conf.join(CSD), detail));
    }
    found
}

fn keep_later(told: &mut BTreeMap<String, Told>, of: String, one: Told) {
    if told.get(&of).is_none_or(|known| known.at < one.at) {
        told.insert(of, one);
    }
}

/// Whether the registration that a message is about has ended since: its keystore, or every one where the message
/// names none, was written later and stands alone.
fn is_over(keystores: &BTreeMap<String, Files>, of: &str, told: &Told) -> bool {
    let concerned: Vec<&Files> =
        if of.is_empty() { keystores.values().collect() } else { keystores.get(of).into_iter().collect() };
    let is_done = |files: &&Files| files.standing() == Standing::Registered;
    concerned.iter().all(is_done) && concerned.iter().any(|files| files.keystore > told.at)
}

fn when(at: Option<SystemTime>) -> String {
    let text = at.and_then(|at| Timestamp::try_from(at).ok());
    text.map_or_else(String::new, |at| format!(", {}", at.strftime("%Y-%m-%d %H:%M:%S UTC")))
}
