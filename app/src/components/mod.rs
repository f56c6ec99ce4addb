//! What pages are made of: `ui` knows nothing of Trunkline, `form` holds what is typed, `carrier` shows the noun that
//! most pages are about, `layout` is the frame.

pub mod carrier;
pub mod form;
pub mod layout;
pub mod ui;
