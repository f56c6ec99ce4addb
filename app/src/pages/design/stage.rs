//! What a sample stands on.

use domain::FieldFault;
use leptos::prelude::*;

use crate::components::form::{Form, Input};

/// One of the two that stand side by side.
#[derive(Clone, Copy)]
pub struct Theme(pub &'static str);

/// A component in its states.
#[derive(Clone, Copy)]
pub struct Sample {
    pub name: &'static str,
    /// Below `app/src/components`.
    pub file: &'static str,
    pub show: fn(Theme) -> AnyView,
}

impl Sample {
    pub fn anchor(&self) -> String {
        self.file.trim_end_matches(".rs").replace('/', "-")
    }

    pub fn path(&self) -> String {
        format!("app/src/components/{}", self.file)
    }
}

pub const fn sample(name: &'static str, file: &'static str, show: fn(Theme) -> AnyView) -> Sample {
    Sample { name, file, show }
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
    /// A form whose ids are the theme's own. The page lives as long as the tab does, so its few ids may, too.
    pub fn form(self, name: &str) -> Form {
        Form::button(Box::leak(format!("{}-{name}", self.0).into_boxed_str()))
    }

    /// Its name is the theme's own, too: radio buttons of one name are one choice.
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

/// Takes everything but a host name, as an allowlist does.
pub fn address(text: &str) -> Result<(), FieldFault> {
    text.parse::<domain::IpRange>().map(drop)
}
