//! The pages before the login.

mod login;
mod setup;

pub use login::LoginPage;
pub use setup::SetupPage;
