//! Components of the pages: `ui` without knowledge of the domain, `form` for fields and their state, `table` for lists,
//! `carrier` for carriers and their numbers, `layout` for the frame.

pub mod carrier;
pub mod form;
pub mod layout;
pub mod table;
pub mod ui;
