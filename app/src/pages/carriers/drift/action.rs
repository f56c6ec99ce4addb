use api_types::input::{AdoptInput, TextList};
use leptos_router::params::ParamsMap;

/// What the address asks for besides the comparison.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// Nothing; or what was just done, without JavaScript.
    None(Option<String>),
    Apply,
    Adopt(Adopt),
    /// The orphans of that carrier.
    Remove(String),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Adopt {
    pub trunk_id: String,
    pub bot_id: String,
    pub take: Vec<String>,
    /// Enough has been chosen to say what would happen.
    pub preview: bool,
}

impl Question {
    /// Dialogs that change something open only for those who may.
    pub fn read(params: &ParamsMap, may_change: bool) -> Self {
        let text = |name: &str| params.get_str(name).filter(|text| !text.is_empty()).map(str::to_owned);
        if !may_change {
            return Self::None(None);
        }
        if params.get_str("apply").is_some() {
            return Self::Apply;
        }
        if let Some(carrier) = text("remove") {
            return Self::Remove(carrier);
        }
        let Some(trunk_id) = text("adopt") else { return Self::None(text("done")) };
        let take = params.get_all("take").unwrap_or_default();
        let take = take.iter().flat_map(|names| names.split(',')).filter(|name| !name.is_empty());
        Self::Adopt(Adopt {
            trunk_id,
            bot_id: text("bot_id").unwrap_or_default(),
            take: take.map(str::to_owned).collect(),
            preview: params.get_str("preview").is_some(),
        })
    }

    /// The dry run to ask for.
    pub fn preview(&self) -> Option<AdoptInput> {
        match self {
            Self::Adopt(asked) if asked.preview => Some(asked.input()),
            _ => None,
        }
    }

    pub fn done(&self) -> Option<&'static str> {
        let Self::None(Some(done)) = self else { return None };
        Some(match done.as_str() {
            "applied" => "The steps were taken.",
            "adopted" => "The trunk is this carrier's now.",
            "removed" => "The orphans were removed.",
            _ => return None,
        })
    }
}

impl Adopt {
    pub fn input(&self) -> AdoptInput {
        AdoptInput {
            trunk_id: self.trunk_id.as_str().into(),
            bot_id: (!self.bot_id.is_empty()).then(|| self.bot_id.as_str().into()),
            take: TextList(self.take.clone()),
            ..AdoptInput::default()
        }
    }
}
