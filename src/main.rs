//! Parse, run, exit code.

#![forbid(unsafe_code)]

use std::alloc::System;

use zeroizing_alloc::ZeroAlloc;

/// Overwrites whatever is freed: libraries copy secrets into buffers that they do not wipe.
#[global_allocator]
static HEAP: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> std::process::ExitCode {
    countersign::cli::main().into()
}
