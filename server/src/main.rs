//! `trunkline`: the command line.

use std::{process::ExitCode, time::Duration};

use clap::Parser;
use server::{cli::Cli, command};

/// How long blocking tasks may take to finish when the process ends.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(1);
/// The stack of a worker thread: rendering a page nests one call in another for each of its components.
const STACK_BYTES: usize = 8 << 20;

fn main() -> ExitCode {
    let cli = Cli::parse();
    // At least two: a page that streams must not block the requests that it waits for.
    let workers = std::thread::available_parallelism().map_or(2, |cores| cores.get().max(2));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(workers)
        .thread_stack_size(STACK_BYTES)
        .enable_all()
        .build();
    let outcome = match runtime {
        Ok(runtime) => {
            let outcome = runtime.block_on(command::run(cli));
            // A blocking task, such as the look-up of a host name, must not keep the process.
            runtime.shutdown_timeout(SHUTDOWN_TIMEOUT);
            outcome
        }
        Err(error) => Err(format!("The run time did not start: {error}").into()),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("trunkline: {error}");
            ExitCode::FAILURE
        }
    }
}
