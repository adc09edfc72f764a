//! Tests of the wizard as a whole: keys and messages in, screens out.

mod every_size;
mod hygiene;
mod screens;
mod walk;
mod wizard;
