//! Places become verdicts.
