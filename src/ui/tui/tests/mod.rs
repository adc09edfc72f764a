//! Tests of the wizard as a whole: keys and messages in, screens out.

pub mod answering;
mod configure;
mod doctor;
mod every_size;
mod handover;
mod hygiene;
mod interrupted;
mod leaving;
mod screens;
pub mod shot;
mod steady;
mod walk;
pub mod wizard;
