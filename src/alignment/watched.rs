//! What a product says in its log of its own registration, where nobody can read its place or ask its process.

use crate::estate::{ComponentHome, Watching};
use crate::logfile::{Patterns, Said, last};
use crate::registration::state::State;

use super::found::Found;

/// The last that a component's log says of its registration, or why nobody can tell; `None` where nothing is watched.
pub(crate) fn said(component: &ComponentHome) -> Option<Result<Option<Said>, String>> {
    component.watching().map(|watching| read(&watching))
}

/// Whether the authority holds a component's request, as its log says.
pub(crate) fn waits(component: &ComponentHome) -> bool {
    matches!(said(component), Some(Ok(Some(Said::Pending(_)))))
}

/// The state of a registration of which a log said this last: the one that the line names, else the one it amounts to.
pub(crate) fn state(said: &Said) -> Option<State> {
    match said {
        Said::Aligned(_) => Some(State::Registered),
        Said::Differs(line) => Some(State::named_in(line).unwrap_or(State::ValidationRefused)),
        Said::Pending(line) => Some(pending(line)),
        Said::Silent(_) => None,
    }
}

/// The state of a registration that the authority holds, as a line of a log says it.
pub(crate) fn pending(line: &str) -> State {
    State::named_in(line).unwrap_or(State::Submitted)
}

/// What it comes to at the level *running*.
pub(super) fn found(component: &ComponentHome) -> Found {
    match said(component) {
        None => Found::cannot_tell("its profile names no log that tells"),
        Some(Err(reason)) => Found::cannot_tell(reason),
        Some(Ok(Some(Said::Aligned(line)))) => Found::told(format!("its log says: {line}")),
        Some(Ok(Some(Said::Differs(line)))) => Found::differs(format!("its log says: {line}")),
        Some(Ok(Some(Said::Pending(line)))) => {
            Found::cannot_tell(format!("registration pending; its log says: {line}"))
        }
        Some(Ok(Some(Said::Silent(_)) | None)) => Found::cannot_tell("its log says nothing of it"),
    }
}

fn read(watching: &Watching) -> Result<Option<Said>, String> {
    let patterns = Patterns::new(&watching.aligned, &watching.differs, &watching.pending);
    let patterns = patterns.map_err(|error| error.to_string())?;
    let said = last(&watching.log, &watching.encoding, &patterns);
    said.map_err(|error| format!("its log {} cannot be read: {error}", watching.log.display()))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::{Verdict, expected, running};
    use super::*;
    use crate::estate::ProductHome;
    use crate::profile::Profile;

    const PROFILE: &str = r#"
        format = 1
        [product]
        id = "sample"
        name = "Sample"
        role = "client"
        home = "sample"
        [[component]]
        id = "engine"
        name = "Engine"
        about = "an engine"
        holds_secret = true
        [[component]]
        id = "quiet"
        name = "Quiet"
        about = "says nothing"
        holds_secret = true
        [[component]]
        id = "server"
        name = "Server"
        about = "start and stop"
        process = true
        [[place]]
        component = "engine"
        form = "opaque"
        compare = "probe"
        alphabet = "!-~"
        length = [8, 64]
        [[place]]
        component = "quiet"
        form = "opaque"
        alphabet = "!-~"
        length = [8, 64]
        [lifecycle]
        status = ["{home}/status"]
        deadline = 2
        [registration]
        by = "product"
        strategy = ["cutover"]
        [[registration.watch]]
        component = "engine"
        log = "logs/{component}-*.log"
        aligned = ["accepted {home}"]
        differs = ["refused"]
        pending = ["in progress"]
        deadline = 10
    "#;

    fn component(home: &Path, id: &str) -> ComponentHome {
        let profile: &'static Profile = Box::leak(Box::new(toml::from_str(PROFILE).expect("a profile")));
        let component = profile.component.iter().find(|component| component.id == id).expect("a component");
        ComponentHome::new(ProductHome { profile, home: home.to_path_buf() }, component)
    }

    fn script(path: &Path, text: &str) {
        use std::os::unix::fs::PermissionsExt;
        std::fs::write(path, format!("#!/bin/sh\n{text}\n")).expect("written");
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).expect("mode");
    }

    #[test]
    fn the_last_that_its_log_says_is_what_is_known() {
        let dir = tempfile::tempdir().expect("a folder");
        let (home, log) = (dir.path().display().to_string(), dir.path().join("logs/engine-1.log"));
        let engine = component(dir.path(), "engine");
        assert!(
            found(&engine).detail.ends_with("engine-*.log cannot be read: it is not there"),
            "{}",
            found(&engine).detail
        );
        std::fs::create_dir(dir.path().join("logs")).expect("made");
        let mut text = String::new();
        for (line, verdict, state_word) in [
            ("06:00:00 begun".to_owned(), Verdict::CannotTell, None),
            (format!("06:00:01 accepted {home}"), Verdict::Aligned, Some(State::Registered)),
            ("06:00:02 refused".to_owned(), Verdict::Differs, Some(State::ValidationRefused)),
            ("06:00:03 refused [Status:Failed]".to_owned(), Verdict::Differs, Some(State::Failed)),
            (
                "06:00:04 in progress [Status: Waiting Signing]".to_owned(),
                Verdict::CannotTell,
                Some(State::WaitingSigning),
            ),
        ] {
            text = format!("{text}{line}\n");
            std::fs::write(&log, &text).expect("written");
            let now = found(&engine);
            assert_eq!(now.verdict, verdict, "{line}");
            assert_eq!(
                said(&engine).expect("watched").expect("read").and_then(|said| state(&said)),
                state_word,
                "{line}"
            );
            if verdict != Verdict::CannotTell {
                assert_eq!(now.detail, format!("its log says: {line}"));
            }
        }
        assert!(waits(&engine) && !waits(&component(dir.path(), "quiet")));
    }

    #[test]
    fn what_nobody_can_read_has_no_file_level_and_is_not_overlooked() {
        let dir = tempfile::tempdir().expect("a folder");
        let tells = ["engine", "quiet", "server"].map(|id| expected::tells(&component(dir.path(), id)));
        assert_eq!(tells, [true, true, false]);
        assert_eq!(found(&component(dir.path(), "quiet")).detail, "its profile names no log that tells");
    }

    #[test]
    fn a_product_that_is_stopped_or_cannot_be_asked_uses_nothing() {
        let dir = tempfile::tempdir().expect("a folder");
        let (engine, server) = (component(dir.path(), "engine"), component(dir.path(), "server"));
        let status = dir.path().join("status");
        for (text, runs, told) in [
            ("exit 0", true, None),
            ("exit 1", false, Some("not running")),
            ("kill -9 $$", false, Some("status was ended by signal 9")),
            ("sleep 60", false, Some("status did not end within 2 s and was ended")),
        ] {
            script(&status, text);
            assert_eq!((server.runs(), engine.runs()), (Some(runs), None), "{text}");
            let found = running::not_running(&engine).map(|found| found.detail);
            assert_eq!(found.is_some(), told.is_some(), "{text}");
            assert!(found.unwrap_or_default().contains(told.unwrap_or_default()), "{text}");
        }
    }
}
