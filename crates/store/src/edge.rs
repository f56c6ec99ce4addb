//! Objects of the SIP edge: one table for all nouns, whose settings are JSON. Their unique keys and their references to other
//! rows have tables of their own.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    AccountId, CarrierId, DidId, Secret, Timestamp,
    edge::{DeviceHa1, EdgeKind, EdgeNoun, EdgeObject, UniqueKey},
};
use sqlx::{Database, Encode, QueryBuilder, Type};
use sqlx_macros::FromRow;

use crate::{
    Cursor, Error, Key, Result, Tx, Vault,
    page::like,
    row::{LIST_LIMIT, corrupt, parse, push_list},
    statement::statements,
    tx::{execute, fetch},
};

const TABLE: &str = "edge_objects";

/// The name of the one order of the lists.
const ORDER: &str = "name";

/// The columns of [`EdgeRow`].
macro_rules! select {
    () => {
        "SELECT id, account_id, kind, name, name_key, settings, sealed, created_at, updated_at, version FROM edge_objects"
    };
}

statements! {
    INSERT = "INSERT INTO edge_objects (id, account_id, kind, name, name_key, did_id, settings, sealed, created_at, \
              updated_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    UPDATE = "UPDATE edge_objects SET name = $1, name_key = $2, did_id = $3, settings = $4, \
              sealed = COALESCE($5, sealed), updated_at = $6, version = version + 1 WHERE id = $7 AND version = $8";
    DELETE = "DELETE FROM edge_objects WHERE id = $1 AND account_id = $2";
    INSERT_KEY = "INSERT INTO edge_keys (account_id, kind, key, object_id) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    DELETE_KEYS = "DELETE FROM edge_keys WHERE object_id = $1";
    INSERT_REFERENCE = "INSERT INTO edge_references (from_id, to_id) VALUES ($1, $2)";
    DELETE_REFERENCES = "DELETE FROM edge_references WHERE from_id = $1";
    BY_ID = concat!(select!(), " WHERE id = $1 AND account_id = $2 AND kind = $3");
    PAGE = concat!(
        select!(),
        " WHERE account_id = $1 AND kind = $2 AND (name_key, id) > ($3, $4) AND name_key LIKE $5 ESCAPE '!' \
          ORDER BY name_key, id LIMIT $6"
    );
    PAGE_OF_USERS = concat!(
        select!(),
        " WHERE account_id = $1 AND kind = $2 AND (name_key, id) > ($3, $4) AND name_key LIKE $5 ESCAPE '!' \
          AND id IN (SELECT from_id FROM edge_references WHERE to_id = $7) ORDER BY name_key, id LIMIT $6"
    );
    AFTER = concat!(select!(), " WHERE account_id = $1 AND id > $2 ORDER BY id LIMIT $3");
    USERS = "SELECT id, kind, name FROM edge_objects WHERE account_id = $1 AND id <> $2 \
             AND id IN (SELECT from_id FROM edge_references WHERE to_id = $2) ORDER BY kind, name_key LIMIT $3";
    OF_DID = concat!(select!(), " WHERE did_id = $1 ORDER BY id");
    OF_CARRIER = concat!(
        select!(),
        " WHERE did_id IN (SELECT id FROM dids WHERE carrier_id = $1) ORDER BY id"
    );
}

/// An object of any noun, as the routing's index reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnyEdgeObject {
    /// Id of the row.
    pub id: String,
    /// Its noun.
    pub kind: EdgeKind,
    /// Its name in lists.
    pub name: String,
    /// HA1 of a device, opened.
    pub ha1: Option<DeviceHa1>,
    /// Increases with each change.
    pub version: i64,
    settings: String,
}

impl AnyEdgeObject {
    /// The settings.
    ///
    /// # Errors
    /// [`Error::Corrupt`] where they are not those of the noun.
    pub fn settings<S: EdgeNoun>(&self) -> Result<S> {
        settings(&self.id, &self.settings)
    }

