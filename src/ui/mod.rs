//! What people see: the full-screen wizard and the plain one, and reports as text or JSON.

pub mod line;
pub mod report;
pub mod session;
#[cfg(test)]
mod three_ways;
pub mod tui;
mod words;
