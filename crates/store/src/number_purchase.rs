//! Purchases of phone numbers.

use domain::{
    AccountId, ActorId, BotId, CarrierId, DidId, NumberPurchase, NumberPurchaseId, PhoneNumber, PurchaseFault,
    Requester, Timestamp, UserId,
};
use sqlx_macros::FromRow;

use crate::{
    Error, Result, Tx,
    row::{parse, parse_optional, zero_as_never},
    statement::statements,
    tx::{execute, fetch},
};

const TABLE: &str = "number_purchases";

/// The columns of [`PurchaseRow`]. A DID that was deleted is none.
macro_rules! columns {
    () => {
        "id, account_id, number, provider, provider_account, country, label, bot_id, requested_by, requested_by_name, \
         user_id, state, buys, buy_sent_at, refusal_code, refusal, provider_ref, carrier_id, \
         (SELECT dids.id FROM dids WHERE dids.id = number_purchases.did_id) AS did_id, bought_at, provisioned_at, \
         ended_at, attempt, due_at, error_code, error, created_at, updated_at, version"
    };
}

statements! {
    /// Without a target, since it is an index with a condition that the number may conflict with.
    INSERT = "INSERT INTO number_purchases (id, account_id, number, provider, country, label, bot_id, requested_by, \
              requested_by_name, user_id, state, provider_account, is_active, buys, buy_sent_at, bought_at, provisioned_at, ended_at, \
              attempt, due_at, created_at, updated_at, version) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1, 0, 0, 0, 0, 0, 0, $13, $14, $15, 1) \
              ON CONFLICT DO NOTHING";
    UPDATE = "UPDATE number_purchases SET state = $1, is_active = $2, buys = $3, buy_sent_at = $4, provider_ref = $5, \
              carrier_id = $6, did_id = $7, bought_at = $8, provisioned_at = $9, ended_at = $10, attempt = $11, \
              due_at = $12, error_code = $13, error = $14, updated_at = $15, refusal_code = $16, \
              refusal = $17, version = version + 1 WHERE id = $18 AND version = $19";
    BY_ID = concat!("SELECT ", columns!(), " FROM number_purchases WHERE account_id = $1 AND id = $2");
    ACTIVE = concat!(
        "SELECT ", columns!(), " FROM number_purchases WHERE account_id = $1 AND number = $2 AND is_active = 1",
    );
    BY_DID = concat!(
        "SELECT ", columns!(), " FROM number_purchases WHERE did_id = $1 AND account_id = $2 \
         ORDER BY created_at DESC, id DESC LIMIT 1",
    );
    DUE = concat!(
        "SELECT ", columns!(), " FROM number_purchases WHERE is_active = 1 AND due_at <= $1 ORDER BY due_at, id LIMIT $2",
    );
    NEXT_DUE = "SELECT due_at FROM number_purchases WHERE is_active = 1 ORDER BY due_at LIMIT 1";
    PAGE = concat!(
        "SELECT ", columns!(), " FROM number_purchases WHERE account_id = $1 \
         AND (created_at < $2 OR (created_at = $2 AND id < $3)) ORDER BY created_at DESC, id DESC LIMIT $4",
    );
    COUNT = "SELECT COUNT(*) FROM number_purchases WHERE account_id = $1";
}

impl Tx {
    /// Adds a purchase. False where another one of the number is active.
    pub async fn insert_number_purchase(&mut self, purchase: &NumberPurchase) -> Result<bool> {
        let inserted = execute!(
            self,
            sqlx::query(INSERT)
                .bind(purchase.id.as_str())
                .bind(purchase.account_id.as_str())
                .bind(purchase.number.canonical())
                .bind(purchase.provider.as_str())
                .bind(purchase.country.as_str())
                .bind(purchase.label.as_ref().map(|label| label.as_str()))
                .bind(purchase.bot_id.as_ref().map(BotId::as_str))
                .bind(purchase.requester.actor.as_ref().map(ActorId::as_str))
                .bind(purchase.requester.name.as_str())
                .bind(purchase.requester.user_id.as_ref().map(UserId::as_str))
                .bind(purchase.state.as_str())
                .bind(purchase.provider_account.as_str())
                .bind(purchase.due_at.millis())
                .bind(purchase.created_at.millis())
                .bind(purchase.updated_at.millis())
        )?;
        Ok(inserted == 1)
    }

