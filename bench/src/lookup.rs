//! CXB Core's lookups, with few phone numbers and with many.

use tempfile::TempDir;

use crate::{
    Error,
    console::Console,
    ratio::{self, Endpoint, Ratio, verdict},
    seed,
};

/// Carriers, and numbers of each.
const SIZES: [(usize, usize); 3] = [(10, 100), (100, 1_000), (1_000, 1_000)];
/// Different numbers that are asked for.
const NUMBERS: usize = 1_024;
const SHARE: f64 = 0.85;
const GROWTH: f64 = 0.9;
const BYTES: f64 = 200.0;

/// A console, and the endpoints that are measured on it.
struct Size {
    dids: usize,
    console: Console,
    _folder: TempDir,
}

/// What was measured, for the targets.
pub struct Lookups {
    /// The least share of a bare route's rate.
    share: f64,
    /// The least rate with the most numbers, as a share of that with the fewest.
    growth: f64,
    bytes_per_did: f64,
}

pub async fn print() -> Result<Lookups, Error> {
    let mut sizes = Vec::new();
    for (carriers, each) in SIZES {
        let folder = TempDir::new()?;
        eprintln!("Filling {carriers} carriers with {each} numbers each …");
        let seed = async |store: &store::Store| seed::answered_carriers(store, carriers, each).await;
        let console = Console::start_with(&folder, seed).await?;
        sizes.push(Size { dids: carriers * each, console, _folder: folder });
    }

    println!("### Lookups, as shares of a bare axum route's rate with the same bytes\n");
    print!("| request | bytes |");
    sizes.iter().for_each(|size| print!(" {} numbers |", size.dids));
    println!(" {} against {} |\n|---|--:|--:|--:|--:|--:|", SIZES[2].0 * SIZES[2].1, SIZES[0].0 * SIZES[0].1);
    let mut found = Lookups { share: f64::INFINITY, growth: f64::INFINITY, bytes_per_did: 0.0 };
    for (name, path, with_number) in [
        ("lookup", "/api/v1/sip/lookup?number=%2B", true),
        ("outbound trunk of a number", "/api/v1/sip/outbound-trunk?from_number=%2B", true),
        ("outbound trunk, least loaded carrier", "/api/v1/sip/outbound-trunk", false),
    ] {
        let mut endpoints = Vec::new();
        for size in &sizes {
            let requests: Vec<_> = (0..NUMBERS)
                .map(|index| {
                    let number = seed::number(index * 7_919 % size.dids);
                    size.console.core(&if with_number { format!("{path}{}", &number[1..]) } else { path.to_owned() })
                })
                .collect();
            endpoints.push(Endpoint::bare_for(requests[0].try_clone().ok_or("a request without a body")?).await?);
            endpoints.push(Endpoint::of(requests));
        }
        let ratios: [Ratio; 4] = ratio::ratios(&endpoints, [(0, 1), (2, 3), (4, 5), (1, 5)]).await?;
        println!("| {name} | {} | {} | {} | {} | {} |", endpoints[0].bytes, ratios[0], ratios[1], ratios[2], ratios[3]);
        for ratio in &ratios[..3] {
            found.share = found.share.min(ratio.median);
        }
        found.growth = found.growth.min(ratios[3].median);
    }
    println!("\n### The index of phone numbers\n");
    println!("| numbers | built in ms | bytes per number |\n|--:|--:|--:|");
    for Size { dids, console, .. } in &sizes {
        let bytes = console.services.lookups.index_size().bytes as f64 / *dids as f64;
        println!("| {dids} | {} | {bytes:.0} |", console.index_build.as_millis());
        found.bytes_per_did = bytes;
    }
    println!();
    for size in sizes {
        size.console.stop().await?;
    }
    Ok(found)
}

impl Lookups {
    pub fn print_targets(&self) {
        let Self { share, growth, bytes_per_did } = self;
        println!("- lookups at {SHARE} of a bare route's rate: {share:.2}, {}", verdict(*share >= SHARE));
        println!(
            "- lookups with {} numbers at {GROWTH} of the rate with {}: {growth:.2}, {}",
            SIZES[2].0 * SIZES[2].1,
            SIZES[0].0 * SIZES[0].1,
            verdict(*growth >= GROWTH)
        );
        println!(
            "- at most {BYTES} bytes for each number in memory: {bytes_per_did:.0}, {}",
            verdict(*bytes_per_did <= BYTES)
        );
    }
}
