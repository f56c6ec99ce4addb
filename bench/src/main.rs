//! Costs of the console as ratios, measured in one run: `make bench`. With the argument `lookup`, `dialout`, `admission` or
//! `edge`, those alone.
//!
//! Two consoles run in this process, one with few carriers and one with many, and for each a bare axum route that sends
//! the same bytes. Requests alternate between them, so that other load on the machine affects all alike.

mod admission;
mod console;
mod dialout;
mod edge;
mod front_end;
mod lookup;
mod process;
mod ratio;
mod seed;
mod transfer;

use console::Console;
use ratio::{Endpoint, verdict};
use tempfile::TempDir;

type Error = Box<dyn std::error::Error + Send + Sync>;

const FEW: usize = 100;
const MANY: usize = 10_000;
const NUMBERS_EACH: usize = 10;

/// In kB (1000 bytes), for the carriers console; see decision 14.
const FRONT_END_BUDGET: f64 = 550.0;

/// What the checks, the pacing and the call's row may add to a dialout, at the median.
const DIALOUT_BUDGET_MILLIS: f64 = 1.0;

const LIST: &str = "/api/v1/carriers?limit=50";
const LIST_PAGE: &str = "/dashboard/carriers";

#[tokio::main]
async fn main() -> Result<(), Error> {
    if std::env::args().any(|argument| argument == "lookup") {
        lookup::print().await?.print_targets();
        return Ok(());
    }
    if std::env::args().any(|argument| argument == "admission") {
        admission::print_targets(&admission::print().await?);
        return Ok(());
    }
    if std::env::args().any(|argument| argument == "edge") {
        edge::print().await?.print_targets();
        return Ok(());
    }
    if std::env::args().any(|argument| argument == "dialout") {
        dialout::print().await?;
        return Ok(());
    }
    let (few_folder, many_folder) = (TempDir::new()?, TempDir::new()?);
    eprintln!("Filling {FEW} and {MANY} carriers, {NUMBERS_EACH} numbers each …");
    let few = Console::start(&few_folder, FEW, NUMBERS_EACH).await?;
    let many = Console::start(&many_folder, MANY, NUMBERS_EACH).await?;
    let carrier = many.first_carrier().await?;

    println!("### Requests, as ratios to a bare axum route with the same bytes\n");
    println!("| request | bytes | {FEW} carriers | {MANY} carriers | {MANY} against {FEW} |");
    println!("|---|--:|--:|--:|--:|");
    let mut list_grows_by = 0.0;
    for (name, few_path, many_path) in [
        ("list, 50 carriers with their numbers", LIST.to_owned(), LIST.to_owned()),
        ("list, 50 carriers", format!("{LIST}&include_dids=false"), format!("{LIST}&include_dids=false")),
        (
            "one carrier",
            format!("/api/v1/carriers/{}", few.first_carrier().await?),
            format!("/api/v1/carriers/{carrier}"),
        ),
        ("list page, rendered on the server", LIST_PAGE.to_owned(), LIST_PAGE.to_owned()),
    ] {
        let endpoints = [
            Endpoint::bare(&few, &few_path).await?,
            Endpoint::console(&few, &few_path),
            Endpoint::bare(&many, &many_path).await?,
            Endpoint::console(&many, &many_path),
        ];
        let [few_ratio, many_ratio, growth] = ratio::ratios(&endpoints, [(1, 0), (3, 2), (3, 1)]).await?;
        println!("| {name} | {} | {few_ratio} | {many_ratio} | {growth} |", endpoints[2].bytes);
        if few_path == LIST {
            list_grows_by = growth.median;
        }
    }
    println!(
        "\nA ratio is the median over {} rounds; the brackets contain the middle half of the rounds.\n",
        ratio::ROUNDS
    );

    transfer::print(&many, &carrier).await?;
    many.stop().await?;
    few.stop().await?;
    let lookups = lookup::print().await?;
    let dialout = dialout::print().await?;
    let admissions = admission::print().await?;
    let edge = edge::print().await?;
    let front_end = front_end::print()?;
    process::print(&many_folder).await?;

    println!("### Targets\n");
    println!(
        "- the list at {MANY} carriers within 1.2 of the list at {FEW}: {list_grows_by:.2}, {}",
        verdict(list_grows_by <= 1.2)
    );
    println!(
        "- the front end in at most {FRONT_END_BUDGET:.0} kB (brotli): {front_end:.0} kB, {}",
        verdict(front_end <= FRONT_END_BUDGET)
    );
    lookups.print_targets();
    admission::print_targets(&admissions);
    edge.print_targets();
    println!(
        "- a dialout takes at most {DIALOUT_BUDGET_MILLIS:.0} ms longer than a direct POST: {dialout:.2} ms, {}",
        verdict(dialout <= DIALOUT_BUDGET_MILLIS)
    );
    Ok(())
}
