use api_types::input::{AdoptInput, TextList};
use leptos_router::params::ParamsMap;

/// The dialog or the result that the address asks for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DriftAction {
    /// No dialog; with the action that has just been done, without JavaScript.
    None(Option<String>),
    Apply,
    Adopt(AdoptChoice),
    /// The orphaned objects of that carrier.
    Remove(String),
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
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
        let take = take.map(str::to_owned).collect();
        let preview = params.get_str("preview").is_some();
        Self::Adopt(AdoptChoice::new(trunk_id, text("bot_id").unwrap_or_default(), take, preview))
    }

    /// The same dialog whatever is chosen in it.
    pub fn dialog(self) -> Self {
        match self {
            Self::Adopt(AdoptChoice { trunk_id, .. }) => {
                Self::Adopt(AdoptChoice { trunk_id, ..AdoptChoice::default() })
            }
            other => other,
        }
    }

    pub fn adoption(self) -> Option<AdoptChoice> {
        match self {
            Self::Adopt(choice) => Some(choice),
            _ => None,
        }
    }

    pub fn done(&self) -> Option<&'static str> {
        let Self::None(Some(done)) = self else { return None };
        Some(match done.as_str() {
            "applied" => "Changes applied.",
            "adopted" => "Trunk adopted.",
            "removed" => "Orphaned objects removed.",
            _ => return None,
        })
    }
}

impl AdoptChoice {
    pub fn new(trunk_id: String, bot_id: String, mut take: Vec<String>, preview: bool) -> Self {
        // The order has no meaning.
        take.sort_unstable();
        take.dedup();
        Self { trunk_id, bot_id, take, preview }
    }

    /// The input of the dry run.
    pub fn input(&self) -> AdoptInput {
        AdoptInput {
            trunk_id: self.trunk_id.as_str().into(),
            bot_id: (!self.bot_id.is_empty()).then(|| self.bot_id.as_str().into()),
            take: TextList(self.take.clone()),
            ..AdoptInput::default()
        }
    }

    /// The query that opens the dialog with the dry run of this choice.
    pub fn query(&self) -> String {
        crate::urls::query(&[
            ("adopt", &self.trunk_id),
            ("bot_id", &self.bot_id),
            ("take", &self.take.join(",")),
            ("preview", "1"),
        ])
    }
}
