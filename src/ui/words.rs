//! What every front says the same way, besides what pages, fields, profiles and steps say of themselves.

use std::path::Path;

use crate::tree::enumerate;
use crate::ui::session::giving::{Comparison, Way};

/// A typed secret that is not there yet; reads on after the field's name.
pub const NOT_TYPED: &str = "is not typed yet";
/// Both lines differ.
pub const NOT_THE_SAME: &str = "is not the same in both lines";
/// The reference is none; it never repeats what was typed, which may be a secret.
pub const NO_REFERENCE: &str = "must say where it is read from: env:NAME, file:PATH, fd:N from 3 on, cred:NAME or \
                                command:[\"PROGRAM\"]; the secret itself never stands here";
/// Under the line of a reference.
pub const REFERENCES: &str = "env:NAME   file:PATH   cred:NAME   fd:N   command:[\"PROGRAM\",\"ARGUMENT\"]";
/// Beside both lines.
pub const SECRET: &str = "Secret";
/// The second line.
pub const AGAIN: &str = "Once more";
/// Where it is read from.
pub const READ_FROM: &str = "Read from";

/// Beside a product whose components go together.
pub const ALL_OR_NONE: &str = "all or none";

/// Beside a product whose profile was not tried on the real one.
pub const NOT_VERIFIED: &str = "not verified";
/// Why a place refuses a typed secret; reads on after the field's name.
pub fn not_accepted(rule: &str) -> String {
    format!("cannot stand in every place: {rule}")
}

/// The same, where a character is to blame.
pub fn forbidden(component: &str, character: char) -> String {
    format!("{component}'s place does not take the character {}", character.escape_debug())
}

/// How a component's secret compares with the authority's.
pub fn compared(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Same => "the same secret: the authority will accept it",
        Comparison::Differs => "another secret than the authority's: it would be refused",
        Comparison::Open => "whether it is the same is seen when both are read, before anything is touched",
    }
}

/// How a secret can be given; `keeps` where the shared one stays as it is.
pub fn way(way: Way, keeps: bool) -> &'static str {
    match way {
        Way::Keep => "Keep the present secret",
        Way::Same if keeps => "Keep it, the same as the authority",
        Way::Same => "The same as the authority",
        Way::Generate => "Generate a strong one",
        Way::Type => "Type or paste it",
        Way::Read => "Read it from somewhere",
    }
}

/// What that means.
pub fn about_way(way: Way) -> &'static str {
    match way {
        Way::Keep => "no place is written for it",
        Way::Same => "the secret of the Shared secret page",
        Way::Generate => "32 characters that every place accepts",
        Way::Type => "hidden while you type, asked twice",
        Way::Read => "a variable, a file, a credential, a command",
    }
}

/// Of a group that was begun: what is missing, and why.
pub fn incomplete(absent: &[&str], reason: &str) -> String {
    let are = if absent.len() == 1 { "is" } else { "are" };
    format!("{} {are} missing: {reason}.", enumerate(absent))
}

/// A command that names the estate.
pub fn command(verb: &str, dir: &Path) -> String {
    format!("countersign {verb} --estate {}", dir.display())
}

/// The verb that takes an answer file.
pub fn command_for(mode: &str, file: &Path) -> String {
    format!("The same again, without a question: countersign {mode} --answers {} --yes", file.display())
}

/// Answers that are saved before anything is done.
pub mod answer_file {
    use std::path::Path;

    pub const NAME: &str = "answers.toml";
    pub const FILE: &str = "File";
    pub const NO_NAME: &str = "A file needs a name.";
    pub const REPLACE: &str = "That file is there already. Replace it?";
    pub const TYPED: &str =
        "A typed secret is not in it: for a run that nobody attends, put env:NAME or file:PATH where it says prompt.";
    pub const GENERATED: &str =
        "There, generate keeps the present secret: a new one each time is what `countersign rotate` makes.";

    /// It is written.
    pub fn saved(file: &Path) -> String {
        format!("Saved in {}, readable by you only. No secret is in it.", file.display())
    }

    /// A file that would make the folder another one than it is.
    pub fn in_the_estate(dir: &Path) -> String {
        format!("{} is the estate's own folder: choose a file outside it.", dir.display())
    }

    /// It is not written.
    pub fn cannot_write(file: &Path, error: &std::io::Error) -> String {
        format!("{} cannot be written: {error}.", file.display())
    }
}

/// Where a person left the wizard.
pub mod bookmark {
    pub const BROKEN: &str = "is broken";
    pub const OTHER_VERSION: &str = "is of another version";
    pub const DOES_NOT_FIT: &str = "does not fit what is asked here";
    pub const ASKED_AGAIN: &str = "Your answers come back; secrets are asked again.";
    pub const GO_ON: &str = "Go on from there";
    pub const BEGIN_ANEW: &str = "Begin anew";

