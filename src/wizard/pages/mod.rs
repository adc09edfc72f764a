//! The list of pages. A new page is one value here; a new field is one value on its page.

mod authority;
mod components;
mod engine;
mod repository;
mod secret;
mod site;
mod welcome;

use std::sync::LazyLock;

use super::Page;
use super::page::always;
use crate::profile::is_site;

/// The pages for the estate that this process works on, in the order of the walk. What a site's own profiles ask is
/// among them once those are known.
pub(super) fn pages() -> &'static [Page] {
    static EMBEDDED: LazyLock<Vec<Page>> = LazyLock::new(|| list(Vec::new()));
    static SITE: LazyLock<Vec<Page>> = LazyLock::new(|| list(site::pages()));
    if is_site() { &SITE } else { &EMBEDDED }
}

fn list(of_site: Vec<Page>) -> Vec<Page> {
    let mut pages = vec![welcome::PAGE, components::PAGE];
    pages.extend(of_site);
    pages.extend([authority::PAGE, secret::PAGE, engine::page("integrator"), engine::page("interchange")]);
    pages.extend(repository::pages());
    pages.extend([
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
    ]);
    pages
}

/// A page that shows something and asks nothing.
fn told(id: &'static str, title: &'static str, text: &'static str) -> Page {
    Page { id, title, text, fields: &[], visible_if: &always }
}

/// The pages are made once and last as long as the process.
fn leaked(text: String) -> &'static str {
    String::leak(text)
}
