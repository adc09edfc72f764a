//! Everything the plain wizard says, besides what both wizards say, and what pages, fields, profiles and steps say of
//! themselves.

use crate::wizard::{Field, Origin, Page};

/// Before the first question.
pub const INTRODUCTION: &str = "Countersign, line by line.\n\
    Enter takes the value in brackets. ? explains the question, < goes back to the one before, > to any page that you \
    have seen, q leaves.";
/// After `?`, below the help of a field.
pub const COMMANDS: &str = "Enter takes the value in brackets, < goes back, > to another page, q leaves.";
/// There is no question before.
pub const FIRST: &str = "This is the first question.";
/// A number that stands for nothing.
pub const NO_SUCH_NUMBER: &str = "Type one of the numbers above.";
/// Help on the components.
pub const TOGGLING: &str = "Type one or more numbers to select or take out; Enter when the list is right.";
/// Asked below the components.
pub const TOGGLE: &str = "Numbers to change, or Enter when right: ";
/// Asked below what a site's profile asks.
pub const CHANGE: &str = "Number to change, or Enter when right: ";
/// Help on it.
pub const CHANGING: &str = "Type the number of a value to change it; ? at its own question tells more. Enter when the list \
                            is right, < goes back, q leaves.";
/// Asked below a list.
pub const NUMBER: &str = "Number";
/// A selected component, and one that is not.
pub const MARKS: [&str; 2] = ["[x]", "[ ]"];
/// Help on the ways to give a secret.
pub const WAYS: &str = "Type a number, or the source itself, such as generate or file:PATH. A secret is typed only when \
                        its own line asks for it.";
/// What was typed can be no secret; reads on after the field's name.
pub const UNUSABLE: &str = "cannot be what was typed: it has control characters or is too long";
/// A secret that was typed before.
pub const TYPED: &str = "was typed; Enter keeps it";
/// Before the answers on Review.
pub const ANSWERS: &str = "Your answers:";
/// Before what changes of an installed estate.
pub const CHANGES: &str = "What changes:";
/// Before the plan.
pub const PLAN: &str = "What will be done:";
/// Asked below the pages.
pub const WHICH_PAGE: &str = "Page to go to: ";
/// Said at the consent to write the answers into a file.
pub const SAVE: &str = "save";
/// Before the consent.
pub const SAVE_NOTE: &str = "save writes your answers into a file first, without any secret.";
/// No file was written.
pub const NOT_SAVED: &str = "Nothing was written.";
/// Help on the consent.
pub const CONSENT: &str = "yes carries the plan out; no or Enter leaves, and nothing was touched; save writes your \
                           answers into a file; < goes back to the last question, > to any page.";
/// Neither yes nor no.
pub const YES_OR_NO: &str = "Type yes or no.";
/// What is in the way, and no field would change it.
pub const TRY_AGAIN: &str = "Enter to look again, < to go back to the last question, q to leave: ";
/// After an interrupted change was not taken up.
pub const NOT_SETTLED: &str = "Nothing was done. Choose again, or q to leave.";

/// The heading of a page.
pub fn page(at: usize, of: usize, page: &Page) -> String {
    format!("\nPage {at} of {of}: {}", page.title)
}

/// A question for a line of text.
pub fn line(label: &str, value: &str) -> String {
    format!("{label} [{value}]: ")
}

/// The reply that empties what may be empty.
pub const EMPTY: &str = "-";

/// A question for a line of text that may be empty and is not.
pub fn line_or_empty(label: &str, value: &str) -> String {
    format!("{label} [{value}] ({EMPTY} empties it): ")
}

/// One line of a numbered list.
pub fn numbered(number: usize, text: &str) -> String {
    format!("  {number}  {text}")
}

/// One line of a list of values.
pub fn entry_of(label: &str, value: &str) -> String {
    format!("{label}: {value}")
}

/// An answer that is not asked, and who gave it.
pub fn given(field: &Field, value: &str, origin: Origin) -> String {
    format!("{}: {value} ({origin})", field.label)
}

/// A rule that a field breaks.
pub fn broken(field: &Field, rule: &str) -> String {
    format!("{} {rule}.", field.label)
}

/// Why more was selected than was named.
pub fn rest_added(reason: &str, names: &str) -> String {
    format!("All or none: {reason}. Selected too: {names}.")
}

/// Why more was taken out than was named.
pub fn rest_taken_out(reason: &str, names: &str) -> String {
    format!("All or none: {reason}. Taken out too: {names}.")
}

/// How hard a typed secret is to guess.
pub fn strength(word: &str, reason: &str) -> String {
    format!("Strength: {word}: {reason}.")
}

/// A question for yes or no.
pub fn yes_or_no(question: &str) -> String {
    format!("{question} yes or no [no]: ")
}

/// Where what is in the way can be changed.
pub fn go_there(label: &str) -> String {
    format!("Enter to go to \"{label}\", q to leave: ")
}

/// Before a list.
pub fn heading(text: &str) -> String {
    format!("{text}:")
}

/// What, and what it is for.
pub fn entry(what: &str, about: &str) -> String {
    format!("  {what}: {about}")
}
