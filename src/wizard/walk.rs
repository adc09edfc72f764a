//! The way through the pages: forward, back, and to any page already seen.

use serde::{Deserialize, Serialize};

use super::{Answers, Page, missing, pages};

/// Where a walk through the pages is, and how far it has been.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Walk {
    current: usize,
    furthest: usize,
}

/// What came of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The walk is on another page.
    Moved,
    /// There is no such page, or it was not visited yet.
    NoWay,
    /// Something is missing, so nothing past Review can be reached; [`missing`] says what.
    Gated,
}

impl Walk {
    /// The page the walk is on.
    pub fn current(&self) -> &'static Page {
        &pages()[self.current]
    }

    /// The furthest page it has been on.
    pub fn furthest(&self) -> &'static Page {
        &pages()[self.furthest]
    }

    /// The pages this walk comes by, in order.
    pub fn visible(answers: &Answers) -> impl Iterator<Item = &'static Page> {
        pages().iter().filter(|page| (page.visible_if)(answers))
    }

    /// Whether a page was visited. Its visits count even if it is hidden for now.
    pub fn visited(&self, page: &Page) -> bool {
        position(page.id).is_some_and(|at| at <= self.furthest)
    }

    /// To the next visible page. Only the step past Review asks whether all is there.
    pub fn next(&mut self, answers: &Answers) -> Step {
        match (self.current + 1..pages().len()).find(|at| (pages()[*at].visible_if)(answers)) {
            Some(at) => self.go(at, answers),
            None => Step::NoWay,
        }
    }

    /// To the visible page before.
    pub fn back(&mut self, answers: &Answers) -> Step {
        match (0..self.current).rev().find(|at| (pages()[*at].visible_if)(answers)) {
            Some(at) => self.go(at, answers),
            None => Step::NoWay,
        }
    }

    /// To a visible page that was visited before.
    pub fn jump(&mut self, page: &str, answers: &Answers) -> Step {
        match position(page) {
            Some(at) if at <= self.furthest && (pages()[at].visible_if)(answers) => self.go(at, answers),
            _ => Step::NoWay,
        }
    }

    /// Where a walk was left on these pages. What lies past Review is not walked to but carried out.
    pub fn left_at(page: &str, furthest: &str) -> Self {
        let review = position("review").unwrap_or(0);
        let [current, furthest] = [page, furthest].map(|id| position(id).unwrap_or(0).min(review));
        Self { current, furthest: furthest.max(current) }
    }

    /// To the first page past Review, for a change that needs no answers.
    pub fn carry_out(&mut self) {
        self.current = position("review").map_or(self.current, |review| review + 1);
        self.furthest = self.furthest.max(self.current);
    }

    fn go(&mut self, at: usize, answers: &Answers) -> Step {
        // Once past Review, answers are carried out or of no concern, as where an interrupted change is taken up.
        let passes_review = position("review").is_some_and(|review| self.current <= review && at > review);
        if passes_review && !missing(answers).is_empty() {
            return Step::Gated;
        }
        self.current = at;
        self.furthest = self.furthest.max(at);
        Step::Moved
    }
}

fn position(page: &str) -> Option<usize> {
    pages().iter().position(|known| known.id == page)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wizard::{Origin, Value};

    fn walked_to(page: &str, answers: &Answers) -> Walk {
        let mut walk = Walk::default();
        while walk.current().id != page {
            assert_eq!(walk.next(answers), Step::Moved);
        }
        walk
    }

    #[test]
    fn forward_comes_by_every_visible_page_and_ends_at_done() {
        let answers = Answers::default();
        let mut walk = Walk::default();
        let mut seen = vec![walk.current().id];
        while walk.next(&answers) == Step::Moved {
            seen.push(walk.current().id);
        }
        assert_eq!(
            seen,
            [
                "welcome",
                "components",
                "authority",
                "secret",
                "integrator",
                "interchange",
                "alignment",
                "review",
                "apply",
                "registration",
                "verification",
                "done"
            ]
        );
        assert_eq!(walk.next(&answers), Step::NoWay);
    }

    #[test]
    fn pages_of_components_that_are_not_selected_are_left_out() {
        let mut answers = Answers::default();
        answers.set("components", Value::List(vec!["passport".into()]), Origin::Typed).expect("a list");
        let mut walk = walked_to("alignment", &answers);
        assert_eq!((walk.back(&answers), walk.current().id), (Step::Moved, "secret"));
    }

    #[test]
    fn only_visited_pages_can_be_jumped_to() {
        let answers = Answers::default();
        let mut walk = walked_to("secret", &answers);
        assert_eq!(walk.jump("review", &answers), Step::NoWay);
        assert_eq!(walk.jump("nowhere", &answers), Step::NoWay);
        assert_eq!((walk.jump("welcome", &answers), walk.current().id), (Step::Moved, "welcome"));
        assert_eq!((walk.jump("secret", &answers), walk.furthest().id), (Step::Moved, "secret"));
        assert_eq!(Walk::default().back(&answers), Step::NoWay);
    }

    #[test]
    fn review_is_passed_only_when_nothing_is_missing_and_the_way_back_is_free() {
        let mut answers = Answers::default();
        answers.set("authority.https_port", "abc".into(), Origin::Typed).expect("held while typed");
        let mut walk = walked_to("review", &answers);
        assert_eq!(walk.next(&answers), Step::Gated);
        assert_eq!(walk.jump("authority", &answers), Step::Moved);
        answers.set("authority.https_port", Value::Number(7453), Origin::Typed).expect("a port");
        assert_eq!(walk.jump("review", &answers), Step::Moved);
        assert_eq!((walk.next(&answers), walk.current().id), (Step::Moved, "apply"));
    }

    #[test]
    fn a_change_that_needs_no_answers_is_not_held_up_by_what_they_lack() {
        let mut answers = Answers::default();
        answers.set("authority.https_port", "abc".into(), Origin::Typed).expect("held while typed");
        let mut walk = Walk::default();
        walk.carry_out();
        for page in ["registration", "verification", "done"] {
            assert_eq!((walk.next(&answers), walk.current().id), (Step::Moved, page));
        }
    }
}
