//! Phone numbers.

use domain::{AccountId, BotId, CarrierId, Did, DidId, DidSettings, PhoneNumber, Timestamp};
use sqlx::{AssertSqlSafe, Row, any::AnyRow};

use crate::{
    Result, Totals, Tx,
    row::{AT_ONCE, parse},
};

const TABLE: &str = "dids";

impl Tx {
    /// False: the account has that number already.
    pub async fn insert_did(&mut self, did: &Did) -> Result<bool> {
        let done = sqlx::query(
            "INSERT INTO dids (id, account_id, carrier_id, number, e164, number_key, label, direction, bot_id, created_at, \
             updated_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
             ON CONFLICT (account_id, number_key) DO NOTHING",
        )
        .bind(did.id.as_str())
        .bind(did.account_id.as_str())
        .bind(did.carrier_id.as_str())
        .bind(did.number.number())
        .bind(did.number.e164().map(str::to_owned))
        .bind(did.number.key())
        .bind(did.settings.label.as_ref().map(ToString::to_string))
        .bind(did.settings.direction.as_str())
        .bind(did.settings.bot_id.as_ref().map(ToString::to_string))
        .bind(did.created_at.millis())
        .bind(did.updated_at.millis())
        .bind(did.version)
        .execute(self.connection())
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        self.count_did(did, 1).await?;
        Ok(true)
    }

    /// Writes the settings over the row of version `did.version - 1`. False: it has moved on, nothing is written.
    pub async fn update_did(&mut self, did: &Did) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE dids SET label = $1, direction = $2, bot_id = $3, updated_at = $4, version = version + 1 \
             WHERE id = $5 AND version = $6",
        )
        .bind(did.settings.label.as_ref().map(ToString::to_string))
        .bind(did.settings.direction.as_str())
        .bind(did.settings.bot_id.as_ref().map(ToString::to_string))
        .bind(did.updated_at.millis())
        .bind(did.id.as_str())
        .bind(did.version - 1)
        .execute(self.connection())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Reads the number anew, after the carrier's country has changed. Fails as a unique violation where another row
    /// has that form.
    pub async fn renumber_did(&mut self, id: &DidId, number: &PhoneNumber) -> Result<()> {
        sqlx::query("UPDATE dids SET e164 = $1, number_key = $2 WHERE id = $3")
            .bind(number.e164().map(str::to_owned))
            .bind(number.key())
            .bind(id.as_str())
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// False: it is gone already.
    pub async fn delete_did(&mut self, did: &Did) -> Result<bool> {
        let done =
            sqlx::query("DELETE FROM dids WHERE id = $1").bind(did.id.as_str()).execute(self.connection()).await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        self.count_did(did, -1).await?;
        Ok(true)
    }

    pub async fn did(&mut self, carrier: &CarrierId, id: &DidId) -> Result<Option<Did>> {
        let found = sqlx::query("SELECT * FROM dids WHERE id = $1 AND carrier_id = $2")
            .bind(id.as_str())
            .bind(carrier.as_str())
            .fetch_optional(self.connection())
            .await?;
        found.as_ref().map(read).transpose()
    }

    /// The row that has this number, in whatever spelling and on whichever carrier.
    pub async fn did_by_number(&mut self, account: &AccountId, number: &PhoneNumber) -> Result<Option<Did>> {
        let found = sqlx::query("SELECT * FROM dids WHERE account_id = $1 AND number_key = $2")
            .bind(account.as_str())
            .bind(number.key())
            .fetch_optional(self.connection())
            .await?;
        found.as_ref().map(read).transpose()
    }

    /// The rows that have one of these keys ([`PhoneNumber::key`]), on whichever carrier.
    pub async fn dids_by_keys(&mut self, account: &AccountId, keys: &[String]) -> Result<Vec<Did>> {
        let mut dids = Vec::new();
        for keys in keys.chunks(AT_ONCE) {
            let places: Vec<String> = (2..keys.len() + 2).map(|place| format!("${place}")).collect();
            let sql = format!("SELECT * FROM dids WHERE account_id = $1 AND number_key IN ({})", places.join(", "));
            let mut query = sqlx::query(AssertSqlSafe(sql)).bind(account.as_str());
            for key in keys {
                query = query.bind(key.as_str());
            }
            for found in query.fetch_all(self.connection()).await? {
                dids.push(read(&found)?);
            }
        }
        Ok(dids)
    }

    /// All numbers of these carriers, each carrier's together and in order.
    pub async fn dids_of(&mut self, carriers: &[CarrierId]) -> Result<Vec<Did>> {
        if carriers.is_empty() {
            return Ok(Vec::new());
        }
        let places: Vec<String> = (1..=carriers.len()).map(|place| format!("${place}")).collect();
        let sql =
            format!("SELECT * FROM dids WHERE carrier_id IN ({}) ORDER BY carrier_id, number_key", places.join(", "));
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for carrier in carriers {
            query = query.bind(carrier.as_str());
        }
        query.fetch_all(self.connection()).await?.iter().map(read).collect()
    }

    /// The carriers on which this bot answers.
    pub async fn carriers_of_bot(&mut self, bot: &BotId) -> Result<Vec<CarrierId>> {
        let found = sqlx::query("SELECT DISTINCT carrier_id FROM dids WHERE bot_id = $1 ORDER BY carrier_id")
            .bind(bot.as_str())
            .fetch_all(self.connection())
            .await?;
        found.iter().map(|found| found.get::<String, _>("carrier_id")).map(|id| parse(TABLE, &id, &id)).collect()
    }

    async fn count_did(&mut self, did: &Did, change: i64) -> Result<()> {
        sqlx::query("UPDATE carriers SET did_count = did_count + $1 WHERE id = $2")
            .bind(change)
            .bind(did.carrier_id.as_str())
            .execute(self.connection())
            .await?;
        self.add_to_totals(&did.account_id, Totals { numbers: change, ..Totals::default() }).await
    }
}

pub(crate) fn read(found: &AnyRow) -> Result<Did> {
    let id: String = found.get("id");
    let text = |name: &str| found.get::<String, _>(name);
    let optional = |name: &str| found.get::<Option<String>, _>(name);
    Ok(Did {
        account_id: parse(TABLE, &id, &text("account_id"))?,
        carrier_id: parse(TABLE, &id, &text("carrier_id"))?,
        number: PhoneNumber::restore(text("number"), optional("e164")),
        settings: DidSettings {
            label: optional("label").map(|label| parse(TABLE, &id, &label)).transpose()?,
            direction: parse(TABLE, &id, &text("direction"))?,
            bot_id: optional("bot_id").map(|bot| parse(TABLE, &id, &bot)).transpose()?,
        },
        created_at: Timestamp::from_millis(found.get("created_at")),
        updated_at: Timestamp::from_millis(found.get("updated_at")),
        version: found.get("version"),
        id: parse(TABLE, &id, &id)?,
    })
}
