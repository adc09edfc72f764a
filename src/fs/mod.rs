//! The one layer through which every durable write goes: temporary file, fsync, rename, fsync of the folder.
//!
//! - [`create`], [`replace`], [`restore`], [`append_line`], [`shred`]: a file's content, and [`Looks`], all that it is
//!   beside that.
//! - [`create_folders`], [`rename`], [`remove_file`], [`remove_folder`]: names.
//! - [`inside`], [`read_inside`]: staying in a product's home.
//! - [`faults`]: in debug builds, ends and failures on request, for the tests.

mod content;
mod disk;
#[cfg(debug_assertions)]
pub mod faults;
#[cfg(not(debug_assertions))]
#[path = "no_faults.rs"]
pub mod faults;
mod inside;
pub mod lock;
mod looks;
mod names;
mod temporary;
#[cfg(test)]
mod tests;
pub mod watch;

pub use content::{append_line, create, replace, restore, shred, truncate};
pub use inside::{inside, read_inside};
pub use looks::{Looks, looks};
pub use names::{create_folders, is_free, remove_empty_folder, remove_file, remove_folder, rename, rename_to_free};
pub use temporary::{clear_temporary, temporary_of};

/// Mode of a file that holds a secret or that nobody else needs.
pub const PRIVATE_FILE: u32 = 0o600;
/// Mode of a folder of the estate.
pub const PRIVATE_FOLDER: u32 = 0o700;
