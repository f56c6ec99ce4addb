//! The objects that the edge's routing reads: list, read, create, update, delete, written once for all nouns.

use std::{collections::BTreeMap, sync::Arc};

use api_types::view::{ChangeKind, ChangedNoun, EdgePage, EdgeQuery, EdgeView};
use domain::{
    AccountId, Action, AuditAction, CarrierId, FieldErrors, FieldFault, FlowId, MASK, QueueId, VoicemailId,
    edge::{DeviceHa1, EdgeId, EdgeInput, EdgeKind, EdgeNoun, EdgeObject, UniqueKey, check_device_password},
};
use serde::Serialize;
use serde_json::Value;
use store::{AnyEdgeObject, Cursor, EdgeSearch, StoredEdgeObject, Tx};

use super::security::allow::lift_bans_of;
use crate::{
    Actor, Current, Error, Result,
    context::Context,
    snapshot::NEW_SECRET,
    unit_of_work::{Entry, UnitOfWork},
};

/// Objects of a page where the query does not say how many.
const DEFAULT_LIMIT: u32 = 50;
/// The most objects of a page.
const MAX_LIMIT: u32 = 200;
/// How many of the objects that use a row a refusal names.
const NAMED_USES: u32 = 3;
/// How many of the objects that are deleted with DIDs get an audit entry of their own.
const AUDITED: usize = 100;

/// Use cases of the edge's objects. Cheap to clone.
#[derive(Clone)]
pub struct EdgeObjects {
    pub(super) context: Arc<Context>,
}

impl EdgeObjects {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    /// A page of the noun's objects, by name.
    pub async fn list<S: EdgeNoun>(&self, actor: &Actor, query: &EdgeQuery) -> Result<EdgePage<S>> {
        actor.require(Action::ReadEdge)?;
        let search = search(query)?;
        let account = &actor.account_id;
        let mut tx = self.context.store.read().await?;
        let page = tx.edge_objects::<S>(account, &search).await?;
        let names = names(&mut tx, account, &page.objects).await?;
        Ok(EdgePage {
            items: page.objects.iter().map(|object| view(object, &names)).collect(),
            next_cursor: page.next.map(|cursor| cursor.encode()),
        })
    }

    /// One object.
    pub async fn get<S: EdgeNoun>(&self, actor: &Actor, id: &S::Id) -> Result<EdgeView<S>> {
        actor.require(Action::ReadEdge)?;
        let mut tx = self.context.store.read().await?;
        let object = load::<S>(&mut tx, &actor.account_id, id).await?;
        read_view(&mut tx, &object).await
    }

    /// Creates an object.
    ///
    /// # Errors
    /// [`Error::Invalid`] also where another object has a key that must be unique, or a row that it names does not exist.
    pub async fn create<S: EdgeNoun>(&self, actor: &Actor, input: &S::Input) -> Result<EdgeView<S>> {
        actor.require(S::MANAGE)?;
        self.context.transact(Some(actor), input.clone(), |uow, input| Box::pin(create(uow, input))).await
    }

    /// Absent fields keep their value.
    ///
    /// # Errors
    /// As [`Self::create`], and [`Error::Stale`] where the input names another version than the current one.
    pub async fn update<S: EdgeNoun>(&self, actor: &Actor, id: &S::Id, input: &S::Input) -> Result<EdgeView<S>> {
        actor.require(S::MANAGE)?;
        let input = (id.clone(), input.clone());
        self.context.transact(Some(actor), input, |uow, (id, input)| Box::pin(update(uow, id, input))).await
    }

    /// Deletes an object.
    ///
    /// # Errors
    /// [`Error::InUse`] where other objects name it.
    pub async fn delete<S: EdgeNoun>(&self, actor: &Actor, id: &S::Id) -> Result<()> {
        actor.require(S::MANAGE)?;
        self.context.transact(Some(actor), id.clone(), |uow, id| Box::pin(delete::<S>(uow, id))).await
    }
}

