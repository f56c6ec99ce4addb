//! Forms that work as plain HTML. Hydrated, they also validate, send JSON and warn before changes are lost.

mod action_bar;
mod check;
mod conflict;
mod field_frame;
mod guard;
mod input;
mod problem_banner;
mod radio_cards;
mod saved_row;
mod select_field;
mod state;
mod submit_button;
mod switch;
mod tag_input;
mod text_area;
mod text_field;

pub use action_bar::ActionBar;
pub use check::parsed;
pub use conflict::{ConflictDialog, ReadValues};
pub use field_frame::FieldFrame;
#[cfg(not(feature = "ssr"))]
pub use guard::use_guards;
pub use guard::{guard_leaving, provide_guards};
pub use input::Input;
pub use problem_banner::ProblemBanner;
pub use radio_cards::{Card, RadioCards};
pub use saved_row::{SavedField, SavedRow};
pub use select_field::SelectField;
pub use state::{Form, focus};
pub use submit_button::SubmitButton;
pub use switch::Switch;
pub use tag_input::TagInput;
pub use text_area::TextArea;
pub use text_field::{TextField, TextKind};
