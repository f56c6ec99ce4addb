//! The LiveKit objects that each carrier had after its last sync.

use domain::{CarrierId, livekit::ObjectIds};

use crate::{
    Result, Tx,
    statement::statements,
    tx::{execute, fetch},
};

statements! {
    GET = "SELECT object_ids FROM carrier_livekit_objects WHERE carrier_id = $1";
    SET = "INSERT INTO carrier_livekit_objects (carrier_id, object_ids) VALUES ($1, $2) \
           ON CONFLICT (carrier_id) DO UPDATE SET object_ids = excluded.object_ids";
    FORGET = "DELETE FROM carrier_livekit_objects WHERE carrier_id = $1";
    FORGET_ALL = "DELETE FROM carrier_livekit_objects";
}

impl Tx {
    /// None where they are not known: a sync that creates objects has begun since and has not ended, or they may have been
    /// changed by something else than a sync.
    pub async fn livekit_objects(&mut self, carrier: &CarrierId) -> Result<Option<ObjectIds>> {
        let json: Option<String> =
            fetch!(self, connection => sqlx::query_scalar(GET).bind(carrier.as_str()).fetch_optional(connection))?;
        // What cannot be read is not known either.
        Ok(json.and_then(|json| serde_json::from_str(&json).ok()))
    }

    /// After a sync that was applied to its end.
    pub async fn set_livekit_objects(&mut self, carrier: &CarrierId, ids: &ObjectIds) -> Result<()> {
        let json = serde_json::to_string(ids).expect("lists of strings are always JSON");
        execute!(self, sqlx::query(SET).bind(carrier.as_str()).bind(json.as_str()))?;
        Ok(())
    }

    /// The carrier's next sync lists the whole project.
    pub async fn forget_livekit_objects(&mut self, carrier: &CarrierId) -> Result<()> {
        execute!(self, sqlx::query(FORGET).bind(carrier.as_str()))?;
        Ok(())
    }

    /// Every carrier's next sync lists the whole project.
    pub async fn forget_all_livekit_objects(&mut self) -> Result<()> {
        execute!(self, sqlx::query(FORGET_ALL))?;
        Ok(())
    }
}
