//! The descriptors of a server: none of its starter's, and as many of its own as the system grants.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Standard input, output and error come before it.
const FIRST_OTHER: i32 = 3;

/// The starter's side: what it inherited itself (a pipe of its caller, say) goes to no program that it starts. Our own
/// descriptors are marked so from the beginning.
pub fn keep_from_children() {
    close_fds::set_fds_cloexec_threadsafe(FIRST_OTHER, &[]);
}

/// The server's side: takes as many descriptors as the system allows without asking anybody.
pub fn take_all() {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current != maximum {
        // Where that is refused, the server works with what it has.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
    }
}
