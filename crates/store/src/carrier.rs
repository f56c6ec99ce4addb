//! Carriers.

use std::collections::BTreeMap;

use domain::{
    AccountId, Carrier, CarrierId, CarrierSettings, Country, Secret, SipCredentials, SipPassword, SyncState,
    SyncStatus, Timestamp, UserId,
};
use sqlx::{Database, Encode, QueryBuilder, Type, query::Query};
use sqlx_macros::FromRow;

use crate::{
    Error, Result, Totals, Tx, Vault,
    row::{LIST_LIMIT, corrupt, parse, parse_optional, push_list, zero_as_never},
    statement::statements,
    tx::{execute, fetch},
};

const TABLE: &str = "carriers";

/// SELECT with the columns of [`CarrierRow`]: the carrier's, and when the reconciler tries next.
macro_rules! select_carriers {
    () => {
        "SELECT carriers.id, carriers.account_id, carriers.name, carriers.name_key, carriers.sip_address, \
         carriers.transport, carriers.destination_country, carriers.auth_username, carriers.auth_password, \
         carriers.allowed_addresses, carriers.inbound_auth, carriers.accept_any_source, carriers.outbound_cps, \
         carriers.outbound_burst, carriers.outbound_channels, carriers.provider, carriers.krisp_enabled, carriers.did_count, carriers.lk_sync_status, \
         carriers.lk_sync_error, carriers.lk_last_synced_at, carriers.lk_inbound_trunk_id, \
         carriers.lk_outbound_trunk_id, carriers.created_by, carriers.created_at, carriers.updated_at, carriers.version, \
         carrier_syncs.due_at \
         FROM carriers LEFT JOIN carrier_syncs ON carrier_syncs.carrier_id = carriers.id"
    };
}
pub(crate) use select_carriers;

statements! {
    INSERT = "INSERT INTO carriers (name, name_key, sip_address, transport, destination_country, auth_username, \
              auth_password, allowed_addresses, inbound_auth, accept_any_source, outbound_cps, outbound_burst, \
              outbound_channels, provider, krisp_enabled, id, account_id, did_count, lk_sync_status, lk_last_synced_at, \
              created_by, created_at, updated_at, version) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 0, 'pending', 0, $18, \
              $19, $20, $21)";
    UPDATE = "UPDATE carriers SET name = $1, name_key = $2, sip_address = $3, transport = $4, destination_country = $5, \
              auth_username = $6, auth_password = $7, allowed_addresses = $8, inbound_auth = $9, \
              accept_any_source = $10, outbound_cps = $11, outbound_burst = $12, outbound_channels = $13, \
              provider = $14, krisp_enabled = $15, updated_at = $16, version = version + 1 \
              WHERE id = $17 AND version = $18";
    SET_OUTBOUND_TRUNK = "UPDATE carriers SET lk_outbound_trunk_id = $1 WHERE id = $2";
    DELETE = "DELETE FROM carriers WHERE id = $1 AND account_id = $2 RETURNING did_count, lk_sync_status";
    BY_ID = concat!(select_carriers!(), " WHERE carriers.id = $1 AND carriers.account_id = $2");
    NAMES = "SELECT id, name FROM carriers WHERE account_id = $1";
    /// Searches an index for the next country, once for each: DISTINCT would read the index entry of each carrier.
    COUNTRIES = "WITH RECURSIVE countries (code) AS (\
                 SELECT MIN(destination_country) FROM carriers WHERE account_id = $1 AND destination_country IS NOT NULL \
                 UNION ALL \
                 SELECT (SELECT MIN(destination_country) FROM carriers WHERE account_id = $1 \
                 AND destination_country > code) FROM countries WHERE code IS NOT NULL) \
                 SELECT code FROM countries WHERE code IS NOT NULL";
    ANY_SYNCED = "SELECT id FROM carriers WHERE account_id = $1 AND lk_last_synced_at > 0 LIMIT 1";
}

