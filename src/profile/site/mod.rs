//! A site's own profiles: the files in `<estate>/profiles/`, with the site's values filled in.

mod fill;
mod load;
mod resolve;
#[cfg(test)]
mod tests;
mod together;
mod values;

pub use load::{FOLDER, Missing, load, load_files, text, texts, whole_profiles};
pub(super) use resolve::{is_site, resolve};
pub use values::{Given, give};
