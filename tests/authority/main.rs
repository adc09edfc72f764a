//! The authority with real TLS, real sockets and a real database, asked by the client that components use.

mod client;
mod enrolment;
mod fixture;
mod lifecycle;
mod login;
mod proof;
