//! Answers and what was detected become steps and a diff. Pure: no input or output.
