//! The vendor's site as far as anybody can have it in public: the stand-in of `installer-assets/stand-in`.

mod by_hand;
mod change;
mod faults;
mod profiles;
mod refusals;
pub mod site;
mod wizard;

pub use site::Site;