    /// The settings as JSON.
    pub fn json(&self) -> &str {
        &self.settings
    }
}

/// Which objects a list has.
#[derive(Clone, Debug, Default)]
pub struct EdgeSearch {
    /// Part of the name, in any case.
    pub q: String,
    /// Only objects that name this row.
    pub references: Option<String>,
    /// The most objects.
    pub limit: u32,
    /// Where the page before has ended.
    pub after: Option<Cursor>,
}

/// A page of a list.
#[derive(Clone, Debug)]
pub struct EdgeRows<S: EdgeNoun> {
    /// The objects by name.
    pub objects: Vec<EdgeObject<S>>,
    /// Where the next page begins; None on the last.
    pub next: Option<Cursor>,
}

/// An object that names a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EdgeUse {
    /// Id of the object.
    pub id: String,
    /// Its noun.
    pub kind: EdgeKind,
    /// Its name in lists.
    pub name: String,
}

/// An object with what is stored beside its settings.
#[derive(Debug)]
pub struct StoredEdgeObject<'a, S: EdgeNoun> {
    /// The object.
    pub object: &'a EdgeObject<S>,
    /// Its name in lists.
    pub name: &'a str,
    /// HA1 of a device. None in an update: as before.
    pub ha1: Option<&'a DeviceHa1>,
}

impl Tx {
    /// Adds an object. Some: the key that another object of the noun has; the transaction must not be committed then.
    pub async fn insert_edge_object<S: EdgeNoun>(
        &mut self,
        stored: StoredEdgeObject<'_, S>,
    ) -> Result<Option<UniqueKey>> {
        let columns = Columns::of(&stored, &self.vault);
        let StoredEdgeObject { object, name, .. } = stored;
        execute!(
            self,
            sqlx::query(INSERT)
                .bind(columns.id.as_str())
                .bind(object.account_id.as_str())
                .bind(S::KIND.as_str())
                .bind(name)
                .bind(name.to_lowercase())
                .bind(columns.did.as_deref())
                .bind(columns.settings.as_str())
                .bind(columns.sealed.as_deref())
                .bind(object.created_at.millis())
                .bind(object.updated_at.millis())
                .bind(object.version)
        )?;
        self.insert_keys_and_references(&columns.id, object).await
    }

    /// Writes an object over the row of version `object.version - 1`. The outer None: the row has another version, or is gone.
    /// A key: another object of the noun has it; the transaction must not be committed then.
    pub async fn update_edge_object<S: EdgeNoun>(
        &mut self,
        stored: StoredEdgeObject<'_, S>,
    ) -> Result<Option<Option<UniqueKey>>> {
        let columns = Columns::of(&stored, &self.vault);
        let StoredEdgeObject { object, name, .. } = stored;
        let updated = execute!(
            self,
            sqlx::query(UPDATE)
                .bind(name)
                .bind(name.to_lowercase())
                .bind(columns.did.as_deref())
                .bind(columns.settings.as_str())
                .bind(columns.sealed.as_deref())
                .bind(object.updated_at.millis())
                .bind(columns.id.as_str())
                .bind(object.version - 1)
        )?;
        if updated == 0 {
            return Ok(None);
        }
        execute!(self, sqlx::query(DELETE_KEYS).bind(columns.id.as_str()))?;
        execute!(self, sqlx::query(DELETE_REFERENCES).bind(columns.id.as_str()))?;
        self.insert_keys_and_references(&columns.id, object).await.map(Some)
    }

