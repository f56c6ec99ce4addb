use api_types::input::{AdoptInput, TextList};
use leptos_router::params::ParamsMap;

/// The dialog or the result that the address asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum DriftAction {
    /// No dialog; with the action that has just been done, without JavaScript.
    None(Option<String>),
    Apply,
    Adopt(AdoptChoice),
    /// The orphans of that carrier.
    Remove(String),
}

#[derive(Clone, Debug, PartialEq)]
pub struct AdoptChoice {
    pub trunk_id: String,
    pub bot_id: String,
    pub take: Vec<String>,
    /// The choice is complete enough for a dry run.
    pub preview: bool,
}

impl DriftAction {
    /// Without the role for it, a dialog that changes something stays closed.
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
        Self::Adopt(AdoptChoice {
            trunk_id,
            bot_id: text("bot_id").unwrap_or_default(),
            take: take.map(str::to_owned).collect(),
            preview: params.get_str("preview").is_some(),
        })
    }

    /// The input of the dry run.
    pub fn preview(&self) -> Option<AdoptInput> {
        match self {
            Self::Adopt(choice) if choice.preview => Some(choice.input()),
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

impl AdoptChoice {
    pub fn input(&self) -> AdoptInput {
        AdoptInput {
            trunk_id: self.trunk_id.as_str().into(),
            bot_id: (!self.bot_id.is_empty()).then(|| self.bot_id.as_str().into()),
            take: TextList(self.take.clone()),
            ..AdoptInput::default()
        }
    }
}