    /// When and where it was left.
    pub fn about(time: &str, page: &str) -> String {
        format!("You left the wizard at {time}, on the page {page}.")
    }

    /// What is kept, and cannot be used.
    pub fn ignored(why: &str) -> String {
        format!("What you answered before is not used: {why}.")
    }
}

/// The ways out of an interrupted change.
pub mod course {
    use crate::ui::session::Way as Course;

    /// What it is called.
    pub fn name(course: Course) -> &'static str {
        match course {
            Course::Resume => "Finish it",
            Course::PutBack => "Put everything back",
        }
    }

    /// What it does.
    pub fn about(course: Course) -> &'static str {
        match course {
            Course::Resume => "goes on from where it stopped; nothing is asked again",
            Course::PutBack => "undoes every step, the last first",
        }
    }

    /// The question before it is done.
    pub fn question(course: Course, id: &str) -> String {
        match course {
            Course::Resume => format!("Finish the change {id}?"),
            Course::PutBack => format!("Put back the change {id}?"),
        }
    }

    /// What to expect.
    pub fn note(course: Course, committed: bool) -> &'static str {
        match course {
            Course::Resume if committed => "Only what follows the commit is done.",
            Course::Resume => "If a step fails, everything is put back.",
            Course::PutBack => "Everything becomes as it was before the change.",
        }
    }

    /// In the header while it is done.
    pub fn badge(course: Course) -> &'static str {
        match course {
            Course::Resume => "Finish",
            Course::PutBack => "Put back",
        }
    }

    pub const PUTS_BACK: &str = "What the interrupted change did is undone, the last step first.";
    pub const TITLE: &str = "An interrupted change";
    pub const BADGE: &str = "Interrupted";
}

/// The estate's folder, as it was found.
pub mod standing {
    pub const NOTHING: &str = "Nothing stands there yet: the estate is new.";
    pub const SITE: &str = "The profiles there describe products of your own; no change of them is on record yet.";
    pub const INSTALL_AGAIN: &str =
        "An estate stands there. With the answers it was installed with, what is stopped is started.";
    pub const MAY_CHANGE: &str = "Configure may change";
    pub const CHANGES: [&str; 3] = [
        "the shared secret",
        "where the authority is: host, ports, domain, component description",
        "which components there are",
    ];
    pub const KEPT: &str = "What you leave as it is keeps its value.";

    /// A whole estate.
    pub fn whole(components: &[&str], host: &str, https: u16, client_auth: u16) -> String {
        format!("An estate stands there: {}. Authority {host}, ports {https} and {client_auth}.", components.join(", "))
    }

    /// Which products of a site show themselves on this host, each with the kinds of its signs.
    pub fn found(products: &[(&str, Vec<&str>)]) -> String {
        let product = |(name, kinds): &(&str, Vec<&str>)| match &kinds[..] {
            [] => format!("nothing of {name}"),
            kinds => format!("{name} (by {})", kinds.join(", ")),
        };
        let all: Vec<String> = products.iter().map(product).collect();
        if all.is_empty() { String::new() } else { format!(" Found on this host: {}.", all.join("; ")) }
    }

    /// A folder that cannot be used.
    pub fn unusable(what: &str) -> String {
        format!("That folder cannot be used: {what}.")
    }

    /// A folder that cannot be looked at.
    pub fn unreadable(error: &str) -> String {
        format!("That folder cannot be read: {error}.")
    }

    /// A folder in which another run is at work.
    pub fn held(holder: &str) -> String {
        format!("Another run holds that estate: {holder}. Wait for its end.")
    }

    /// A folder with an unfinished change that stopped at a step.
    pub fn interrupted(act: &str, time: &str, at: usize, all: usize, step: &str) -> String {
        format!("A change was interrupted there: {act}, begun {time}, stopped at step {at} of {all}, \"{step}\".")
    }

    /// One of which no step is left.
    pub fn interrupted_at_the_beginning(act: &str, time: &str) -> String {
        format!("A change was interrupted there: {act}, begun {time}, stopped at its beginning.")
    }

    /// One that can only go forward.
    pub fn interrupted_after_commit(act: &str, time: &str) -> String {
        format!("A change was interrupted there: {act}, begun {time}. It is committed; only what follows is missing.")
    }
}

/// The alignment page.
pub mod alignment {
    pub const HEADINGS: [&str; 5] = ["Component", "Place", "Level", "Now", "After"];
    pub const ASKING: &str = "asking";
    pub const LOOKING: &str = "asking every place";
    pub const WILL_BE: &str = "will be aligned";
    pub const PROCESS: &str = "its process";
    pub const NOBODY: &str = "No selected component holds the secret.";

    /// What the authority has to do with it.
    pub fn authority(name: &str) -> String {
        format!("{name} checks the secret and keeps only a record of it: each place proves to {name} that it holds it.")
    }

