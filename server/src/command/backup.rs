use std::{path::Path, process::ExitCode};

use super::Error;
use crate::{Config, application};

pub async fn run(config: &Config, target: &Path) -> Result<ExitCode, Error> {
    if target.exists() {
        return Err(format!("{} exists already. Name a new file.", target.display()).into());
    }
    let services = application::open(config, false).await?;
    if !services.store().backup(target).await? {
        return Err("This database is PostgreSQL: back it up with pg_dump.".into());
    }
    println!("Copied {} to {}.", config.database_label(), target.display());
    if config.master_key.is_none() {
        println!(
            "Keep {} with it, in another place: without the key, stored passwords cannot be read.",
            config.data_folder().join("trunkline.key").display()
        );
    }
    Ok(ExitCode::SUCCESS)
}