    /// Writes the progress over the row of this version. False where the row has another version, or is gone.
    ///
    /// # Errors
    /// A unique violation where the purchase becomes active again, and another one of the number is.
    pub async fn update_number_purchase(&mut self, purchase: &NumberPurchase) -> Result<bool> {
        let zero = |time: Option<Timestamp>| time.map_or(0, Timestamp::millis);
        let updated = execute!(
            self,
            sqlx::query(UPDATE)
                .bind(purchase.state.as_str())
                .bind(i64::from(purchase.state.is_active()))
                .bind(purchase.buys)
                .bind(zero(purchase.buy_sent_at))
                .bind(purchase.provider_ref.as_deref())
                .bind(purchase.carrier_id.as_ref().map(CarrierId::as_str))
                .bind(purchase.did_id.as_ref().map(DidId::as_str))
                .bind(zero(purchase.bought_at))
                .bind(zero(purchase.provisioned_at))
                .bind(zero(purchase.ended_at))
                .bind(purchase.attempt)
                .bind(purchase.due_at.millis())
                .bind(purchase.fault.as_ref().map(|fault| fault.code.as_str()))
                .bind(purchase.fault.as_ref().map(|fault| fault.message.as_str()))
                .bind(purchase.updated_at.millis())
                .bind(purchase.refusal.as_ref().map(|fault| fault.code.as_str()))
                .bind(purchase.refusal.as_ref().map(|fault| fault.message.as_str()))
                .bind(purchase.id.as_str())
                .bind(purchase.version)
        )?;
        Ok(updated == 1)
    }

    /// One purchase of the account.
    pub async fn number_purchase(
        &mut self,
        account: &AccountId,
        id: &NumberPurchaseId,
    ) -> Result<Option<NumberPurchase>> {
        let row = fetch!(
            self,
            connection => sqlx::query_as::<_, PurchaseRow>(BY_ID)
                .bind(account.as_str())
                .bind(id.as_str())
                .fetch_optional(connection)
        )?;
        row.map(TryInto::try_into).transpose()
    }

    /// The active purchase of the number.
    pub async fn active_number_purchase(
        &mut self,
        account: &AccountId,
        number: &PhoneNumber,
    ) -> Result<Option<NumberPurchase>> {
        let row = fetch!(
            self,
            connection => sqlx::query_as::<_, PurchaseRow>(ACTIVE)
                .bind(account.as_str())
                .bind(number.canonical())
                .fetch_optional(connection)
        )?;
        row.map(TryInto::try_into).transpose()
    }

    /// The purchase that the DID came from.
    pub async fn number_purchase_of_did(&mut self, account: &AccountId, did: &DidId) -> Result<Option<NumberPurchase>> {
        let row = fetch!(
            self,
            connection => sqlx::query_as::<_, PurchaseRow>(BY_DID)
                .bind(did.as_str())
                .bind(account.as_str())
                .fetch_optional(connection)
        )?;
        row.map(TryInto::try_into).transpose()
    }

