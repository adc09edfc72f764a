//! Lays the functions that the wizard executes first side by side in the program.
//!
//! The kernel maps a program in groups of pages. With these functions spread over all that the servers bring, the wizard
//! would hold most of the program in memory; side by side they are a tenth of it.

use std::env::var_os;
use std::path::PathBuf;
use std::{fs, io};

/// Their names, `*` for what differs from compiler to compiler; written by `cargo run --example link-order`.
const ORDER: &str = "link-order.txt";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={ORDER}");
    if !is_wanted() {
        return Ok(());
    }
    let folder = PathBuf::from(var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    let script = folder.join("link-order.ld");
    fs::write(&script, script_for(&fs::read_to_string(ORDER)?))?;
    // Two arguments, since a path may hold what would end one.
    println!("cargo::rustc-link-arg-bin=countersign=-T");
    println!("cargo::rustc-link-arg-bin=countersign={}", script.display());
    Ok(())
}

/// What people run, with a linker that reads such scripts, for targets whose programs have what the script refers to.
fn is_wanted() -> bool {
    let is_one_of =
        |name: &str, values: &[&str]| var_os(name).is_some_and(|given| values.iter().any(|one| given == *one));
    let flags = var_os("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    is_one_of("PROFILE", &["release"])
        && is_one_of("CARGO_CFG_TARGET_OS", &["linux"])
        && is_one_of("CARGO_CFG_TARGET_ARCH", &["x86_64", "aarch64"])
        && !flags.to_string_lossy().contains("mold")
}

/// A linker script that adds to the linker's own: these functions, then all the others, in one section as ever. Compilers
/// mark functions that are rarely called.
fn script_for(names: &str) -> String {
    let first: String = names.lines().map(|name| format!("    *(.text.{name} .text.unlikely.{name})\n")).collect();
    format!("SECTIONS\n{{\n  .text :\n  {{\n{first}    *(.text .text.*)\n  }}\n}}\nINSERT BEFORE .fini;\n")
}
