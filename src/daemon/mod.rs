//! What our servers have in common as processes: they detach, tell when they are ready, are found alive by the lock on
//! their pid file, are asked over a control socket, and hold the shared secret and a certificate.

pub mod access;
pub mod anew;
pub mod control;
pub mod descriptors;
pub mod failure;
pub mod holding;
pub mod launch;
pub mod log;
pub mod outside;
pub mod pidfile;
pub mod renewal;
pub mod signals;
