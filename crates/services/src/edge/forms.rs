//! Objects of the edge as the console's forms edit them: every field as text, whichever noun it is.

use std::collections::BTreeMap;

use api_types::{
    input::EdgeObjectInput,
    view::{EdgeChoices, EdgeObjectForm, EdgeObjectPage, EdgeObjectRow, EdgeQuery, EdgeView},
};
use domain::{
    AccountDidFilter, AccountId, Action, BotId, CarrierId, CarrierSort, DidFilter, DidId, DidSort,
    edge::{
        AllowEntrySettings, Control, DeviceSettings, DidTargetSettings, EdgeKind, EdgeNoun, EdgeSettings,
        EdgeUserSettings, ExtensionSettings, LimitSettings, OutboundRouteSettings, RingGroupSettings, ScheduleSettings,
        SipDomainSettings, Target,
    },
};
use serde_json::{Map, Value};
use store::{AccountDid, AccountDidSearch, CarrierFilter, EdgeSearch, Tx};

use super::object::EdgeObjects;
use crate::{Actor, Error, Result};

/// The most rows of one noun that a field offers.
const CHOICES: u32 = 500;
/// Rows of a page of a list.
const PAGE: u32 = 50;

/// Use cases of the console's forms. Cheap to clone.
#[derive(Clone)]
pub struct EdgeForms {
    objects: EdgeObjects,
}

/// Calls a generic function with the settings of a kind.
macro_rules! with_noun {
    ($kind:expr, $noun:ident => $call:expr) => {
        match $kind {
            EdgeKind::Domain => {
                type $noun = SipDomainSettings;
                $call
            }
            EdgeKind::User => {
                type $noun = EdgeUserSettings;
                $call
            }
            EdgeKind::Device => {
                type $noun = DeviceSettings;
                $call
            }
            EdgeKind::Extension => {
                type $noun = ExtensionSettings;
                $call
            }
            EdgeKind::DidTarget => {
                type $noun = DidTargetSettings;
                $call
            }
            EdgeKind::RingGroup => {
                type $noun = RingGroupSettings;
                $call
            }
            EdgeKind::Schedule => {
                type $noun = ScheduleSettings;
                $call
            }
            EdgeKind::OutboundRoute => {
                type $noun = OutboundRouteSettings;
                $call
            }
            EdgeKind::Limit => {
                type $noun = LimitSettings;
                $call
            }
            EdgeKind::Allow => {
                type $noun = AllowEntrySettings;
                $call
            }
            EdgeKind::Settings => {
                type $noun = EdgeSettings;
                $call
            }
        }
    };
}

impl EdgeForms {
    pub(crate) fn new(objects: EdgeObjects) -> Self {
        Self { objects }
    }

    /// A page of a list, by name.
    pub async fn list(&self, actor: &Actor, kind: &str, q: &str, cursor: &str) -> Result<EdgeObjectPage> {
        let query = EdgeQuery {
            q: q.to_owned(),
            references: String::new(),
            limit: Some(PAGE),
            cursor: Some(cursor.to_owned()).filter(|cursor| !cursor.is_empty()),
        };
        with_noun!(known(kind)?, Noun => {
            let page = self.objects.list::<Noun>(actor, &query).await?;
            Ok(EdgeObjectPage { items: page.items.iter().map(row).collect(), next_cursor: page.next_cursor })
        })
    }

    /// One object. The settings have no id.
    pub async fn get(&self, actor: &Actor, kind: &str, id: &str) -> Result<EdgeObjectForm> {
        let kind = known(kind)?;
        if kind == EdgeKind::Settings {
            return Ok(form(&self.objects.settings(actor).await?));
        }
        with_noun!(kind, Noun => Ok(form(&self.objects.get::<Noun>(actor, &parse_id::<Noun>(id)?).await?)))
    }

