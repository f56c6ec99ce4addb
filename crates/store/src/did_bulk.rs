//! Changes of many DIDs of a carrier, each by one statement.

use domain::{AccountId, CarrierId, Did, DidAction, DidId, Direction, Timestamp};
use sqlx::{Database, Encode, QueryBuilder, Type};

use crate::{
    DidSearch, Result, Tx,
    did::{DidRow, did_columns},
    tx::fetch,
};

/// The DIDs of a bulk change.
#[derive(Clone, Debug)]
pub enum DidSelection {
    /// These, as far as they are the carrier's; a few hundred at most.
    Ids(CarrierId, Vec<DidId>),
    /// Those that match, on all pages.
    Search(DidSearch),
}

impl DidSelection {
    fn carrier_id(&self) -> &CarrierId {
        match self {
            Self::Ids(carrier_id, _) => carrier_id,
            Self::Search(search) => &search.carrier_id,
        }
    }

    fn push_condition<DB: Database>(&self, query: &mut QueryBuilder<DB>)
    where
        String: for<'t> Encode<'t, DB> + Type<DB>,
    {
        match self {
            Self::Ids(carrier_id, ids) => {
                query.push(" WHERE dids.carrier_id = ").push_bind(carrier_id.to_string()).push(" AND dids.id IN (");
                let mut list = query.separated(", ");
                for id in ids {
                    list.push_bind(id.to_string());
                }
                query.push(")");
            }
            Self::Search(search) => search.push_condition(query),
        }
    }
}

/// Rows of a selection.
#[derive(Clone, Copy, Debug)]
pub enum DidPart<'a> {
    /// All of them.
    All,
    /// Those that the action changes.
    Changing(&'a DidAction),
    /// Outbound DIDs.
    Outbound,
}

impl DidPart<'_> {
    fn push_condition<DB: Database>(self, query: &mut QueryBuilder<DB>)
    where
        String: for<'t> Encode<'t, DB> + Type<DB>,
    {
        match self {
            Self::All | Self::Changing(DidAction::Remove) => {}
            Self::Changing(DidAction::AssignBot(None)) => drop(query.push(" AND dids.bot_id IS NOT NULL")),
            Self::Changing(DidAction::AssignBot(Some(bot))) => {
                query.push(" AND dids.direction <> 'outbound' AND (dids.bot_id IS NULL OR dids.bot_id <> ");
                query.push_bind(bot.to_string()).push(")");
            }
            Self::Changing(DidAction::SetDirection(direction)) => {
                query.push(" AND dids.direction <> ").push_bind(direction.as_str().to_owned());
            }
            Self::Outbound => drop(query.push(" AND dids.direction = 'outbound'")),
        }
    }
}

