//! The commands of the command line, one file per command.

mod backup;
mod doctor;
mod edge;
mod serve;
mod user;

use std::process::ExitCode;

use crate::{
    Config,
    cli::{Cli, Command},
    logging,
};

pub type Error = Box<dyn std::error::Error + Send + Sync>;

pub async fn run(cli: Cli) -> Result<ExitCode, Error> {
    let config = Config::load(cli.options)?;
    logging::start(&config.log);
    match cli.command {
        Command::Serve(options) => serve::run(&config, &options).await,
        Command::Doctor => doctor::run(&config).await,
        Command::User(command) => user::run(&config, command).await,
        Command::Backup { target } => backup::run(&config, &target).await,
        Command::Edge(command) => edge::run(&config, &command),
    }
}
