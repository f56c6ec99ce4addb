//! DIDs together with their carriers, as the numbers API shows them.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    AccountId, Carrier, CarrierId, CarrierProvider, Did, DidId, SipAddress, SipUsername, SyncStatus, Timestamp,
    livekit::ObjectIds,
};
use sqlx_macros::FromRow;

use crate::{
    Result, Tx,
    carrier::{CarrierRow, select_carriers},
    did::{DidRow, did_columns},
    row::parse,
    statement::statements,
    tx::{execute, fetch},
};

const TABLE: &str = "dids";

/// SELECT with the columns of [`NumberRow`].
macro_rules! select_numbers {
    () => {
        concat!(
            "SELECT ",
            did_columns!(),
            ", carriers.provider, carriers.sip_address, carriers.auth_username, carriers.krisp_enabled, \
             carriers.lk_sync_status, carriers.lk_sync_error, carriers.lk_outbound_trunk_id, \
             carriers.updated_at AS carrier_updated_at \
             FROM dids JOIN carriers ON carriers.id = dids.carrier_id"
        )
    };
}

statements! {
    PAGE = concat!(select_numbers!(), " WHERE dids.account_id = $1 AND dids.id > $2 ORDER BY dids.id LIMIT $3");
    BY_ID = concat!(select_numbers!(), " WHERE dids.account_id = $1 AND dids.id = $2");
    /// A carrier without credentials has the username NULL.
    CONFIRMED = concat!(
        select_carriers!(),
        " WHERE carriers.account_id = $1 AND carriers.sip_address = $2 AND carriers.provider = $3 \
         AND COALESCE(carriers.auth_username, '') = $4 \
         AND NOT EXISTS (SELECT 1 FROM provisional_carriers WHERE provisional_carriers.carrier_id = carriers.id) \
         ORDER BY carriers.id"
    );
    MOVE = "UPDATE dids SET carrier_id = $1, updated_at = $2, version = version + 1 WHERE id = $3 AND version = $4";
}

/// A DID with what its carrier and LiveKit have of it.
#[derive(Clone, Debug)]
pub struct Number {
    /// The DID.
    pub did: Did,
    /// The carrier's provider.
    pub provider: CarrierProvider,
    /// Where outbound calls are sent.
    pub sip_address: String,
    /// The username of the carrier's credentials.
    pub auth_username: Option<String>,
    /// Whether LiveKit cancels noise; None: as LiveKit has it.
    pub krisp_enabled: Option<bool>,
    /// How far LiveKit has followed the carrier.
    pub sync_status: SyncStatus,
    /// Why the last sync failed.
    pub sync_error: Option<String>,
    /// LiveKit's id of the inbound trunk with the number.
    pub inbound_trunk_id: Option<String>,
    /// LiveKit's id of the outbound trunk with the number.
    pub outbound_trunk_id: Option<String>,
    /// LiveKit's id of the dispatch rule of the inbound trunk.
    pub dispatch_rule_id: Option<String>,
    /// When the DID or its carrier was changed last.
    pub updated_at: Timestamp,
}

impl Tx {
    /// The numbers of the account after that one, in the order in which they were added.
    pub async fn numbers(&mut self, account: &AccountId, after: Option<&DidId>, limit: u32) -> Result<Vec<Number>> {
        let rows = fetch!(
            self,
            connection => sqlx::query_as::<_, NumberRow>(PAGE)
                .bind(account.as_str())
                .bind(after.map_or("", DidId::as_str))
                .bind(i64::from(limit))
                .fetch_all(connection)
        )?;
        self.with_objects(rows).await
    }

    /// One number of the account.
    pub async fn number(&mut self, account: &AccountId, id: &DidId) -> Result<Option<Number>> {
        let row = fetch!(
            self,
            connection => sqlx::query_as::<_, NumberRow>(BY_ID)
                .bind(account.as_str())
                .bind(id.as_str())
                .fetch_optional(connection)
        )?;
        Ok(self.with_objects(row.into_iter().collect()).await?.pop())
    }

    /// The account's carriers of this provider with this SIP address and username, the oldest first. Without provisional
    /// ones: they are deleted with their DIDs if LiveKit does not confirm them.
    pub async fn confirmed_carriers(
        &mut self,
        account: &AccountId,
        provider: CarrierProvider,
        sip_address: &SipAddress,
        auth_username: Option<&SipUsername>,
    ) -> Result<Vec<Carrier>> {
        let rows = fetch!(
            self,
            connection => sqlx::query_as::<_, CarrierRow>(CONFIRMED)
                .bind(account.as_str())
                .bind(sip_address.to_string())
                .bind(provider.as_str())
                .bind(auth_username.map_or("", SipUsername::as_str))
                .fetch_all(connection)
        )?;
        rows.into_iter().map(|row| row.open(&self.vault)).collect()
    }

    /// Reads the objects of each carrier once: many numbers share one.
    async fn with_objects(&mut self, rows: Vec<NumberRow>) -> Result<Vec<Number>> {
        let carriers: BTreeSet<&str> = rows.iter().map(|row| row.did.carrier_id.as_str()).collect();
        let objects = self.livekit_objects_of(&carriers.into_iter().collect::<Vec<_>>()).await?;
        rows.into_iter().map(|row| row.number(&objects)).collect()
    }

    /// Moves a DID of version `did.version` to another carrier, and counts it there. False where the row has another version,
    /// or is gone.
    pub async fn move_did(&mut self, did: &Did, carrier: &CarrierId, now: Timestamp) -> Result<bool> {
        let moved = execute!(
            self,
            sqlx::query(MOVE).bind(carrier.as_str()).bind(now.millis()).bind(did.id.as_str()).bind(did.version)
        )?;
        if moved == 0 {
            return Ok(false);
        }
        self.add_to_did_count(&did.account_id, &did.carrier_id, -1).await?;
        self.add_to_did_count(&did.account_id, carrier, 1).await?;
        Ok(true)
    }
}

#[derive(FromRow)]
struct NumberRow {
    #[sqlx(flatten)]
    did: DidRow,
    provider: String,
    sip_address: String,
    auth_username: Option<String>,
    krisp_enabled: Option<i64>,
    lk_sync_status: String,
    lk_sync_error: Option<String>,
    lk_outbound_trunk_id: Option<String>,
    carrier_updated_at: i64,
}

impl NumberRow {
    /// With the objects of its carrier.
    fn number(self, objects: &BTreeMap<CarrierId, ObjectIds>) -> Result<Number> {
        let row = self;
        let did: Did = row.did.try_into()?;
        let bot = did.settings.bot_id.as_ref();
        let of_bot = bot.and_then(|bot| objects.get(&did.carrier_id)?.bots.get(bot).cloned());
        let answered = of_bot.unwrap_or_default();
        let id = did.id.as_str();
        Ok(Number {
            provider: parse(TABLE, id, &row.provider)?,
            sip_address: row.sip_address,
            auth_username: row.auth_username,
            krisp_enabled: row.krisp_enabled.map(|flag| flag != 0),
            sync_status: parse(TABLE, id, &row.lk_sync_status)?,
            sync_error: row.lk_sync_error,
            inbound_trunk_id: answered.inbound,
            outbound_trunk_id: row.lk_outbound_trunk_id.filter(|_| did.settings.direction.dials()),
            dispatch_rule_id: answered.rule,
            updated_at: did.updated_at.max(Timestamp::from_millis(row.carrier_updated_at)),
            did,
        })
    }
}