impl Tx {
    /// Adds a carrier, and counts it.
    pub async fn insert_carrier(&mut self, carrier: &Carrier) -> Result<()> {
        let sealed = self.seal_password(carrier);
        execute!(
            self,
            bind_settings(sqlx::query(INSERT), &carrier.settings, sealed)
                .bind(carrier.id.as_str())
                .bind(carrier.account_id.as_str())
                .bind(carrier.created_by.as_ref().map(UserId::as_str))
                .bind(carrier.created_at.millis())
                .bind(carrier.updated_at.millis())
                .bind(carrier.version)
        )?;
        self.add_to_totals(&carrier.account_id, Totals { carriers: 1, ..Totals::default() }).await
    }

    /// Writes the settings over the row of version `carrier.version - 1`. False where the row has another version, or is
    /// gone.
    pub async fn update_carrier(&mut self, carrier: &Carrier) -> Result<bool> {
        let sealed = self.seal_password(carrier);
        let updated = execute!(
            self,
            bind_settings(sqlx::query(UPDATE), &carrier.settings, sealed)
                .bind(carrier.updated_at.millis())
                .bind(carrier.id.as_str())
                .bind(carrier.version - 1)
        )?;
        Ok(updated == 1)
    }

    /// Names the outbound trunk that the carrier adopts. Part of the transaction that requests the sync, which writes the
    /// owner tag.
    pub async fn set_outbound_trunk(&mut self, carrier: &CarrierId, trunk: &str) -> Result<()> {
        execute!(self, sqlx::query(SET_OUTBOUND_TRUNK).bind(trunk).bind(carrier.as_str()))?;
        Ok(())
    }

    /// Deletes the carrier and its DIDs, and counts them off. False where it is gone already.
    pub async fn delete_carrier(&mut self, account: &AccountId, id: &CarrierId) -> Result<bool> {
        let deleted = fetch!(
            self,
            connection => sqlx::query_as::<_, (i64, String)>(DELETE)
                .bind(id.as_str())
                .bind(account.as_str())
                .fetch_optional(connection)
        )?;
        let Some((dids, status)) = deleted else { return Ok(false) };
        let failed = status == SyncStatus::Error.as_str();
        let change = Totals { carriers: -1, numbers: -dids, sync_errors: -i64::from(failed) };
        self.add_to_totals(account, change).await?;
        Ok(true)
    }

    /// One carrier of the account.
    pub async fn carrier(&mut self, account: &AccountId, id: &CarrierId) -> Result<Option<Carrier>> {
        Ok(self.counted_carrier(account, id).await?.map(|(carrier, _)| carrier))
    }

    /// One carrier of the account, with the count of its DIDs.
    pub async fn counted_carrier(&mut self, account: &AccountId, id: &CarrierId) -> Result<Option<(Carrier, i64)>> {
        let row = fetch!(
            self,
            connection => sqlx::query_as::<_, CarrierRow>(BY_ID)
                .bind(id.as_str())
                .bind(account.as_str())
                .fetch_optional(connection)
        )?;
        row.map(|row| {
            let dids = row.did_count;
            Ok((row.open(&self.vault)?, dids))
        })
        .transpose()
    }

    /// The names of carriers, for messages; ids that are gone are left out.
    pub async fn carrier_names(&mut self, ids: &[CarrierId]) -> Result<BTreeMap<CarrierId, String>> {
        let ids: Vec<&str> = ids.iter().map(CarrierId::as_str).collect();
        let mut names = BTreeMap::new();
        for ids in ids.chunks(LIST_LIMIT) {
            let rows = fetch!(self, connection => async {
                names_by_ids(ids).build_query_as::<(String, String)>().fetch_all(connection).await
            })?;
            for (id, name) in rows {
                names.insert(parse(TABLE, &id, &id)?, name);
            }
        }
        Ok(names)
    }

    /// The names of all carriers.
    pub async fn all_carrier_names(&mut self, account: &AccountId) -> Result<BTreeMap<CarrierId, String>> {
        let rows = fetch!(
            self,
            connection => sqlx::query_as::<_, (String, String)>(NAMES).bind(account.as_str()).fetch_all(connection)
        )?;
        rows.into_iter().map(|(id, name)| Ok((parse(TABLE, &id, &id)?, name))).collect()
    }