fn select<DB: Database>(selection: &DidSelection, part: DidPart<'_>, limit: u32) -> QueryBuilder<DB>
where
    String: for<'t> Encode<'t, DB> + Type<DB>,
    i64: for<'t> Encode<'t, DB> + Type<DB>,
{
    let mut query = QueryBuilder::new(concat!("SELECT ", did_columns!(), " FROM dids"));
    selection.push_condition(&mut query);
    part.push_condition(&mut query);
    query.push(" ORDER BY dids.number_key LIMIT ").push_bind(i64::from(limit));
    query
}

fn count<DB: Database>(selection: &DidSelection, part: DidPart<'_>) -> QueryBuilder<DB>
where
    String: for<'t> Encode<'t, DB> + Type<DB>,
{
    let mut query = QueryBuilder::new("SELECT COUNT(*) FROM dids");
    selection.push_condition(&mut query);
    part.push_condition(&mut query);
    query
}

fn change<DB: Database>(selection: &DidSelection, action: &DidAction, now: Timestamp) -> QueryBuilder<DB>
where
    String: for<'t> Encode<'t, DB> + Type<DB>,
    i64: for<'t> Encode<'t, DB> + Type<DB>,
{
    let mut query = QueryBuilder::new(match action {
        DidAction::Remove => "DELETE FROM dids",
        DidAction::AssignBot(None) => "UPDATE dids SET bot_id = NULL, bot_key = ''",
        DidAction::AssignBot(Some(_)) => "UPDATE dids SET bot_id = ",
        DidAction::SetDirection(Direction::Outbound) => "UPDATE dids SET bot_id = NULL, bot_key = '', direction = ",
        DidAction::SetDirection(_) => "UPDATE dids SET direction = ",
    });
    match action {
        DidAction::Remove | DidAction::AssignBot(None) => {}
        DidAction::AssignBot(Some(bot)) => {
            query.push_bind(bot.to_string()).push(", bot_key = COALESCE((SELECT name_key FROM bots WHERE id = ");
            query.push_bind(bot.to_string()).push("), '')");
        }
        DidAction::SetDirection(direction) => drop(query.push_bind(direction.as_str().to_owned())),
    }
    if *action != DidAction::Remove {
        query.push(", version = version + 1, updated_at = ").push_bind(now.millis());
    }
    selection.push_condition(&mut query);
    DidPart::Changing(action).push_condition(&mut query);
    query
}

impl Tx {
    /// The first rows of a part of the selection, in the order of their numbers.
    pub async fn selected_dids(&mut self, selection: &DidSelection, part: DidPart<'_>, limit: u32) -> Result<Vec<Did>> {
        let rows = fetch!(self, connection => async {
            select(selection, part, limit).build_query_as::<DidRow>().fetch_all(connection).await
        })?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// How many rows a part of the selection has.
    pub async fn count_selected_dids(&mut self, selection: &DidSelection, part: DidPart<'_>) -> Result<i64> {
        fetch!(self, connection => async { count(selection, part).build_query_scalar().fetch_one(connection).await })
    }

    /// Executes the action on the rows that it changes, and counts removed ones off: how many.
    pub async fn change_dids(
        &mut self,
        account: &AccountId,
        selection: &DidSelection,
        action: &DidAction,
        now: Timestamp,
    ) -> Result<i64> {
        let changed = fetch!(self, connection => async {
            Ok(change(selection, action, now).build().execute(connection).await?.rows_affected())
        })?;
        let changed = i64::try_from(changed).unwrap_or(i64::MAX);
        if *action == DidAction::Remove {
            self.add_to_did_count(account, selection.carrier_id(), -changed).await?;
        }
        Ok(changed)
    }
}

/// The statements that depend on their arguments, for the test that prepares every statement.
#[cfg(test)]
pub(crate) fn builders<DB: Database>() -> Vec<QueryBuilder<DB>>
where
    String: for<'t> Encode<'t, DB> + Type<DB>,
    i64: for<'t> Encode<'t, DB> + Type<DB>,
{
    use domain::DidFilter;

    let carrier_id: CarrierId = "car_01hgw2bbg00000000000000000".parse().expect("an id");
    let ids = vec!["did_01hgw2bbg00000000000000000".parse().expect("an id")];
    let filter = DidFilter { q: "sales 5550".to_owned(), ..DidFilter::default() };
    let search = DidSearch { carrier_id: carrier_id.clone(), filter, number_keys: vec!["1".to_owned()] };
    let bot = "bot_01hgw2bbg00000000000000000".parse().ok();
    let mut builders = Vec::new();
    for selection in [DidSelection::Ids(carrier_id, ids), DidSelection::Search(search)] {
        builders.push(select(&selection, DidPart::All, 1));
        builders.push(count(&selection, DidPart::Outbound));
        for action in [
            DidAction::AssignBot(bot.clone()),
            DidAction::AssignBot(None),
            DidAction::SetDirection(Direction::Outbound),
            DidAction::SetDirection(Direction::Both),
            DidAction::Remove,
        ] {
            builders.push(select(&selection, DidPart::Changing(&action), 1));
            builders.push(change(&selection, &action, Timestamp::from_millis(1)));
        }
    }
    builders
}
