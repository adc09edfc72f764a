//! The full-screen wizard: state, update, view.