    /// The active purchases that are due, the oldest first.
    pub async fn due_number_purchases(&mut self, now: Timestamp, limit: u32) -> Result<Vec<NumberPurchase>> {
        let rows = fetch!(
            self,
            connection =>
                sqlx::query_as::<_, PurchaseRow>(DUE).bind(now.millis()).bind(i64::from(limit)).fetch_all(connection)
        )?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// When the next step of a purchase is due; None where no purchase is active.
    pub async fn next_number_purchase_at(&mut self) -> Result<Option<Timestamp>> {
        let millis = fetch!(self, connection => sqlx::query_scalar(NEXT_DUE).fetch_optional(connection))?;
        Ok(millis.map(Timestamp::from_millis))
    }

    /// Purchases, the newest first, after the one that was created then with that id.
    pub async fn number_purchases(
        &mut self,
        account: &AccountId,
        after: Option<(Timestamp, &str)>,
        limit: u32,
    ) -> Result<Vec<NumberPurchase>> {
        let (millis, id) = after.map_or((i64::MAX, ""), |(at, id)| (at.millis(), id));
        let rows = fetch!(
            self,
            connection => sqlx::query_as::<_, PurchaseRow>(PAGE)
                .bind(account.as_str())
                .bind(millis)
                .bind(id)
                .bind(i64::from(limit))
                .fetch_all(connection)
        )?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// How many purchases there are.
    pub async fn count_number_purchases(&mut self, account: &AccountId) -> Result<i64> {
        fetch!(self, connection => sqlx::query_scalar(COUNT).bind(account.as_str()).fetch_one(connection))
    }
}

#[derive(FromRow)]
struct PurchaseRow {
    id: String,
    account_id: String,
    number: String,
    provider: String,
    provider_account: String,
    country: String,
    label: Option<String>,
    bot_id: Option<String>,
    requested_by: Option<String>,
    requested_by_name: String,
    user_id: Option<String>,
    state: String,
    buys: i64,
    buy_sent_at: i64,
    refusal_code: Option<String>,
    refusal: Option<String>,
    provider_ref: Option<String>,
    carrier_id: Option<String>,
    did_id: Option<String>,
    bought_at: i64,
    provisioned_at: i64,
    ended_at: i64,
    attempt: i64,
    due_at: i64,
    error_code: Option<String>,
    error: Option<String>,
    created_at: i64,
    updated_at: i64,
    version: i64,
}

impl TryFrom<PurchaseRow> for NumberPurchase {
    type Error = Error;

    fn try_from(row: PurchaseRow) -> Result<Self> {
        let id = &row.id;
        let key = row.number.trim_start_matches('+').to_owned();
        Ok(Self {
            id: parse(TABLE, id, id)?,
            account_id: parse(TABLE, id, &row.account_id)?,
            number: PhoneNumber::restore(row.number.clone(), Some(row.number), key),
            provider: parse(TABLE, id, &row.provider)?,
            provider_account: row.provider_account,
            country: parse(TABLE, id, &row.country)?,
            label: parse_optional(TABLE, id, row.label.as_deref())?,
            bot_id: parse_optional(TABLE, id, row.bot_id.as_deref())?,
            requester: Requester {
                actor: parse_optional(TABLE, id, row.requested_by.as_deref())?,
                name: row.requested_by_name,
                user_id: parse_optional(TABLE, id, row.user_id.as_deref())?,
            },
            state: parse(TABLE, id, &row.state)?,
            buys: row.buys,
            buy_sent_at: zero_as_never(row.buy_sent_at),
            refusal: row.refusal_code.zip(row.refusal).map(|(code, message)| PurchaseFault { code, message }),
            provider_ref: row.provider_ref,
            carrier_id: parse_optional(TABLE, id, row.carrier_id.as_deref())?,
            did_id: parse_optional(TABLE, id, row.did_id.as_deref())?,
            bought_at: zero_as_never(row.bought_at),
            provisioned_at: zero_as_never(row.provisioned_at),
            ended_at: zero_as_never(row.ended_at),
            attempt: row.attempt,
            due_at: Timestamp::from_millis(row.due_at),
            fault: row.error_code.zip(row.error).map(|(code, message)| PurchaseFault { code, message }),
            created_at: Timestamp::from_millis(row.created_at),
            updated_at: Timestamp::from_millis(row.updated_at),
            version: row.version,
        })
    }
}
