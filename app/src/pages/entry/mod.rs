//! Pages without a session: setup, login, and the pages behind one-time links.

mod login;
mod password_link;
mod setup;

pub use login::LoginPage;
pub use password_link::{InvitationPage, NewPasswordPage};
pub use setup::SetupPage;