fn search(query: &EdgeQuery) -> Result<EdgeSearch> {
    let mut errors = FieldErrors::default();
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        let message = format!("The limit is a whole number from 1 to {MAX_LIMIT}.");
        errors.add("limit", FieldFault::new("out_of_range", message));
    }
    let q = errors.record("q", domain::text::plain(&query.q, "the search text", 200));
    let references = errors.record("references", domain::text::plain(&query.references, "the id", 64));
    let after = query.cursor.as_deref().filter(|text| !text.trim().is_empty()).map(|text| {
        let message = "Use next_cursor of a response of this address, or leave it out.";
        let cursor = Cursor::decode(text.trim()).ok().and_then(Cursor::for_edge);
        cursor.ok_or_else(|| FieldFault::new("bad_cursor", message))
    });
    let after = errors.record("cursor", after.transpose());
    match (q, references, after) {
        (Some(q), Some(references), Some(after)) if errors.is_empty() => {
            Ok(EdgeSearch { q, references: (!references.is_empty()).then_some(references), limit, after })
        }
        _ => Err(errors.into()),
    }
}

pub(super) async fn load<S: EdgeNoun>(tx: &mut Tx, account: &AccountId, id: &S::Id) -> Result<EdgeObject<S>> {
    tx.edge_object(account, id).await?.ok_or(Error::NotFound(S::KIND.noun()))
}

/// The names of the rows that the objects name.
async fn names<S: EdgeNoun>(
    tx: &mut Tx,
    account: &AccountId,
    objects: &[EdgeObject<S>],
) -> Result<BTreeMap<String, String>> {
    let ids = objects.iter().flat_map(|object| object.settings.references()).map(|to| to.id);
    let ids: Vec<String> = ids.collect();
    Ok(tx.edge_names(account, &ids).await?)
}

pub(super) async fn read_view<S: EdgeNoun>(tx: &mut Tx, object: &EdgeObject<S>) -> Result<EdgeView<S>> {
    let names = names(tx, &object.account_id, std::slice::from_ref(object)).await?;
    Ok(view(object, &names))
}

fn view<S: EdgeNoun>(object: &EdgeObject<S>, names: &BTreeMap<String, String>) -> EdgeView<S> {
    EdgeView::new(object, label(&object.settings, names), names)
}

/// A DID's target is called by the DID's number.
fn label<S: EdgeNoun>(settings: &S, names: &BTreeMap<String, String>) -> String {
    let name = settings.name();
    names.get(&name).cloned().unwrap_or(name)
}

