//! The list of pages. A new page is one value here; a new field is one value on its page.

mod authority;
mod components;
mod engine;
mod secret;
mod welcome;

use std::sync::LazyLock;

use super::Page;
use super::page::always;

pub(super) static PAGES: LazyLock<[Page; 12]> = LazyLock::new(|| {
    [
        welcome::PAGE,
        components::PAGE,
        authority::PAGE,
        secret::PAGE,
        engine::integrator(),
        engine::interchange(),
        told(
            "alignment",
            "Alignment",
            "Which places hold the shared secret now, and whether it is the same one everywhere.",
        ),
        told(
            "review",
            "Review",
            "All answers, who gave them, and what will change, file by file. Nothing has been touched so far; what lies \
         past this page starts with your consent.",
        ),
        told("apply", "Apply", "The plan is being carried out, step by step. If a step fails, everything is put back."),
        told(
            "registration",
            "Registration",
            "Each component shows the authority that it holds the secret, and gets its certificate.",
        ),
        told("verification", "Verification", "Every probe of the estate, asked now, with its own deadline."),
        told("done", "Done", "What was set up, what to keep, and how to do it again."),
    ]
});

/// A page that shows something and asks nothing.
const fn told(id: &'static str, title: &'static str, text: &'static str) -> Page {
    Page { id, title, text, fields: &[], visible_if: always }
}
