//! Sizes of the files that browsers load, by kind.

use std::{fs, path::Path};

use crate::Error;

/// Prints the raw and the brotli size of each kind and returns the brotli sum in kB (1000 bytes).
pub fn print() -> Result<f64, Error> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/site/pkg");
    println!("### The front end\n\n| kind | raw kB | brotli kB |\n|---|--:|--:|");
    let mut sum = 0.0;
    for kind in ["wasm", "js", "css"] {
        let (mut raw, mut brotli) = (0.0, 0.0);
        for entry in fs::read_dir(&folder).map_err(|error| format!("{}: {error}; build first", folder.display()))? {
            let file = entry?.path();
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name.ends_with(&format!(".{kind}")) {
                raw += kilobytes(&file)?;
                brotli += kilobytes(&folder.join(format!("{name}.br")))?;
            }
        }
        println!("| {kind} | {raw:.1} | {brotli:.1} |");
        sum += brotli;
    }
    println!("| total | | {sum:.1} |\n");
    Ok(sum)
}

fn kilobytes(file: &Path) -> Result<f64, Error> {
    let bytes = fs::metadata(file).map_err(|error| format!("{}: {error}", file.display()))?.len();
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52 bytes")]
    Ok(bytes as f64 / 1000.0)
}
