//! The answer file: read with positions, checked in one pass, recorded.
