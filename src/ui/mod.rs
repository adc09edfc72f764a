//! What people see: the full-screen wizard, and reports as text or JSON.

pub mod report;
pub mod session;
pub mod tui;
mod words;
