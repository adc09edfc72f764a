//! Tests of the wizard as a whole: keys and messages in, screens out.

mod configure;
mod every_size;
mod handover;
mod hygiene;
mod interrupted;
mod leaving;
mod screens;
mod shot;
mod walk;
mod wizard;
