//! The certificates that there are: the authority's own, by name, and those it issued, by serial.

mod details;
mod list;
mod renewal;
mod revocation;
mod revoke;

pub use self::details::Details;
pub use self::list::{Listed, State, due, find, list};
pub use self::renewal::{Seen, replaced, used};
pub use self::revocation::{Published, issue, revoked};
pub use self::revoke::{Revoked, SUPERSEDED, revoke};