    /// Creates an object.
    ///
    /// # Errors
    /// As [`EdgeObjects::create`].
    pub async fn create(&self, actor: &Actor, kind: &str, input: &EdgeObjectInput) -> Result<EdgeObjectForm> {
        let kind = known(kind)?;
        if kind == EdgeKind::Settings {
            return Err(Error::NotFound("kind"));
        }
        with_noun!(kind, Noun => Ok(form(&self.objects.create::<Noun>(actor, &typed::<Noun>(input)?).await?)))
    }

    /// Absent fields keep their value. The settings have no id.
    ///
    /// # Errors
    /// As [`EdgeObjects::update`]; the current row is an [`EdgeObjectForm`] then.
    pub async fn update(&self, actor: &Actor, kind: &str, id: &str, input: &EdgeObjectInput) -> Result<EdgeObjectForm> {
        let saved = self.save(actor, known(kind)?, id, input).await;
        match saved {
            Err(Error::Stale(_)) => Err(Error::stale(self.get(actor, kind, id).await?)),
            saved => saved,
        }
    }

    async fn save(&self, actor: &Actor, kind: EdgeKind, id: &str, input: &EdgeObjectInput) -> Result<EdgeObjectForm> {
        if kind == EdgeKind::Settings {
            let input = typed::<EdgeSettings>(input)?;
            return Ok(form(&self.objects.update_settings(actor, &input).await?));
        }
        with_noun!(kind, Noun => {
            let id = parse_id::<Noun>(id)?;
            Ok(form(&self.objects.update::<Noun>(actor, &id, &typed::<Noun>(input)?).await?))
        })
    }

    /// Deletes an object.
    ///
    /// # Errors
    /// As [`EdgeObjects::delete`].
    pub async fn delete(&self, actor: &Actor, kind: &str, id: &str) -> Result<()> {
        let kind = known(kind)?;
        if kind == EdgeKind::Settings {
            return Err(Error::NotFound("kind"));
        }
        with_noun!(kind, Noun => self.objects.delete::<Noun>(actor, &parse_id::<Noun>(id)?).await)
    }

    /// The rows that the fields of a kind may name.
    pub async fn choices(&self, actor: &Actor, kind: &str) -> Result<EdgeChoices> {
        actor.require(Action::ReadEdge)?;
        let mut prefixes: Vec<&str> = Vec::new();
        for field in known(kind)?.fields() {
            match field.control {
                Control::Row(named) | Control::Rows(named) => prefixes.extend(named),
                Control::Target => prefixes.extend(EdgeChoices::target_prefixes()),
                _ => {}
            }
        }
        prefixes.sort_unstable();
        prefixes.dedup();
        let mut tx = self.objects.context.store.read().await?;
        let mut choices = EdgeChoices::default();
        for prefix in prefixes {
            choices.rows.insert(prefix.to_owned(), rows(&mut tx, &actor.account_id, prefix).await?);
        }
        Ok(choices)
    }
}

fn known(kind: &str) -> Result<EdgeKind> {
    EdgeKind::of_path(kind).ok_or(Error::NotFound("kind"))
}

fn parse_id<S: EdgeNoun>(id: &str) -> Result<S::Id> {
    id.parse().map_err(|_| Error::NotFound(S::KIND.noun()))
}

fn typed<S: EdgeNoun>(input: &EdgeObjectInput) -> Result<S::Input> {
    let fields: Map<String, Value> = input.0.iter().map(|(name, text)| (name.clone(), text.as_str().into())).collect();
    // Every field of an input is an optional JSON value or text.
    Ok(serde_json::from_value(Value::Object(fields)).expect("an input accepts texts"))
}

fn texts<S: EdgeNoun>(view: &EdgeView<S>) -> BTreeMap<String, String> {
    view.settings.texts().into_iter().map(|(name, text)| (name.to_owned(), text)).collect()
}

