//! The LiveKit objects that each carrier had after its last sync.

use std::collections::BTreeMap;

use domain::{CarrierId, livekit::ObjectIds};
use sqlx::{Database, Encode, QueryBuilder, Type};

use crate::{
    Result, Tx,
    row::{LIST_LIMIT, parse, push_list},
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

    /// Those of several carriers, without the unknown ones.
    pub(crate) async fn livekit_objects_of(&mut self, carriers: &[&str]) -> Result<BTreeMap<CarrierId, ObjectIds>> {
        let mut objects = BTreeMap::new();
        for carriers in carriers.chunks(LIST_LIMIT) {
            let rows = fetch!(self, connection => async {
                by_carriers(carriers).build_query_as::<(String, String)>().fetch_all(connection).await
            })?;
            for (id, json) in rows {
                if let Ok(ids) = serde_json::from_str(&json) {
                    objects.insert(parse("carrier_livekit_objects", &id, &id)?, ids);
                }
            }
        }
        Ok(objects)
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

fn by_carriers<DB: Database>(carriers: &[&str]) -> QueryBuilder<DB>
where
    for<'t> &'t str: Encode<'t, DB> + Type<DB>,
{
    let mut query =
        QueryBuilder::new("SELECT carrier_id, object_ids FROM carrier_livekit_objects WHERE carrier_id IN ");
    push_list(&mut query, carriers);
    query
}

/// The statements that depend on their arguments, for the test that prepares every statement.
#[cfg(test)]
pub(crate) fn builders<DB: Database>() -> Vec<QueryBuilder<DB>>
where
    for<'t> &'t str: Encode<'t, DB> + Type<DB>,
{
    vec![by_carriers(&["a", "b"])]
}
