//! DIDs.

use domain::{AccountId, BotId, CarrierId, Did, DidId, DidSettings, PhoneNumber, Timestamp};
use sqlx::{Database, Encode, QueryBuilder, Type};
use sqlx_macros::FromRow;

use crate::{
    Error, Result, Totals, Tx,
    row::{LIST_LIMIT, parse, parse_optional, push_list},
    statement::statements,
    tx::{execute, fetch},
};

const TABLE: &str = "dids";
/// Condition of DIDs whose direction is for outbound calls.
const OUTBOUND: &str = " AND direction IN ('both', 'outbound')";

/// The columns of [`DidRow`].
macro_rules! did_columns {
    () => {
        "dids.id, dids.account_id, dids.carrier_id, dids.number, dids.e164, dids.number_key, dids.label, dids.direction, \
         dids.bot_id, dids.created_at, dids.updated_at, dids.version"
    };
}
pub(crate) use did_columns;

statements! {
    INSERT = "INSERT INTO dids (id, account_id, carrier_id, number, e164, number_key, label, direction, bot_id, created_at, \
              updated_at, version, label_key, bot_key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, \
              COALESCE((SELECT name_key FROM bots WHERE id = $9), '')) \
              ON CONFLICT (account_id, number_key) DO NOTHING";
    UPDATE = "UPDATE dids SET label = $1, direction = $2, bot_id = $3, updated_at = $4, version = version + 1, \
              label_key = $5, bot_key = COALESCE((SELECT name_key FROM bots WHERE id = $3), '') \
              WHERE id = $6 AND version = $7";
    RENUMBER = "UPDATE dids SET number = $1, e164 = $2, number_key = $3 WHERE id = $4";
    DELETE = "DELETE FROM dids WHERE id = $1";
    ADD_TO_CARRIER = "UPDATE carriers SET did_count = did_count + $1 WHERE id = $2";
    BY_ID = concat!("SELECT ", did_columns!(), " FROM dids WHERE id = $1 AND carrier_id = $2");
    BY_KEY = concat!("SELECT ", did_columns!(), " FROM dids WHERE account_id = $1 AND number_key = $2");
    CARRIERS_OF_BOT = "SELECT DISTINCT carrier_id FROM dids WHERE bot_id = $1 ORDER BY carrier_id";
}

impl Tx {
    /// Adds a DID, and counts it. False where the account has the number already.
    pub async fn insert_did(&mut self, did: &Did) -> Result<bool> {
        let inserted = execute!(
            self,
            sqlx::query(INSERT)
                .bind(did.id.as_str())
                .bind(did.account_id.as_str())
                .bind(did.carrier_id.as_str())
                .bind(did.number.number())
                .bind(did.number.e164())
                .bind(did.number.key())
                .bind(did.settings.label.as_ref().map(ToString::to_string))
                .bind(did.settings.direction.as_str())
                .bind(did.settings.bot_id.as_ref().map(|bot| bot.as_str()))
                .bind(did.created_at.millis())
                .bind(did.updated_at.millis())
                .bind(did.version)
                .bind(label_key(did))
        )?;
        if inserted == 0 {
            return Ok(false);
        }
        self.count_did(did, 1).await?;
        Ok(true)
    }

    /// Writes the settings over the row of version `did.version - 1`. False where the row has another version, or is gone.
    pub async fn update_did(&mut self, did: &Did) -> Result<bool> {
        let updated = execute!(
            self,
            sqlx::query(UPDATE)
                .bind(did.settings.label.as_ref().map(ToString::to_string))
                .bind(did.settings.direction.as_str())
                .bind(did.settings.bot_id.as_ref().map(|bot| bot.as_str()))
                .bind(did.updated_at.millis())
                .bind(label_key(did))
                .bind(did.id.as_str())
                .bind(did.version - 1)
        )?;
        Ok(updated == 1)
    }

    /// Writes the number's canonical form anew, after the carrier's country has changed.
    ///
    /// # Errors
    /// A unique violation where another row has that form.
    pub async fn renumber_did(&mut self, id: &DidId, number: &PhoneNumber) -> Result<()> {
        execute!(
            self,
            sqlx::query(RENUMBER).bind(number.number()).bind(number.e164()).bind(number.key()).bind(id.as_str())
        )?;
        Ok(())
    }

    /// Deletes a DID, and counts it off. False where it is gone already.
    pub async fn delete_did(&mut self, did: &Did) -> Result<bool> {
        if execute!(self, sqlx::query(DELETE).bind(did.id.as_str()))? == 0 {
            return Ok(false);
        }
        self.count_did(did, -1).await?;
        Ok(true)
    }

    /// One DID of the carrier.
    pub async fn did(&mut self, carrier: &CarrierId, id: &DidId) -> Result<Option<Did>> {
        let row = fetch!(
            self,
            connection =>
                sqlx::query_as::<_, DidRow>(BY_ID).bind(id.as_str()).bind(carrier.as_str()).fetch_optional(connection)
        )?;
        row.map(TryInto::try_into).transpose()
    }

    /// The row that has this number, in whatever spelling and on whichever carrier.
    pub async fn did_by_number(&mut self, account: &AccountId, number: &PhoneNumber) -> Result<Option<Did>> {
        let row = fetch!(
            self,
            connection =>
                sqlx::query_as::<_, DidRow>(BY_KEY).bind(account.as_str()).bind(number.key()).fetch_optional(connection)
        )?;
        row.map(TryInto::try_into).transpose()
    }