fn form<S: EdgeNoun>(view: &EdgeView<S>) -> EdgeObjectForm {
    EdgeObjectForm { id: view.id.to_string(), name: view.label.clone(), version: view.version, texts: texts(view) }
}

fn row<S: EdgeNoun>(view: &EdgeView<S>) -> EdgeObjectRow {
    let texts = texts(view);
    let named = S::fields().into_iter().filter_map(|field| {
        let text = texts.get(field.name).filter(|text| !text.is_empty())?;
        let name = |id: &str| view.names.get(id).cloned().unwrap_or_else(|| id.to_owned());
        let named = match field.control {
            Control::Row(_) => name(text),
            Control::Rows(_) => {
                let line = |line: &str| match line.split_once(' ') {
                    Some((id, rest)) => format!("{} ({rest})", name(id)),
                    None => name(line),
                };
                text.lines().map(line).collect::<Vec<_>>().join("\n")
            }
            Control::Target => target(text, name),
            _ => return None,
        };
        Some((field.name.to_owned(), named))
    });
    let named = named.collect();
    EdgeObjectRow { id: view.id.to_string(), name: view.label.clone(), named, texts }
}

/// A target in words.
fn target(text: &str, name: impl Fn(&str) -> String) -> String {
    match text.parse() {
        Ok(Target::Forward { number }) => format!("Forward to {number}"),
        Ok(Target::Conference { room }) => format!("Conference {room}"),
        Ok(Target::Hangup) => "Hang up".to_owned(),
        Ok(target) => target.id().map_or_else(|| text.to_owned(), name),
        Err(_) => text.to_owned(),
    }
}

async fn rows(tx: &mut Tx, account: &AccountId, prefix: &str) -> Result<Vec<(String, String)>> {
    if let Some(kind) = EdgeKind::of_id(prefix) {
        return with_noun!(kind, Noun => objects::<Noun>(tx, account).await);
    }
    match prefix {
        BotId::PREFIX => {
            let bots = tx.bots(account).await?.into_iter();
            let mut bots: Vec<_> = bots.map(|bot| (bot.id.to_string(), bot.settings.name.to_string())).collect();
            bots.sort_by_key(|(_, name)| name.to_lowercase());
            Ok(bots)
        }
        CarrierId::PREFIX => {
            let filter = CarrierFilter {
                q: String::new(),
                number_keys: Vec::new(),
                attention: None,
                sort: CarrierSort::Name,
                descending: false,
                limit: CHOICES,
                after: None,
            };
            let (carriers, _) = tx.carriers(account, &filter).await?;
            let name =
                |(carrier, _): (domain::Carrier, i64)| (carrier.id.to_string(), carrier.settings.name.to_string());
            Ok(carriers.into_iter().map(name).collect())
        }
        DidId::PREFIX => dids(tx, account).await,
        // Nouns that there are none of yet.
        _ => Ok(Vec::new()),
    }
}

async fn objects<S: EdgeNoun>(tx: &mut Tx, account: &AccountId) -> Result<Vec<(String, String)>> {
    let search = EdgeSearch { limit: CHOICES, ..EdgeSearch::default() };
    let rows = tx.edge_objects::<S>(account, &search).await?;
    Ok(rows.objects.into_iter().map(|object| (object.id.to_string(), object.settings.name())).collect())
}

async fn dids(tx: &mut Tx, account: &AccountId) -> Result<Vec<(String, String)>> {
    let did = DidFilter {
        q: String::new(),
        direction: None,
        bot: None,
        sort: DidSort::Number,
        descending: false,
        limit: CHOICES,
    };
    let filter = AccountDidFilter { did, carrier: None, provider: None, state: None };
    let search = AccountDidSearch { account_id: account.clone(), filter, number_keys: Vec::new() };
    let page = tx.account_did_page(&search, None).await?;
    let name = |row: AccountDid| (row.did.id.to_string(), row.did.number.canonical().to_owned());
    Ok(page.dids.into_iter().map(name).collect())
}