    async fn insert_keys_and_references<S: EdgeNoun>(
        &mut self,
        id: &str,
        object: &EdgeObject<S>,
    ) -> Result<Option<UniqueKey>> {
        for unique in object.settings.unique_keys() {
            let inserted = execute!(
                self,
                sqlx::query(INSERT_KEY)
                    .bind(object.account_id.as_str())
                    .bind(S::KIND.as_str())
                    .bind(unique.key.as_str())
                    .bind(id)
            )?;
            if inserted == 0 {
                return Ok(Some(unique));
            }
        }
        let targets: BTreeSet<String> =
            object.settings.references().into_iter().map(|reference| reference.id).collect();
        for target in targets {
            execute!(self, sqlx::query(INSERT_REFERENCE).bind(id).bind(target.as_str()))?;
        }
        Ok(None)
    }

    /// Deletes an object. False where it is gone already.
    pub async fn delete_edge_object(&mut self, account: &AccountId, id: &str) -> Result<bool> {
        Ok(execute!(self, sqlx::query(DELETE).bind(id).bind(account.as_str()))? == 1)
    }

    /// One object of the noun.
    pub async fn edge_object<S: EdgeNoun>(&mut self, account: &AccountId, id: &S::Id) -> Result<Option<EdgeObject<S>>> {
        let id = id.to_string();
        let row = fetch!(
            self,
            connection => sqlx::query_as::<_, EdgeRow>(BY_ID)
                .bind(id.as_str())
                .bind(account.as_str())
                .bind(S::KIND.as_str())
                .fetch_optional(connection)
        )?;
        row.map(EdgeRow::typed).transpose()
    }

    /// A page of the noun's objects, by name.
    pub async fn edge_objects<S: EdgeNoun>(&mut self, account: &AccountId, search: &EdgeSearch) -> Result<EdgeRows<S>> {
        let (name, id) = match &search.after {
            Some(Cursor { key: Key::Text(name), id, .. }) => (name.as_str(), id.as_str()),
            _ => ("", ""),
        };
        let part = like(&search.q);
        let limit = i64::from(search.limit);
        let mut rows = match &search.references {
            None => fetch!(
                self,
                connection => sqlx::query_as::<_, EdgeRow>(PAGE)
                    .bind(account.as_str())
                    .bind(S::KIND.as_str())
                    .bind(name)
                    .bind(id)
                    .bind(part.as_str())
                    .bind(limit + 1)
                    .fetch_all(connection)
            )?,
            Some(to) => fetch!(
                self,
                connection => sqlx::query_as::<_, EdgeRow>(PAGE_OF_USERS)
                    .bind(account.as_str())
                    .bind(S::KIND.as_str())
                    .bind(name)
                    .bind(id)
                    .bind(part.as_str())
                    .bind(limit + 1)
                    .bind(to.as_str())
                    .fetch_all(connection)
            )?,
        };
        let has_more = rows.len() > search.limit as usize;
        rows.truncate(search.limit as usize);
        let next = rows.last().filter(|_| has_more).map(|row| Cursor {
            sort: ORDER.to_owned(),
            key: Key::Text(row.name_key.clone()),
            id: row.id.clone(),
        });
        let objects = rows.into_iter().map(EdgeRow::typed).collect::<Result<_>>()?;
        Ok(EdgeRows { objects, next })
    }

    /// At most `limit` objects of all nouns behind the one with the id `after`, in the order of their ids. Devices' HA1 are
    /// opened.
    pub async fn edge_objects_after(
        &mut self,
        account: &AccountId,
        after: &str,
        limit: u32,
    ) -> Result<Vec<AnyEdgeObject>> {
        let rows = fetch!(
            self,
            connection => sqlx::query_as::<_, EdgeRow>(AFTER)
                .bind(account.as_str())
                .bind(after)
                .bind(i64::from(limit))
                .fetch_all(connection)
        )?;
        rows.into_iter().map(|row| row.any(&self.vault)).collect()
    }

