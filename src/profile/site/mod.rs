//! A site's own profiles: the files in `<estate>/profiles/`, with the site's values filled in.

mod fill;
mod load;
mod resolve;
#[cfg(test)]
mod tests;
mod together;

pub use load::{FOLDER, load, load_files, text};
pub(super) use resolve::{is_site, resolve};
