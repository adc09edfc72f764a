//! A failure, with the repository that it is about.

use super::Failure;

/// The same failure, naming the repository.
pub fn about(name: &str, failure: Failure) -> Failure {
    let text = |text: String| format!("{name}: {text}");
    match failure {
        Failure::AlreadyRunning(why) => Failure::AlreadyRunning(text(why)),
        Failure::Refused(why) => Failure::Refused(text(why)),
        Failure::CannotTell(why) => Failure::CannotTell(text(why)),
        Failure::Pending(why) => Failure::Pending(text(why)),
        Failure::NotAccepted(why) => Failure::NotAccepted(text(why)),
        Failure::Failed(why) => Failure::Failed(text(why)),
    }
}