pub(super) async fn create<S: EdgeNoun>(uow: &mut UnitOfWork, input: &S::Input) -> Result<EdgeView<S>> {
    let settings = input.parse(None);
    let password = password(input, settings.as_ref().ok(), None);
    let (settings, ha1) = parsed(settings, password)?;
    let now = uow.now();
    let object = EdgeObject {
        id: S::Id::from_ulid(uow.ulid()),
        account_id: uow.account.clone(),
        settings,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    insert(uow, &object, ha1.as_ref()).await
}

/// Inserts an object, with its audit entry and event.
pub(super) async fn insert<S: EdgeNoun>(
    uow: &mut UnitOfWork,
    object: &EdgeObject<S>,
    ha1: Option<&DeviceHa1>,
) -> Result<EdgeView<S>> {
    let names = existing(uow, &object.settings).await?;
    let name = label(&object.settings, &names);
    if let Some(taken) = uow.tx.insert_edge_object(StoredEdgeObject { object, name: &name, ha1 }).await? {
        return Err(duplicate(taken));
    }
    let after = EdgeSnapshot::new(object, ha1.map(|_| MASK));
    audit(uow, &object.id.to_string(), &name, AuditAction::Created, (None, Some(after))).await?;
    uow.publish(ChangedNoun::Edge, ChangeKind::Created, &object.id);
    if S::KIND == EdgeKind::Allow
        && let Ok(allowed) = object.settings.name().parse()
    {
        lift_bans_of(uow, &allowed).await?;
    }
    Ok(view(object, &names))
}

async fn update<S: EdgeNoun>(uow: &mut UnitOfWork, id: &S::Id, input: &S::Input) -> Result<EdgeView<S>> {
    let current = load::<S>(&mut uow.tx, &uow.account, id).await?;
    change(uow, &current, input).await
}

/// Changes an object, with its audit entry and event.
pub(super) async fn change<S: EdgeNoun>(
    uow: &mut UnitOfWork,
    current: &EdgeObject<S>,
    input: &S::Input,
) -> Result<EdgeView<S>> {
    if input.version()?.is_some_and(|expected| expected != current.version) {
        return Err(stale(&read_view(&mut uow.tx, current).await?));
    }
    let settings = input.parse(Some(&current.settings));
    let password = password(input, settings.as_ref().ok(), Some(&current.settings));
    let (settings, ha1) = parsed(settings, password)?;
    if settings == current.settings && ha1.is_none() {
        return read_view(&mut uow.tx, current).await;
    }
    let updated = EdgeObject { settings, updated_at: uow.now(), version: current.version + 1, ..current.clone() };
    let names = existing(uow, &updated.settings).await?;
    let name = label(&updated.settings, &names);
    let stored = StoredEdgeObject { object: &updated, name: &name, ha1: ha1.as_ref() };
    match uow.tx.update_edge_object(stored).await? {
        None => return Err(Error::ConcurrentChange),
        Some(Some(taken)) => return Err(duplicate(taken)),
        Some(None) => {}
    }
    let has_password = updated.settings.digest_identity().is_some();
    let before = EdgeSnapshot::new(current, has_password.then_some(MASK));
    let after = EdgeSnapshot::new(&updated, has_password.then_some(if ha1.is_some() { NEW_SECRET } else { MASK }));
    audit(uow, &updated.id.to_string(), &name, AuditAction::Updated, (Some(before), Some(after))).await?;
    uow.publish(ChangedNoun::Edge, ChangeKind::Updated, &updated.id);
    Ok(view(&updated, &names))
}

pub(super) async fn delete<S: EdgeNoun>(uow: &mut UnitOfWork, id: &S::Id) -> Result<()> {
    let object = load::<S>(&mut uow.tx, &uow.account, id).await?;
    let key = id.to_string();
    require_unused(uow, &key, S::KIND.noun()).await?;
    let names = names(&mut uow.tx, &object.account_id, std::slice::from_ref(&object)).await?;
    if !uow.tx.delete_edge_object(&object.account_id, &key).await? {
        return Err(Error::ConcurrentChange);
    }
    let before = EdgeSnapshot::new(&object, object.settings.digest_identity().map(|_| MASK));
    let name = label(&object.settings, &names);
    audit(uow, &key, &name, AuditAction::Deleted, (Some(before), None)).await?;
    uow.publish(ChangedNoun::Edge, ChangeKind::Deleted, id);
    Ok(())
}

/// Refuses to delete a row that objects of the edge name.
pub(crate) async fn require_unused(uow: &mut UnitOfWork, id: &str, noun: &'static str) -> Result<()> {
    let uses = uow.tx.edge_uses(&uow.account, id, NAMED_USES + 1).await?;
    if uses.is_empty() {
        return Ok(());
    }
    let named: Vec<String> = uses
        .iter()
        .take(NAMED_USES as usize)
        .map(|user| {
            if user.kind == EdgeKind::Settings {
                "the edge settings".to_owned()
            } else {
                format!("{} {}", user.kind.noun(), user.name)
            }
        })
        .collect();
    let more = if uses.len() > named.len() { " and others" } else { "" };
    Err(Error::InUse { noun, uses: format!("{}{more}", named.join(", ")) })
}

/// The objects that are deleted with DIDs of the carrier; to be read before the DIDs are deleted.
pub(crate) async fn of_carrier(uow: &mut UnitOfWork, carrier: &CarrierId) -> Result<Vec<AnyEdgeObject>> {
    Ok(uow.tx.edge_objects_of_carrier(carrier).await?)
}

/// Writes audit entries and events of those of the objects that were deleted with their DIDs.
pub(crate) async fn deleted_with_dids(uow: &mut UnitOfWork, objects: &[AnyEdgeObject]) -> Result<()> {
    let ids: Vec<&str> = objects.iter().map(|object| object.id.as_str()).collect();
    let remaining = uow.tx.edge_objects_by_ids(&ids).await?;
    let deleted = objects.iter().filter(|object| remaining.iter().all(|other| other.id != object.id));
    for (index, object) in deleted.enumerate() {
        if index < AUDITED {
            let settings = serde_json::from_str(object.json()).unwrap_or(Value::Null);
            let before = EdgeSnapshot { id: object.id.clone(), settings, password: None };
            audit(uow, &object.id, &object.name, AuditAction::Deleted, (Some(before), None)).await?;
        }
        uow.publish(ChangedNoun::Edge, ChangeKind::Deleted, &object.id);
    }
    Ok(())
}

/// The names of the rows that the settings name.
///
/// # Errors
/// [`Error::Invalid`] where one of them does not exist.
async fn existing<S: EdgeNoun>(uow: &mut UnitOfWork, settings: &S) -> Result<BTreeMap<String, String>> {
    let references = settings.references();
    let ids: Vec<String> = references.iter().map(|reference| reference.id.clone()).collect();
    let names = uow.tx.edge_names(&uow.account, &ids).await?;
    let mut errors = FieldErrors::default();
    for reference in references {
        if !names.contains_key(&reference.id) && !is_without_rows(&reference.id) {
            let message = format!("There is no row {}. It may have been deleted: choose another one.", reference.id);
            errors.add(reference.field, FieldFault::new("unknown_id", message));
        }
    }
    if errors.is_empty() { Ok(names) } else { Err(errors.into()) }
}

/// Flows, queues and voicemail boxes have no rows yet; a target may name them.
fn is_without_rows(id: &str) -> bool {
    id.parse::<FlowId>().is_ok() || id.parse::<QueueId>().is_ok() || id.parse::<VoicemailId>().is_ok()
}

/// HA1 of the password that the input has. None: it stays as it is, or the noun has none. HA1 depends on username and realm,
/// so that a change of these needs the password again.
fn password<S: EdgeNoun>(
    input: &S::Input,
    settings: Option<&S>,
    current: Option<&S>,
) -> Result<Option<DeviceHa1>, FieldFault> {
    if S::KIND != EdgeKind::Device {
        return Ok(None);
    }
    let identity = settings.and_then(EdgeNoun::digest_identity);
    let given = input.password().filter(|password| !password.is_empty() && password.expose() != MASK);
    let Some(password) = given else {
        return match current {
            None => Err(FieldFault::required("Enter the device's password.")),
            Some(current) if identity.is_some_and(|identity| current.digest_identity() != Some(identity)) => {
                let message = "Enter the password again: it is stored together with the username and the realm.";
                Err(FieldFault::required(message))
            }
            Some(_) => Ok(None),
        };
    };
    check_device_password(password)?;
    Ok(identity.map(|(username, realm)| DeviceHa1::new(username, realm, password)))
}

/// All faults of the settings and of the password at once.
fn parsed<S>(
    settings: Result<S, FieldErrors>,
    password: Result<Option<DeviceHa1>, FieldFault>,
) -> Result<(S, Option<DeviceHa1>)> {
    match (settings, password) {
        (Ok(settings), Ok(ha1)) => Ok((settings, ha1)),
        (settings, password) => {
            let mut errors = settings.err().unwrap_or_default();
            errors.record("password", password);
            Err(errors.into())
        }
    }
}

fn duplicate(taken: UniqueKey) -> Error {
    Error::field(taken.field, FieldFault::new("duplicate", taken.message))
}

fn stale<S: EdgeNoun>(current: &EdgeView<S>) -> Error {
    let current = serde_json::to_value(current).expect("a view is a struct of texts, numbers and lists");
    Error::stale(Current::Edge(current))
}

/// An object as the audit keeps it.
#[derive(Serialize)]
struct EdgeSnapshot {
    id: String,
    #[serde(flatten)]
    settings: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<&'static str>,
}

impl EdgeSnapshot {
    fn new<S: EdgeNoun>(object: &EdgeObject<S>, password: Option<&'static str>) -> Self {
        let settings =
            serde_json::to_value(&object.settings).expect("settings are a struct of texts, numbers and lists");
        Self { id: object.id.to_string(), settings, password }
    }
}

async fn audit(
    uow: &mut UnitOfWork,
    subject_id: &str,
    subject_name: &str,
    action: AuditAction,
    (before, after): (Option<EdgeSnapshot>, Option<EdgeSnapshot>),
) -> Result<()> {
    uow.audit(Entry { action, subject_id, subject_name, before, after }).await
}
