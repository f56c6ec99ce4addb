//! Carriers.

use std::collections::BTreeMap;

use domain::{
    AccountId, Attention, Carrier, CarrierId, CarrierSettings, CarrierSort, Country, Secret, SipCredentials,
    SipPassword, SyncState, SyncStatus, Timestamp,
};
use sqlx::{AssertSqlSafe, Row, any::AnyRow};

use crate::{
    Cursor, Error, Result, Totals, Tx, Vault, attention,
    page::{Key, like},
    row::{AT_ONCE, corrupt, never_is_zero, parse},
};

const TABLE: &str = "carriers";

/// The carrier's columns, and when the reconciler tries next.
const SELECT: &str = "SELECT carriers.*, carrier_syncs.due_at AS due_at FROM carriers \
                      LEFT JOIN carrier_syncs ON carrier_syncs.carrier_id = carriers.id";

/// One page of the list.
#[derive(Clone, Debug)]
pub struct CarrierFilter {
    /// Part of the name or the address; empty for all.
    pub q: String,
    /// Only carriers with which that is the matter.
    pub attention: Option<Attention>,
    pub sort: CarrierSort,
    pub descending: bool,
    pub limit: u32,
    /// Rows behind this one.
    pub after: Option<Cursor>,
}

impl CarrierFilter {
    /// Which carriers: the account is `$1`, and what is searched for `$2` where something is.
    fn condition(&self) -> String {
        let mut sql = "carriers.account_id = $1".to_owned();
        if !self.q.is_empty() {
            sql += " AND (name_key LIKE $2 ESCAPE '!' OR sip_address LIKE $2 ESCAPE '!')";
        }
        if let Some(kind) = self.attention {
            sql += &format!(" AND {}", attention::condition(kind));
        }
        sql
    }

    fn order(&self) -> String {
        format!("{}{}", if self.descending { "-" } else { "" }, self.sort.as_str())
    }

    fn column(&self) -> &'static str {
        match self.sort {
            CarrierSort::Name => "name_key",
            CarrierSort::SipAddress => "sip_address",
            CarrierSort::Dids => "did_count",
            CarrierSort::Cps => "outbound_cps",
            CarrierSort::Status => "lk_sync_status",
            CarrierSort::LastSynced => "lk_last_synced_at",
            CarrierSort::CreatedAt => "created_at",
        }
    }

    /// The cursor fits the order, and the key the column.
    fn fits(&self, cursor: &Cursor) -> bool {
        let kind = match self.sort {
            CarrierSort::Name | CarrierSort::SipAddress | CarrierSort::Status => matches!(cursor.key, Key::Text(_)),
            CarrierSort::Dids | CarrierSort::LastSynced | CarrierSort::CreatedAt => {
                matches!(cursor.key, Key::Integer(_))
            }
            CarrierSort::Cps => matches!(cursor.key, Key::Real(_)),
        };
        kind && cursor.sort == self.order()
    }

    fn cursor_at(&self, found: &AnyRow) -> Cursor {
        let column = self.column();
        let key = match self.sort {
            CarrierSort::Name | CarrierSort::SipAddress | CarrierSort::Status => Key::Text(found.get(column)),
            CarrierSort::Dids | CarrierSort::LastSynced | CarrierSort::CreatedAt => Key::Integer(found.get(column)),
            CarrierSort::Cps => Key::Real(found.get(column)),
        };
        Cursor { sort: self.order(), key, id: found.get("id") }
    }

    /// The cursor of a query for this list; None where it belongs to another order.
    pub fn accepts(&self, cursor: Cursor) -> Option<Cursor> {
        self.fits(&cursor).then_some(cursor)
    }
}