    /// What is promised of an empty folder.
    pub fn promise(places: usize) -> String {
        let s = if places == 1 { "" } else { "s" };
        format!("Nothing stands here yet. {places} check{s} will be made after the change.")
    }

    /// What was found.
    pub fn found(aligned: usize, known: usize, all: usize) -> String {
        format!("Checked {known} of {all}; {aligned} aligned.")
    }
}

/// The doctor.
pub mod doctor {
    pub const NO_ESTATE: &str = "No estate stands in the folder, so there is nothing to look at.";

    /// Who looks for the cause of a failure.
    pub fn ask(command: &str) -> String {
        format!("What is wrong with the estate, if anything is: {command}")
    }

    /// A folder whose estate is not all there.
    pub fn not_whole(what: &str) -> String {
        format!("The estate is not whole, so it cannot be looked at: {what}.")
    }
}

/// The last page.
pub mod done {
    pub const KEEP: &str = "Keep";
    pub const ASK: &str = "Ask again at any time";
    pub const ESTATE: &str = "the estate";
    pub const ANSWERS: &str = "your answers, without any secret: the same installation once more";
    pub const SYSTEM: &str = "the password of the administrator system, readable by you only";
    pub const CHECK: &str = "does every place still hold the secret?";
    pub const VERIFY: &str = "every probe once more";
    pub const STATUS: &str = "what runs, what is registered";
    pub const REGISTER: &str = "drive the pending registration once the authority has decided";
    pub const DOCTOR: &str = "look for what keeps it from registering";
    pub const BACK: &str = "go back to the previous secret, while its window lasts";
    pub const UNINSTALL: &str = "take it all away again";
}

/// The review.
pub mod review {
    use std::path::Path;

    use crate::secret::Source;

    pub const IN_THE_WAY: &str = "In the way; nothing was touched:";
    pub const NOTHING: &str = "There is nothing to do: the estate is whole, and its secret proves.";
    pub const NOTHING_CHANGED: &str = "Nothing was changed, so there is nothing to do.";
    pub const WAS_IS: &str = "->";
    pub const CONSENT_NOTE: &str = "If a step fails, everything is put back.";

    /// A field that was left empty, with what it comes to.
    pub fn inherited(value: &str) -> String {
        format!("{value}, as on the Authority page")
    }

    /// A secret's source, in a word or two.
    pub fn source(source: &Source) -> String {
        match source {
            Source::Keep => "as it is".to_owned(),
            Source::Same => "the same".to_owned(),
            Source::Generate => "a new one, generated".to_owned(),
            Source::Prompt => "a new one, typed".to_owned(),
            other => other.to_string(),
        }
    }

    /// The consent.
    pub fn consent(steps: usize, dir: &Path) -> String {
        let s = if steps == 1 { "" } else { "s" };
        format!("Apply {steps} step{s} to {}?", dir.display())
    }
}

/// How a run ended.
pub mod run {
    use crate::apply::{Finished, Outcome};
    use crate::profile::component_name;
    use crate::tree::enumerate;

    /// What happened on the way, and what is left to people on other hosts; one sentence each.
    pub fn besides(outcome: &Outcome) -> Vec<String> {
        let names: Vec<&str> = outcome.seen_refused.iter().map(|id| component_name(id)).collect();
        let were = if names.len() == 1 { "was" } else { "were" };
        let refused = (outcome.result == Finished::Done && !names.is_empty())
            .then(|| format!("With the old secret {} {were} refused in between.", enumerate(&names)));
        let still = outcome.still_to_do.iter().map(|line| format!("Still to do, by you: {line}."));
        refused.into_iter().chain(still).collect()
    }

    /// How a change of this kind ended, in one line.
    pub fn ended(finished: Finished, act: &str) -> &'static str {
        match finished {
            Finished::Done => match act {
                "install" => "Done: the estate is set up and verified.",
                "uninstall" => "Done: the estate is removed.",
                "start" => "Done: what was stopped runs again.",
                _ => "Done: the estate is changed and verified.",
            },
            Finished::NothingToDo => "Nothing had to be changed.",
            Finished::Pending => "Set up as far as it goes: a registration is pending at the authority.",
            Finished::Interrupted => "Committed, but what follows is not finished: countersign resume goes on with it.",
            Finished::PutBack => "It failed, and everything was put back as it was.",
            Finished::NotPutBack => "It failed, and not everything could be put back.",
        }
    }

    /// How putting back an interrupted change ended.
    pub fn put_back(finished: Finished) -> &'static str {
        match finished {
            Finished::NotPutBack => "Not everything could be put back.",
            _ => "Everything was put back as it was before.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named() {
        let text = incomplete(&["Integrator", "B2Bi"], "it fails");
        assert!(text.starts_with("Integrator and B2Bi are missing: it fails."));
        assert!(incomplete(&["B2Bi"], "it fails").starts_with("B2Bi is missing"));
    }
}
