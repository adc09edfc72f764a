//! What people see: the full-screen wizard and the plain one, and reports as text or JSON.

pub mod line;
pub mod report;
pub mod session;
pub mod tui;
mod words;