impl Tx {
    pub async fn insert_carrier(&mut self, carrier: &Carrier) -> Result<()> {
        let sealed = self.seal_password(carrier);
        let settings = &carrier.settings;
        sqlx::query(
            "INSERT INTO carriers (id, account_id, name, name_key, sip_address, transport, destination_country, \
             auth_username, auth_password, allowed_addresses, inbound_auth, accept_any_source, outbound_cps, \
             outbound_burst, outbound_channels, did_count, lk_sync_status, lk_last_synced_at, created_at, updated_at, \
             version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 0, 'pending', 0, $16, $17, $18)",
        )
        .bind(carrier.id.as_str())
        .bind(carrier.account_id.as_str())
        .bind(settings.name.as_str())
        .bind(settings.name.as_str().to_lowercase())
        .bind(settings.sip_address.to_string())
        .bind(settings.transport.as_str())
        .bind(settings.destination_country.map(|country| country.as_str().to_owned()))
        .bind(username(settings))
        .bind(sealed)
        .bind(addresses(settings))
        .bind(settings.inbound_auth.as_str())
        .bind(i64::from(settings.accept_any_source))
        .bind(settings.outbound_cps.get())
        .bind(i64::from(settings.outbound_burst.get()))
        .bind(i64::from(settings.outbound_channels.get()))
        .bind(carrier.created_at.millis())
        .bind(carrier.updated_at.millis())
        .bind(carrier.version)
        .execute(self.connection())
        .await?;
        self.add_to_totals(&carrier.account_id, Totals { carriers: 1, ..Totals::default() }).await
    }

