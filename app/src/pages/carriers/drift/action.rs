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

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &[(&'static str, &'static str)]) -> DriftAction {
        let params = query.iter().fold(ParamsMap::new(), |mut params, (name, value)| {
            params.insert(*name, (*value).to_owned());
            params
        });
        DriftAction::read(&params, true)
    }

    #[test]
    fn settings_are_read_from_repeated_names_and_lists() {
        let listed =
            read(&[("adopt", "ST_1"), ("take", "transport,credentials"), ("preview", "1")]).adoption().unwrap();
        let repeated = read(&[("adopt", "ST_1"), ("take", "credentials"), ("take", "transport"), ("preview", "1")]);
        assert_eq!(repeated.adoption().as_ref(), Some(&listed));
        assert_eq!(listed.query(), "?adopt=ST_1&take=credentials%2Ctransport&preview=1");
    }

    #[test]
    fn dialog_stays_the_same_whatever_is_chosen_in_it() {
        let chosen = read(&[("adopt", "ST_1"), ("bot_id", "bot_1"), ("preview", "1")]);
        assert_eq!(chosen.dialog(), read(&[("adopt", "ST_1")]).dialog());
        assert_eq!(DriftAction::read(&ParamsMap::new(), true), DriftAction::None(None));
    }
}
