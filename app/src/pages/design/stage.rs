//! Building blocks of the samples.

use domain::FieldFault;
use leptos::prelude::*;

use crate::components::form::{Form, Input};

/// One of the two themes, which are shown side by side.
#[derive(Clone, Copy)]
pub struct Theme(pub &'static str);

/// A component with its states.
#[derive(Clone, Copy)]
pub struct Sample {
    pub name: &'static str,
    /// Below `app/src/components`.
    pub file: &'static str,
    pub show: fn(Theme) -> AnyView,
    /// Needs the whole width: the themes are shown one below the other.
    pub wide: bool,
}

impl Sample {
    pub fn anchor(&self) -> String {
        self.file.trim_end_matches(".rs").replace('/', "-")
    }

    pub const fn wide(self) -> Self {
        Self { wide: true, ..self }
    }

    pub fn path(&self) -> String {
        format!("app/src/components/{}", self.file)
    }
}

pub const fn sample(name: &'static str, file: &'static str, show: fn(Theme) -> AnyView) -> Sample {
    Sample { name, file, show, wide: false }
}

/// A state and its name.
pub fn state(name: &'static str, view: impl IntoView + 'static) -> AnyView {
    view! {
        <figure class="design-state">
            <figcaption class="hint">{name}</figcaption>
            {view.into_view()}
        </figure>
    }
    .into_any()
}

impl Theme {
    /// A form with ids of this theme. The few leaked ids are needed as long as the page.
    pub fn form(self, name: &str) -> Form {
        Form::button(Box::leak(format!("{}-{name}", self.0).into_boxed_str()))
    }

    /// Also the name is of this theme, because radio buttons with equal names are one group.
    pub fn input(self, name: &str, value: &str) -> Input {
        let name = Box::leak(format!("{}-{name}", self.0).into_boxed_str());
        self.form("sample").input(name, value.to_owned(), |_| Ok(()))
    }

    pub fn refused(self, name: &str, value: &str, message: &str) -> Input {
        let input = self.input(name, value);
        input.refuse(message.to_owned());
        input
    }
}

/// The check of an allowlist.
pub fn address(text: &str) -> Result<(), FieldFault> {
    text.parse::<domain::IpRange>().map(drop)
}