    /// The carriers with one of these SIP addresses, each with its own.
    pub async fn carriers_at(
        &mut self,
        account: &AccountId,
        sip_addresses: &[String],
    ) -> Result<Vec<(String, CarrierId)>> {
        let mut carriers = Vec::new();
        for addresses in sip_addresses.chunks(LIST_LIMIT) {
            let rows = fetch!(self, connection => async {
                by_addresses(account.as_str(), addresses)
                    .build_query_as::<(String, String)>()
                    .fetch_all(connection)
                    .await
            })?;
            for (id, address) in rows {
                carriers.push((address, parse(TABLE, &id, &id)?));
            }
        }
        Ok(carriers)
    }

    /// The carriers' destination countries, each once. Its cost grows with the countries, not with the carriers.
    pub async fn carrier_countries(&mut self, account: &AccountId) -> Result<Vec<Country>> {
        let countries = fetch!(
            self,
            connection => sqlx::query_scalar::<_, String>(COUNTRIES).bind(account.as_str()).fetch_all(connection)
        )?;
        countries.iter().map(|country| parse(TABLE, "", country)).collect()
    }

    /// Whether any carrier has ever been synced to LiveKit.
    pub async fn any_synced(&mut self, account: &AccountId) -> Result<bool> {
        let id = fetch!(
            self,
            connection => sqlx::query_scalar::<_, String>(ANY_SYNCED).bind(account.as_str()).fetch_optional(connection)
        )?;
        Ok(id.is_some())
    }

    fn seal_password(&self, carrier: &Carrier) -> Option<String> {
        let credentials = carrier.settings.credentials.as_ref()?;
        Some(self.vault.seal(&Secret::new(credentials.password.expose()), carrier.id.as_str()))
    }
}

fn names_by_ids<DB: Database>(ids: &[&str]) -> QueryBuilder<DB>
where
    for<'t> &'t str: Encode<'t, DB> + Type<DB>,
{
    let mut query = QueryBuilder::new("SELECT id, name FROM carriers WHERE id IN ");
    push_list(&mut query, ids);
    query
}

fn by_addresses<DB: Database>(account: &str, addresses: &[String]) -> QueryBuilder<DB>
where
    for<'t> &'t str: Encode<'t, DB> + Type<DB>,
{
    let mut query = QueryBuilder::new("SELECT id, sip_address FROM carriers WHERE account_id = ");
    query.push_bind(account).push(" AND sip_address IN ");
    push_list(&mut query, addresses);
    query
}

/// Binds the settings as $1 to $15, in the order of INSERT and UPDATE. `sealed` is the encrypted password.
fn bind_settings<'q, DB>(
    query: Query<'q, DB, DB::Arguments>,
    settings: &'q CarrierSettings,
    sealed: Option<String>,
) -> Query<'q, DB, DB::Arguments>
where
    DB: Database,
    &'q str: Encode<'q, DB> + Type<DB>,
    Option<&'q str>: Encode<'q, DB> + Type<DB>,
    String: Encode<'q, DB> + Type<DB>,
    Option<String>: Encode<'q, DB> + Type<DB>,
    i64: Encode<'q, DB> + Type<DB>,
    Option<i64>: Encode<'q, DB> + Type<DB>,
    f64: Encode<'q, DB> + Type<DB>,
{
    let addresses: Vec<String> = settings.allowed_addresses.iter().map(ToString::to_string).collect();
    query
        .bind(settings.name.as_str())
        .bind(settings.name.as_str().to_lowercase())
        .bind(settings.sip_address.to_string())
        .bind(settings.transport.as_str())
        .bind(settings.destination_country.map(Country::as_str))
        .bind(settings.credentials.as_ref().map(|credentials| credentials.username.as_str()))
        .bind(sealed)
        .bind(addresses.join("\n"))
        .bind(settings.inbound_auth.as_str())
        .bind(i64::from(settings.accept_any_source))
        .bind(settings.outbound_cps.get())
        .bind(i64::from(settings.outbound_burst.get()))
        .bind(i64::from(settings.outbound_channels.get()))
        .bind(settings.provider.as_str())
        .bind(settings.krisp_enabled.map(i64::from))
}

