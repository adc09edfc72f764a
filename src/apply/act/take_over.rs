//! Running processes take a secret over that was written into their places.

use super::process::{ended, run_to_end, runs, start, stop};
use super::{ActError, Context, Ended};
use crate::estate::capture::capture;
use crate::plan::{Process, TakeOver};

/// Has each take the secret over. Tells of a registration that the authority holds.
pub fn all(takes_over: &[TakeOver], context: &Context) -> Result<Ended, ActError> {
    let mut all = Ended::Done;
    for take_over in takes_over {
        match one(take_over, context)? {
            Ended::Done => {}
            pending @ Ended::Pending(_) => all = pending,
        }
    }
    Ok(all)
}

/// The same once the previous secret is written again. One that is gone takes it when it is started again.
pub fn all_back(takes_over: &[TakeOver], context: &Context) -> Result<(), ActError> {
    let running = takes_over.iter().filter(|take_over| runs(take_over.process()) == Ok(true));
    running.rev().try_for_each(|take_over| one(take_over, context).map(drop))
}

fn one(take_over: &TakeOver, context: &Context) -> Result<Ended, ActError> {
    match take_over {
        TakeOver::Reload(process, command) => reload(process, command, context).map(|()| Ended::Done),
        TakeOver::Restart(process) => {
            stop(process, context)?;
            start(process, context)
        }
    }
}

fn reload(process: &Process, command: &[String], context: &Context) -> Result<(), ActError> {
    if process.deadline == 0 {
        return run_to_end(command, context);
    }
    ended(command, capture(command, context.input(), std::time::Duration::from_secs(process.deadline)))
}