    /// Writes the settings over the row of version `carrier.version - 1`. False: the row has moved on, nothing is written.
    pub async fn update_carrier(&mut self, carrier: &Carrier) -> Result<bool> {
        let sealed = self.seal_password(carrier);
        let settings = &carrier.settings;
        let done = sqlx::query(
            "UPDATE carriers SET name = $1, name_key = $2, sip_address = $3, transport = $4, destination_country = $5, \
             auth_username = $6, auth_password = $7, allowed_addresses = $8, inbound_auth = $9, accept_any_source = $10, \
             outbound_cps = $11, outbound_burst = $12, outbound_channels = $13, updated_at = $14, version = version + 1 \
             WHERE id = $15 AND version = $16",
        )
        .bind(settings.name.as_str())
        .bind(settings.name.as_str().to_lowercase())
        .bind(settings.sip_address.to_string())
        .bind(settings.transport.as_str())
        .bind(settings.destination_country.map(|country| country.as_str().to_owned()))
        .bind(username(settings))
        .bind(sealed)
        .bind(addresses(settings))
        .bind(settings.inbound_auth.as_str())
        .bind(i64::from(settings.accept_any_source))
        .bind(settings.outbound_cps.get())
        .bind(i64::from(settings.outbound_burst.get()))
        .bind(i64::from(settings.outbound_channels.get()))
        .bind(carrier.updated_at.millis())
        .bind(carrier.id.as_str())
        .bind(carrier.version - 1)
        .execute(self.connection())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Which outbound trunk is the carrier's from now on, though it has no mark yet. Part of the transaction that asks for the
    /// sync, which writes the mark.
    pub async fn set_outbound_trunk(&mut self, carrier: &CarrierId, trunk: &str) -> Result<()> {
        sqlx::query("UPDATE carriers SET lk_outbound_trunk_id = $1 WHERE id = $2")
            .bind(trunk)
            .bind(carrier.as_str())
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Removes the carrier and its numbers. False: it is gone already.
    pub async fn delete_carrier(&mut self, account: &AccountId, id: &CarrierId) -> Result<bool> {
        let gone =
            sqlx::query("DELETE FROM carriers WHERE id = $1 AND account_id = $2 RETURNING did_count, lk_sync_status")
                .bind(id.as_str())
                .bind(account.as_str())
                .fetch_optional(self.connection())
                .await?;
        let Some(gone) = gone else { return Ok(false) };
        let failed = gone.get::<String, _>("lk_sync_status") == SyncStatus::Error.as_str();
        let change =
            Totals { carriers: -1, numbers: -gone.get::<i64, _>("did_count"), sync_errors: -i64::from(failed) };
        self.add_to_totals(account, change).await?;
        Ok(true)
    }

    pub async fn carrier(&mut self, account: &AccountId, id: &CarrierId) -> Result<Option<Carrier>> {
        let sql = format!("{SELECT} WHERE carriers.id = $1 AND carriers.account_id = $2");
        let found = sqlx::query(AssertSqlSafe(sql))
            .bind(id.as_str())
            .bind(account.as_str())
            .fetch_optional(self.connection())
            .await?;
        found.map(|found| read(&found, &self.vault).map(|(carrier, _)| carrier)).transpose()
    }

    /// A page of carriers with their counts of numbers, and the cursor behind it.
    pub async fn carriers(
        &mut self,
        account: &AccountId,
        filter: &CarrierFilter,
    ) -> Result<(Vec<(Carrier, i64)>, Option<Cursor>)> {
        let column = filter.column();
        let (comparison, direction) = if filter.descending { ("<", "DESC") } else { (">", "ASC") };
        let mut sql = format!("{SELECT} WHERE {}", filter.condition());
        if filter.after.is_some() {
            let first = if filter.q.is_empty() { 2 } else { 3 };
            sql += &format!(" AND ({column}, carriers.id) {comparison} (${first}, ${})", first + 1);
        }
        sql += &format!(" ORDER BY {column} {direction}, carriers.id {direction} LIMIT {}", filter.limit + 1);
        let mut query = sqlx::query(AssertSqlSafe(sql)).bind(account.as_str());
        if !filter.q.is_empty() {
            query = query.bind(like(&filter.q));
        }
        if let Some(cursor) = &filter.after {
            query = match &cursor.key {
                Key::Text(text) => query.bind(text.clone()),
                Key::Integer(number) => query.bind(*number),
                Key::Real(number) => query.bind(*number),
            };
            query = query.bind(cursor.id.clone());
        }
        let mut found = query.fetch_all(self.connection()).await?;
        let limit = usize::try_from(filter.limit).unwrap_or(usize::MAX);
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(|last| filter.cursor_at(last));
        let carriers = found.iter().map(|found| read(found, &self.vault)).collect::<Result<_>>()?;
        Ok((carriers, next))
    }

    /// How many carriers match on all pages; for a filtered list, since without a filter [`Tx::totals`] knows.
    pub async fn count_carriers(&mut self, account: &AccountId, filter: &CarrierFilter) -> Result<i64> {
        let sql = format!("SELECT COUNT(*) AS count FROM carriers WHERE {}", filter.condition());
        let mut query = sqlx::query(AssertSqlSafe(sql)).bind(account.as_str());
        if !filter.q.is_empty() {
            query = query.bind(like(&filter.q));
        }
        Ok(query.fetch_one(self.connection()).await?.get("count"))
    }

    /// The names of carriers, for messages; ids that are gone are left out.
    pub async fn carrier_names(&mut self, ids: &[CarrierId]) -> Result<BTreeMap<CarrierId, String>> {
        let mut names = BTreeMap::new();
        for id in ids {
            let found = sqlx::query("SELECT name FROM carriers WHERE id = $1")
                .bind(id.as_str())
                .fetch_optional(self.connection())
                .await?;
            names.extend(found.map(|found| (id.clone(), found.get("name"))));
        }
        Ok(names)
    }

    /// The names of all carriers.
    pub async fn all_carrier_names(&mut self, account: &AccountId) -> Result<BTreeMap<CarrierId, String>> {
        let found = sqlx::query("SELECT id, name FROM carriers WHERE account_id = $1")
            .bind(account.as_str())
            .fetch_all(self.connection())
            .await?;
        let name = |found: &AnyRow| {
            let id: String = found.get("id");
            Ok((parse(TABLE, &id, &id)?, found.get("name")))
        };
        found.iter().map(name).collect()
    }

    /// The carriers that are called at one of these addresses, each with its own.
    pub async fn carriers_at(
        &mut self,
        account: &AccountId,
        sip_addresses: &[String],
    ) -> Result<Vec<(String, CarrierId)>> {
        let mut carriers = Vec::new();
        for addresses in sip_addresses.chunks(AT_ONCE) {
            let places: Vec<String> = (2..addresses.len() + 2).map(|place| format!("${place}")).collect();
            let places = places.join(", ");
            let sql =
                format!("SELECT id, sip_address FROM carriers WHERE account_id = $1 AND sip_address IN ({places})");
            let mut query = sqlx::query(AssertSqlSafe(sql)).bind(account.as_str());
            for address in addresses {
                query = query.bind(address.as_str());
            }
            for found in query.fetch_all(self.connection()).await? {
                let id: String = found.get("id");
                carriers.push((found.get("sip_address"), parse(TABLE, &id, &id)?));
            }
        }
        Ok(carriers)
    }

    /// The carriers' countries, each once.
    pub async fn carrier_countries(&mut self, account: &AccountId) -> Result<Vec<Country>> {
        let found = sqlx::query(
            "SELECT DISTINCT destination_country AS country FROM carriers WHERE account_id = $1 \
             AND destination_country IS NOT NULL",
        )
        .bind(account.as_str())
        .fetch_all(self.connection())
        .await?;
        found.iter().map(|found| parse(TABLE, "", &found.get::<String, _>("country"))).collect()
    }

    fn seal_password(&self, carrier: &Carrier) -> Option<String> {
        let credentials = carrier.settings.credentials.as_ref()?;
        Some(self.vault.seal(&Secret::new(credentials.password.expose()), carrier.id.as_str()))
    }
}

fn username(settings: &CarrierSettings) -> Option<String> {
    settings.credentials.as_ref().map(|credentials| credentials.username.to_string())
}

/// One entry a line.
fn addresses(settings: &CarrierSettings) -> String {
    settings.allowed_addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn read(found: &AnyRow, vault: &Vault) -> Result<(Carrier, i64)> {
    let id: String = found.get("id");
    let text = |name: &str| found.get::<String, _>(name);
    let optional = |name: &str| found.get::<Option<String>, _>(name);
    let settings = CarrierSettings {
        name: parse(TABLE, &id, &text("name"))?,
        sip_address: parse(TABLE, &id, &text("sip_address"))?,
        transport: parse(TABLE, &id, &text("transport"))?,
        destination_country: optional("destination_country").map(|code| parse(TABLE, &id, &code)).transpose()?,
        credentials: credentials(&id, optional("auth_username"), optional("auth_password"), vault)?,
        allowed_addresses: text("allowed_addresses")
            .lines()
            .map(|line| parse(TABLE, &id, line))
            .collect::<Result<_>>()?,
        inbound_auth: parse(TABLE, &id, &text("inbound_auth"))?,
        accept_any_source: found.get::<i64, _>("accept_any_source") != 0,
        outbound_cps: parse(TABLE, &id, &found.get::<f64, _>("outbound_cps").to_string())?,
        outbound_burst: parse(TABLE, &id, &found.get::<i64, _>("outbound_burst").to_string())?,
        outbound_channels: parse(TABLE, &id, &found.get::<i64, _>("outbound_channels").to_string())?,
    };
    let status: SyncStatus = parse(TABLE, &id, &text("lk_sync_status"))?;
    let sync = SyncState {
        status,
        error: optional("lk_sync_error"),
        last_synced_at: never_is_zero(found.get("lk_last_synced_at")),
        next_at: found.get::<Option<i64>, _>("due_at").map(Timestamp::from_millis),
        inbound_trunk_id: optional("lk_inbound_trunk_id"),
        outbound_trunk_id: optional("lk_outbound_trunk_id"),
    };
    let carrier = Carrier {
        account_id: parse(TABLE, &id, &text("account_id"))?,
        settings,
        sync,
        created_at: Timestamp::from_millis(found.get("created_at")),
        updated_at: Timestamp::from_millis(found.get("updated_at")),
        version: found.get("version"),
        id: parse(TABLE, &id, &id)?,
    };
    Ok((carrier, found.get("did_count")))
}

fn credentials(
    id: &str,
    username: Option<String>,
    sealed: Option<String>,
    vault: &Vault,
) -> Result<Option<SipCredentials>> {
    let (Some(username), Some(sealed)) = (username, sealed) else { return Ok(None) };
    let opened = vault.open(&sealed, id).ok_or_else(|| Error::WrongKey { table: TABLE, id: id.to_owned() })?;
    let password = SipPassword::new(opened).map_err(|fault| corrupt(TABLE, id, &fault))?;
    Ok(Some(SipCredentials { username: parse(TABLE, id, &username)?, password }))
}