    /// The objects with these ids, of whichever noun; those that are gone are left out. Devices' HA1 are opened.
    pub async fn edge_objects_by_ids(&mut self, ids: &[&str]) -> Result<Vec<AnyEdgeObject>> {
        let mut objects = Vec::new();
        for ids in ids.chunks(LIST_LIMIT) {
            let rows = fetch!(self, connection => async {
                by_ids(ids).build_query_as::<EdgeRow>().fetch_all(connection).await
            })?;
            for row in rows {
                objects.push(row.any(&self.vault)?);
            }
        }
        Ok(objects)
    }

    /// Objects that name the row, at most `limit` of them. An object that names itself is left out.
    pub async fn edge_uses(&mut self, account: &AccountId, id: &str, limit: u32) -> Result<Vec<EdgeUse>> {
        let rows = fetch!(
            self,
            connection => sqlx::query_as::<_, UseRow>(USERS)
                .bind(account.as_str())
                .bind(id)
                .bind(i64::from(limit))
                .fetch_all(connection)
        )?;
        let read = |UseRow { id, kind, name }: UseRow| Ok(EdgeUse { kind: self::kind(&id, &kind)?, id, name });
        rows.into_iter().map(read).collect()
    }

    /// The objects that are deleted with the DID.
    pub async fn edge_objects_of_did(&mut self, did: &DidId) -> Result<Vec<AnyEdgeObject>> {
        let rows = fetch!(
            self,
            connection => sqlx::query_as::<_, EdgeRow>(OF_DID).bind(did.as_str()).fetch_all(connection)
        )?;
        rows.into_iter().map(|row| row.any(&self.vault)).collect()
    }

    /// The objects that are deleted with the carrier's DIDs.
    pub async fn edge_objects_of_carrier(&mut self, carrier: &CarrierId) -> Result<Vec<AnyEdgeObject>> {
        let rows = fetch!(
            self,
            connection => sqlx::query_as::<_, EdgeRow>(OF_CARRIER).bind(carrier.as_str()).fetch_all(connection)
        )?;
        rows.into_iter().map(|row| row.any(&self.vault)).collect()
    }

    /// The names of those of the rows that exist: objects of the edge, carriers, bots, and DIDs by number.
    pub async fn edge_names(&mut self, account: &AccountId, ids: &[String]) -> Result<BTreeMap<String, String>> {
        let mut names = BTreeMap::new();
        for (prefix, from) in NAMES {
            let ids: Vec<&str> = ids
                .iter()
                .map(String::as_str)
                .filter(|id| prefix.map_or_else(|| !is_console_id(id), |prefix| id.starts_with(prefix)))
                .collect();
            for ids in ids.chunks(LIST_LIMIT) {
                names.extend(fetch!(self, connection => async {
                    names_by_ids(from, account.as_str(), ids)
                        .build_query_as::<(String, String)>()
                        .fetch_all(connection)
                        .await
                })?);
            }
        }
        Ok(names)
    }
}

/// Where the names of rows are, by the prefix of their ids; None: all other ids.
const NAMES: [(Option<&str>, &str); 4] = [
    (Some(CarrierId::PREFIX), "SELECT id, name FROM carriers"),
    (Some(DidId::PREFIX), "SELECT id, number FROM dids"),
    (Some(domain::BotId::PREFIX), "SELECT id, name FROM bots"),
    (None, "SELECT id, name FROM edge_objects"),
];

fn is_console_id(id: &str) -> bool {
    NAMES.iter().filter_map(|(prefix, _)| *prefix).any(|prefix| id.starts_with(prefix))
}

fn by_ids<DB: Database>(ids: &[&str]) -> QueryBuilder<DB>
where
    for<'t> &'t str: Encode<'t, DB> + Type<DB>,
{
    let mut query = QueryBuilder::new(concat!(select!(), " WHERE id IN "));
    push_list(&mut query, ids);
    query
}

fn names_by_ids<DB: Database>(from: &str, account: &str, ids: &[&str]) -> QueryBuilder<DB>
where
    for<'t> &'t str: Encode<'t, DB> + Type<DB>,
{
    let mut query = QueryBuilder::new(from);
    query.push(" WHERE account_id = ").push_bind(account).push(" AND id IN ");
    push_list(&mut query, ids);
    query
}

