//! Tests of the console as a whole: keys and answers in, screens and effects out.

mod acts;
mod every_size;
mod given;
mod lists;
mod screens;
