use std::{
    io::{self, IsTerminal},
    process::ExitCode,
};

use domain::{Email, Password, Role, Secret};

use super::Error;
use crate::{Config, application, cli::User};

pub async fn run(config: &Config, command: User) -> Result<ExitCode, Error> {
    match command {
        User::Add { email, role } => {
            let (email, role) = (email.parse::<Email>()?, role.parse::<Role>()?);
            let password = password()?;
            let services = application::open(config, false).await?;
            let user = services.users.add(&email, &password, role).await.map_err(message)?;
            println!("{} may log in as {}.", user.email, user.role.label().to_lowercase());
        }
        User::Passwd { email } => {
            let email = email.parse::<Email>()?;
            let password = password()?;
            let services = application::open(config, false).await?;
            let user = services.users.set_password(&email, &password).await.map_err(message)?;
            println!("{} has a new password; sessions that were open have ended.", user.email);
            if !user.is_active {
                println!("The user is disabled, and cannot log in until an administrator enables the user.");
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Prompted for twice without echo; or one line of standard input.
fn password() -> Result<Password, Error> {
    let text = if io::stdin().is_terminal() {
        let first = rpassword::prompt_password("Password: ")?;
        if first != rpassword::prompt_password("Again: ")? {
            return Err("The two do not match.".into());
        }
        first
    } else {
        let mut line = String::new();
        io::stdin().read_line(&mut line)?;
        line.trim_end_matches(['\n', '\r']).to_owned()
    };
    Ok(Password::new(Secret::new(text))?)
}

/// The message of the first invalid field, if there is one.
fn message(error: services::Error) -> Error {
    let problem = api_types::Problem::from(error);
    let field = problem.errors.iter().next().map(|error| error.message.clone());
    field.unwrap_or(problem.detail).into()
}
