//! Forms that work as plain HTML. Hydrated, they also validate, send JSON and warn before changes are lost.

mod action_bar;
mod check;
mod checkbox;
mod confirm_dialog;
mod conflict;
mod editing;
mod field_frame;
mod form_dialog;
mod form_page;
mod guard;
mod input;
mod leave_dialog;
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
pub use checkbox::Checkbox;
pub use confirm_dialog::ConfirmDialog;
pub use conflict::{ConflictDialog, ReadValues};
pub use editing::Editing;
pub use field_frame::FieldFrame;
pub use form_dialog::FormDialog;
pub use form_page::FormPage;
#[cfg(not(feature = "ssr"))]
pub use guard::Guards;
pub use guard::{guard_leaving, provide_guards, use_guards};
pub use input::Input;
pub use leave_dialog::LeaveDialog;
pub use problem_banner::ProblemBanner;
pub use radio_cards::{Card, RadioCards};
pub use saved_row::{SavedField, SavedRow, row};
pub use select_field::SelectField;
pub use state::{Form, focus};
pub use submit_button::SubmitButton;
pub use switch::Switch;
pub use tag_input::TagInput;
pub use text_area::TextArea;
pub use text_field::{TextField, TextKind};