/// What an object becomes in the database.
struct Columns {
    id: String,
    did: Option<String>,
    settings: String,
    sealed: Option<String>,
}

impl Columns {
    fn of<S: EdgeNoun>(stored: &StoredEdgeObject<'_, S>, vault: &Vault) -> Self {
        let settings = &stored.object.settings;
        let id = stored.object.id.to_string();
        Self {
            did: settings.references().into_iter().map(|to| to.id).find(|to| to.starts_with(DidId::PREFIX)),
            settings: serde_json::to_string(settings).expect("settings are a struct of texts, numbers and lists"),
            sealed: stored.ha1.map(|ha1| seal(ha1, &id, vault)),
            id,
        }
    }
}

/// Both digests with a colon between them.
fn seal(ha1: &DeviceHa1, id: &str, vault: &Vault) -> String {
    vault.seal(&Secret::new(format!("{}:{}", ha1.md5.expose(), ha1.sha256.expose())), id)
}

fn open(sealed: &str, id: &str, vault: &Vault) -> Result<DeviceHa1> {
    let opened = vault.open(sealed, id).ok_or_else(|| Error::WrongKey { table: TABLE, id: id.to_owned() })?;
    let (md5, sha256) = opened.expose().split_once(':').ok_or_else(|| corrupt(TABLE, id, &"no two digests"))?;
    Ok(DeviceHa1 { md5: Secret::new(md5), sha256: Secret::new(sha256) })
}

fn settings<S: EdgeNoun>(id: &str, json: &str) -> Result<S> {
    serde_json::from_str(json).map_err(|error| corrupt(TABLE, id, &error))
}

fn kind(id: &str, text: &str) -> Result<EdgeKind> {
    text.parse().map_err(|_| corrupt(TABLE, id, &"unknown kind"))
}

#[derive(FromRow)]
struct EdgeRow {
    id: String,
    account_id: String,
    kind: String,
    name: String,
    name_key: String,
    settings: String,
    sealed: Option<String>,
    created_at: i64,
    updated_at: i64,
    version: i64,
}

impl EdgeRow {
    fn typed<S: EdgeNoun>(self) -> Result<EdgeObject<S>> {
        let id = &self.id;
        Ok(EdgeObject {
            id: parse(TABLE, id, id)?,
            account_id: parse(TABLE, id, &self.account_id)?,
            settings: settings(id, &self.settings)?,
            created_at: Timestamp::from_millis(self.created_at),
            updated_at: Timestamp::from_millis(self.updated_at),
            version: self.version,
        })
    }

    fn any(self, vault: &Vault) -> Result<AnyEdgeObject> {
        Ok(AnyEdgeObject {
            kind: kind(&self.id, &self.kind)?,
            ha1: self.sealed.as_deref().map(|sealed| open(sealed, &self.id, vault)).transpose()?,
            id: self.id,
            name: self.name,
            version: self.version,
            settings: self.settings,
        })
    }
}

#[derive(FromRow)]
struct UseRow {
    id: String,
    kind: String,
    name: String,
}

impl Cursor {
    /// This cursor, if it is one of the edge's lists.
    pub fn for_edge(self) -> Option<Self> {
        (self.sort == ORDER && matches!(self.key, Key::Text(_))).then_some(self)
    }
}

/// The statements that depend on their arguments, for the test that prepares every statement.
#[cfg(test)]
pub(crate) fn builders<DB: Database>() -> Vec<QueryBuilder<DB>>
where
    for<'t> &'t str: Encode<'t, DB> + Type<DB>,
{
    let names = NAMES.iter().map(|(_, from)| names_by_ids(from, "a", &["1", "2"]));
    names.chain([by_ids(&["a", "b"])]).collect()
}
