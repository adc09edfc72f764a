//! The estate's folder: what stands there decides what is asked.

use std::ops::ControlFlow;

use super::{Wizard, interrupted};
use crate::ui::session::Ended;
use crate::ui::session::standing::{self, Standing};
use crate::ui::words::standing as word;

/// Looks at the folder and takes over what is recorded there; whether it can be gone on with.
pub fn look(wizard: &mut Wizard) -> ControlFlow<Ended, bool> {
    let standing = standing::look(wizard.answers.text("estate.dir"));
    let usable = standing.usable;
    if let Some(change) = &standing.interrupted {
        interrupted::settle(wizard, change)?;
    } else if usable {
        standing::adopt(&mut wizard.answers, &standing);
        tell(wizard, &standing);
    } else {
        wizard.console.text(&standing.text);
    }
    wizard.standing = Some(standing);
    ControlFlow::Continue(usable)
}

fn tell(wizard: &Wizard, standing: &Standing) {
    let console = &wizard.console;
    match &standing.recorded {
        Some(_) if !wizard.answers.configures() => console.text(word::INSTALL_AGAIN),
        Some(_) => {
            console.text(&standing.text);
            console.text(&format!("{} {}. {}", word::MAY_CHANGE, word::CHANGES.join("; "), word::KEPT));
        }
        None => console.text(&standing.text),
    }
}
