#![allow(missing_docs)]
use super::exit::Exit;
#[derive(Debug, thiserror::Error)]
#[error("{text}")]
pub struct Failure {
    pub exit: Exit,
    pub text: String,
}
impl Failure {
    pub fn new(exit: Exit, text: impl Into<String>) -> Self {
        Self { exit, text: text.into() }
    }
    pub fn refused(text: impl Into<String>) -> Self {
        Self::new(Exit::Refused, text)
    }
}
