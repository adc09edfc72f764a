//! Countersign puts one shared secret into every server product that must hold it, carries each product's certificate
//! request to the authority that signs it, verifies the result, and puts everything back if anything fails.

pub mod alignment;
pub mod answers;
pub mod apply;
pub mod b2bi;
pub mod cli;
pub mod daemon;
pub mod database;
pub mod doctor;
pub mod estate;
pub mod exit;
pub mod forms;
pub mod fs;
pub mod gateway;
pub mod installer;
pub mod keystore;
pub mod logfile;
pub mod passport;
pub mod plan;
pub mod profile;
pub mod registration;
pub mod schedule;
pub mod secret;
pub mod tree;
pub mod ui;
pub mod verify;
pub mod wizard;
