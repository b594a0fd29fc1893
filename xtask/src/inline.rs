//! The binary as a module: raw deflate, base64, one string.

use crate::Result;
use crate::paths::{self, shown};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fs;
use std::path::Path;
use zopfli::{Format, Options};

/// Writes the module, the same for the same binary.
pub(crate) fn write(wasm: &Path, module: &Path) -> Result {
    let binary = fs::read(wasm).map_err(|error| format!("cannot read {}: {error}", shown(wasm)))?;
    let mut deflated = Vec::new();
    // Zopfli makes 5 % less of it than zlib does, in the same format; more rounds than its fifteen win nothing.
    zopfli::compress(Options::default(), Format::Deflate, binary.as_slice(), &mut deflated)
        .map_err(|error| format!("cannot deflate {}: {error}", shown(wasm)))?;
    paths::write(module, &format!("export default \"{}\";\n", STANDARD.encode(deflated)))
}