#[derive(FromRow)]
pub(crate) struct CarrierRow {
    pub id: String,
    account_id: String,
    name: String,
    pub name_key: String,
    pub sip_address: String,
    transport: String,
    destination_country: Option<String>,
    auth_username: Option<String>,
    auth_password: Option<String>,
    allowed_addresses: String,
    inbound_auth: String,
    accept_any_source: i64,
    pub outbound_cps: f64,
    outbound_burst: i64,
    outbound_channels: i64,
    provider: String,
    krisp_enabled: Option<i64>,
    pub did_count: i64,
    pub lk_sync_status: String,
    lk_sync_error: Option<String>,
    pub lk_last_synced_at: i64,
    lk_inbound_trunk_id: Option<String>,
    lk_outbound_trunk_id: Option<String>,
    created_by: Option<String>,
    pub created_at: i64,
    updated_at: i64,
    version: i64,
    due_at: Option<i64>,
}

impl CarrierRow {
    /// `TryFrom`, for a row with a secret.
    pub fn open(self, vault: &Vault) -> Result<Carrier> {
        let id = &self.id;
        let created_by = parse_optional(TABLE, id, self.created_by.as_deref())?;
        Ok(Carrier {
            id: parse(TABLE, id, id)?,
            account_id: parse(TABLE, id, &self.account_id)?,
            settings: CarrierSettings {
                name: parse(TABLE, id, &self.name)?,
                provider: parse(TABLE, id, &self.provider)?,
                sip_address: parse(TABLE, id, &self.sip_address)?,
                transport: parse(TABLE, id, &self.transport)?,
                destination_country: parse_optional(TABLE, id, self.destination_country.as_deref())?,
                credentials: self.credentials(vault)?,
                allowed_addresses: self
                    .allowed_addresses
                    .lines()
                    .map(|line| parse(TABLE, id, line))
                    .collect::<Result<_>>()?,
                inbound_auth: parse(TABLE, id, &self.inbound_auth)?,
                accept_any_source: self.accept_any_source != 0,
                outbound_cps: parse(TABLE, id, &self.outbound_cps.to_string())?,
                outbound_burst: parse(TABLE, id, &self.outbound_burst.to_string())?,
                outbound_channels: parse(TABLE, id, &self.outbound_channels.to_string())?,
                krisp_enabled: self.krisp_enabled.map(|flag| flag != 0),
            },
            sync: SyncState {
                status: parse(TABLE, id, &self.lk_sync_status)?,
                error: self.lk_sync_error,
                last_synced_at: zero_as_never(self.lk_last_synced_at),
                next_at: self.due_at.map(Timestamp::from_millis),
                inbound_trunk_id: self.lk_inbound_trunk_id,
                outbound_trunk_id: self.lk_outbound_trunk_id,
            },
            created_by,
            created_at: Timestamp::from_millis(self.created_at),
            updated_at: Timestamp::from_millis(self.updated_at),
            version: self.version,
        })
    }

    fn credentials(&self, vault: &Vault) -> Result<Option<SipCredentials>> {
        let (Some(username), Some(sealed)) = (&self.auth_username, &self.auth_password) else { return Ok(None) };
        let opened =
            vault.open(sealed, &self.id).ok_or_else(|| Error::WrongKey { table: TABLE, id: self.id.clone() })?;
        let password = SipPassword::new(opened).map_err(|fault| corrupt(TABLE, &self.id, &fault))?;
        Ok(Some(SipCredentials { username: parse(TABLE, &self.id, username)?, password }))
    }
}

/// The statements that depend on their arguments, for the test that prepares every statement.
#[cfg(test)]
pub(crate) fn builders<DB: Database>() -> Vec<QueryBuilder<DB>>
where
    for<'t> &'t str: Encode<'t, DB> + Type<DB>,
{
    vec![names_by_ids(&["a", "b"]), by_addresses("a", &["a".to_owned(), "b".to_owned()])]
}
