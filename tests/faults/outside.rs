//! Faults from outside.
