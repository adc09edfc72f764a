//! Probes and their report.
