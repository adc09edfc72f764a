//! What our servers have in common as processes: they detach, tell when they are ready, are found alive by the lock on
//! their pid file, and are asked over a control socket.

pub mod control;
pub mod descriptors;
pub mod launch;
pub mod pidfile;
