//! Pages without a session: setup and login.

mod login;
mod setup;

pub use login::LoginPage;
pub use setup::SetupPage;