    /// The rows that have one of these keys ([`PhoneNumber::key`]), on whichever carrier.
    pub async fn dids_by_keys(&mut self, account: &AccountId, keys: &[String]) -> Result<Vec<Did>> {
        let mut dids = Vec::new();
        for keys in keys.chunks(LIST_LIMIT) {
            let rows = fetch!(self, connection => async {
                by_keys(account.as_str(), keys).build_query_as::<DidRow>().fetch_all(connection).await
            })?;
            for row in rows {
                dids.push(row.try_into()?);
            }
        }
        Ok(dids)
    }

    /// All DIDs of these carriers, each carrier's together and in order.
    pub async fn dids_of(&mut self, carriers: &[CarrierId]) -> Result<Vec<Did>> {
        self.dids_of_direction(carriers, "").await
    }

    /// As [`Self::dids_of`], only those for outbound calls.
    pub async fn outbound_dids_of(&mut self, carriers: &[CarrierId]) -> Result<Vec<Did>> {
        self.dids_of_direction(carriers, OUTBOUND).await
    }

    async fn dids_of_direction(&mut self, carriers: &[CarrierId], direction: &'static str) -> Result<Vec<Did>> {
        let mut carriers: Vec<&str> = carriers.iter().map(CarrierId::as_str).collect();
        // So that the chunks follow each other in order.
        carriers.sort_unstable();
        carriers.dedup();
        let mut dids = Vec::new();
        for carriers in carriers.chunks(LIST_LIMIT) {
            let rows = fetch!(self, connection => async {
                by_carriers(carriers, direction).build_query_as::<DidRow>().fetch_all(connection).await
            })?;
            for row in rows {
                dids.push(row.try_into()?);
            }
        }
        Ok(dids)
    }

    /// The carriers on which this bot answers, in the order of their ids.
    pub async fn carriers_of_bot(&mut self, bot: &BotId) -> Result<Vec<CarrierId>> {
        let ids = fetch!(
            self,
            connection => sqlx::query_scalar::<_, String>(CARRIERS_OF_BOT).bind(bot.as_str()).fetch_all(connection)
        )?;
        ids.iter().map(|id| parse(TABLE, id, id)).collect()
    }

    async fn count_did(&mut self, did: &Did, change: i64) -> Result<()> {
        self.add_to_did_count(&did.account_id, &did.carrier_id, change).await
    }

    /// Adds to the counts of the carrier and of the account.
    pub(crate) async fn add_to_did_count(
        &mut self,
        account: &AccountId,
        carrier: &CarrierId,
        change: i64,
    ) -> Result<()> {
        execute!(self, sqlx::query(ADD_TO_CARRIER).bind(change).bind(carrier.as_str()))?;
        self.add_to_totals(account, Totals { numbers: change, ..Totals::default() }).await
    }
}

/// What the label is searched and sorted by.
fn label_key(did: &Did) -> String {
    did.settings.label.as_ref().map_or_else(String::new, |label| label.as_str().to_lowercase())
}

fn by_keys<DB: Database>(account: &str, keys: &[String]) -> QueryBuilder<DB>
where
    for<'t> &'t str: Encode<'t, DB> + Type<DB>,
{
    let mut query = QueryBuilder::new(concat!("SELECT ", did_columns!(), " FROM dids WHERE account_id = "));
    query.push_bind(account).push(" AND number_key IN ");
    push_list(&mut query, keys);
    query
}

/// `direction` is blank, or a further condition.
fn by_carriers<DB: Database>(carriers: &[&str], direction: &'static str) -> QueryBuilder<DB>
where
    for<'t> &'t str: Encode<'t, DB> + Type<DB>,
{
    let mut query = QueryBuilder::new(concat!("SELECT ", did_columns!(), " FROM dids WHERE carrier_id IN "));
    push_list(&mut query, carriers);
    query.push(direction).push(" ORDER BY carrier_id, number_key");
    query
}

#[derive(FromRow)]
pub(crate) struct DidRow {
    id: String,
    account_id: String,
    pub carrier_id: String,
    number: String,
    e164: Option<String>,
    pub number_key: String,
    label: Option<String>,
    pub direction: String,
    bot_id: Option<String>,
    created_at: i64,
    updated_at: i64,
    version: i64,
}

impl TryFrom<DidRow> for Did {
    type Error = Error;

    fn try_from(row: DidRow) -> Result<Self> {
        Ok(Self {
            id: parse(TABLE, &row.id, &row.id)?,
            account_id: parse(TABLE, &row.id, &row.account_id)?,
            carrier_id: parse(TABLE, &row.id, &row.carrier_id)?,
            number: PhoneNumber::restore(row.number, row.e164, row.number_key),
            settings: DidSettings {
                label: parse_optional(TABLE, &row.id, row.label.as_deref())?,
                direction: parse(TABLE, &row.id, &row.direction)?,
                bot_id: parse_optional(TABLE, &row.id, row.bot_id.as_deref())?,
            },
            created_at: Timestamp::from_millis(row.created_at),
            updated_at: Timestamp::from_millis(row.updated_at),
            version: row.version,
        })
    }
}

/// The statements that depend on their arguments, for the test that prepares every statement.
#[cfg(test)]
pub(crate) fn builders<DB: Database>() -> Vec<QueryBuilder<DB>>
where
    for<'t> &'t str: Encode<'t, DB> + Type<DB>,
{
    vec![by_keys("a", &["1".to_owned(), "2".to_owned()]), by_carriers(&["a", "b"], ""), by_carriers(&["a"], OUTBOUND)]
}
