//! Bans of the SIP edge.

use domain::{
    AccountId, BanId, IpRange, Timestamp,
    edge::ban::{Ban, BanStatus},
};
use sqlx_macros::FromRow;

use crate::{
    Error, Result, Tx,
    page::like,
    row::parse,
    statement::statements,
    tx::{execute, fetch},
};

const TABLE: &str = "edge_bans";

/// `expires_at` of a ban without an end of its own.
const NEVER: i64 = i64::MAX;

macro_rules! columns {
    () => {
        "SELECT id, account_id, ip, username, node, reason, attempts, user_agent, flag, since, expires_at, lifted_at, \
         lifted_by, is_reported FROM edge_bans "
    };
}

/// What [`BanFilter`] selects. $2 is the time.
macro_rules! filter {
    () => {
        "WHERE account_id = $1 AND CASE WHEN lifted_at > 0 THEN 'lifted' WHEN expires_at > $2 THEN 'active' \
         ELSE 'expired' END LIKE $3 AND search LIKE $4 ESCAPE '!' \
         AND CASE WHEN flag = '' THEN 'no' ELSE 'yes' END LIKE $5"
    };
}

statements! {
    INSERT = "INSERT INTO edge_bans (id, account_id, ip, username, node, reason, attempts, user_agent, flag, search, since, \
              expires_at, lifted_at, lifted_by, is_reported) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    UPDATE = "UPDATE edge_bans SET reason = $1, attempts = $2, user_agent = $3, expires_at = $4, is_reported = $5 \
              WHERE id = $6";
    LIFT = "UPDATE edge_bans SET lifted_at = $1, lifted_by = $2 WHERE id = $3 AND lifted_at = 0 AND expires_at > $1";
    BY_ID = concat!(columns!(), "WHERE account_id = $1 AND id = $2");
    IN_FORCE = concat!(columns!(), "WHERE account_id = $1 AND expires_at > $2 AND lifted_at = 0 ORDER BY id LIMIT $3");
    REPORTED = concat!(columns!(), "WHERE account_id = $1 AND node = $2 AND is_reported = 1 ORDER BY id");
    LIST = concat!(columns!(), filter!(), " ORDER BY id DESC LIMIT $6");
    COUNT = concat!("SELECT COUNT(*) FROM edge_bans ", filter!());
    COUNT_IN_FORCE = "SELECT COUNT(*) FROM edge_bans WHERE account_id = $1 AND expires_at > $2 AND lifted_at = 0";
    DELETE_ENDED = "DELETE FROM edge_bans WHERE account_id = $1 AND is_reported = 0 AND (expires_at < $2 OR \
                    (lifted_at > 0 AND lifted_at < $2))";
}

/// Which bans to list.
#[derive(Clone, Debug, Default)]
pub struct BanFilter {
    /// Those of this status.
    pub status: Option<BanStatus>,
    /// Whose source, user, node, reason or User-Agent contains this.
    pub q: Option<String>,
    /// Whose source cannot be banned, or can.
    pub flagged: Option<bool>,
}

impl Tx {
    /// The newest bans of the filter, and how many there are.
    pub async fn edge_bans(
        &mut self,
        account: &AccountId,
        filter: &BanFilter,
        (now, limit): (Timestamp, i64),
    ) -> Result<(Vec<Ban>, i64)> {
        let status = filter.status.map_or("%", BanStatus::as_str);
        let pattern = filter.q.as_deref().map_or_else(|| "%".to_owned(), like);
        let flagged = filter.flagged.map_or("%", |flagged| if flagged { "yes" } else { "no" });
        let rows = fetch!(
            self,
            connection => sqlx::query_as::<_, BanRow>(LIST)
                .bind(account.as_str())
                .bind(now.millis())
                .bind(status)
                .bind(&pattern)
                .bind(flagged)
                .bind(limit)
                .fetch_all(connection)
        )?;
        let total = fetch!(
            self,
            connection => sqlx::query_scalar(COUNT)
                .bind(account.as_str())
                .bind(now.millis())
                .bind(status)
                .bind(&pattern)
                .bind(flagged)
                .fetch_one(connection)
        )?;
        Ok((bans(rows)?, total))
    }

    /// The bans in force, the oldest first, at most `limit`.
    pub async fn edge_bans_in_force(&mut self, account: &AccountId, now: Timestamp, limit: i64) -> Result<Vec<Ban>> {
        bans(fetch!(
            self,
            connection => sqlx::query_as::<_, BanRow>(IN_FORCE)
                .bind(account.as_str())
                .bind(now.millis())
                .bind(limit)
                .fetch_all(connection)
        )?)
    }

    /// How many bans are in force.
    pub async fn count_edge_bans_in_force(&mut self, account: &AccountId, now: Timestamp) -> Result<i64> {
        fetch!(
            self,
            connection => sqlx::query_scalar(COUNT_IN_FORCE).bind(account.as_str()).bind(now.millis()).fetch_one(connection)
        )
    }

    /// The bans in the node's last report.
    pub async fn reported_edge_bans(&mut self, account: &AccountId, node: &str) -> Result<Vec<Ban>> {
        bans(fetch!(
            self,
            connection => sqlx::query_as::<_, BanRow>(REPORTED).bind(account.as_str()).bind(node).fetch_all(connection)
        )?)
    }

    /// A ban by its id.
    pub async fn edge_ban(&mut self, account: &AccountId, id: &BanId) -> Result<Option<Ban>> {
        let row = fetch!(
            self,
            connection => sqlx::query_as::<_, BanRow>(BY_ID)
                .bind(account.as_str())
                .bind(id.as_str())
                .fetch_optional(connection)
        )?;
        row.map(TryInto::try_into).transpose()
    }

    /// Adds a ban.
    pub async fn insert_edge_ban(&mut self, ban: &Ban) -> Result<()> {
        let (user, node) = (ban.user.as_deref().unwrap_or_default(), ban.node.as_deref().unwrap_or_default());
        let user_agent = ban.user_agent.as_deref().unwrap_or_default();
        let search = format!("{} {user} {node} {} {user_agent}", ban.ip, ban.reason).to_lowercase();
        execute!(
            self,
            sqlx::query(INSERT)
                .bind(ban.id.as_str())
                .bind(ban.account_id.as_str())
                .bind(ban.ip.to_string())
                .bind(user)
                .bind(node)
                .bind(&ban.reason)
                .bind(ban.count)
                .bind(user_agent)
                .bind(ban.flag.as_deref().unwrap_or_default())
                .bind(&search)
                .bind(ban.since.millis())
                .bind(ban.expires_at.map_or(NEVER, Timestamp::millis))
                .bind(ban.lifted_at.map_or(0, Timestamp::millis))
                .bind(ban.lifted_by.as_deref().unwrap_or_default())
                .bind(i64::from(ban.is_reported))
        )?;
        Ok(())
    }

    /// Writes what a later report of the node changes: reason, count, User-Agent, end, and whether it has the ban at all.
    pub async fn update_edge_ban(&mut self, ban: &Ban) -> Result<()> {
        execute!(
            self,
            sqlx::query(UPDATE)
                .bind(&ban.reason)
                .bind(ban.count)
                .bind(ban.user_agent.as_deref().unwrap_or_default())
                .bind(ban.expires_at.map_or(NEVER, Timestamp::millis))
                .bind(i64::from(ban.is_reported))
                .bind(ban.id.as_str())
        )?;
        Ok(())
    }

    /// Lifts a ban. False where it is not in force.
    pub async fn lift_edge_ban(&mut self, id: &BanId, now: Timestamp, by: &str) -> Result<bool> {
        let lifted = execute!(self, sqlx::query(LIFT).bind(now.millis()).bind(by).bind(id.as_str()))?;
        Ok(lifted == 1)
    }

    /// Deletes bans that ended before `before` and that no node reports.
    pub async fn delete_ended_edge_bans(&mut self, account: &AccountId, before: Timestamp) -> Result<u64> {
        Ok(execute!(self, sqlx::query(DELETE_ENDED).bind(account.as_str()).bind(before.millis()))?)
    }
}

fn bans(rows: Vec<BanRow>) -> Result<Vec<Ban>> {
    rows.into_iter().map(TryInto::try_into).collect()
}

#[derive(FromRow)]
struct BanRow {
    id: String,
    account_id: String,
    ip: String,
    username: String,
    node: String,
    reason: String,
    attempts: i64,
    user_agent: String,
    flag: String,
    since: i64,
    expires_at: i64,
    lifted_at: i64,
    lifted_by: String,
    is_reported: i64,
}

impl TryFrom<BanRow> for Ban {
    type Error = Error;

    fn try_from(row: BanRow) -> Result<Self> {
        let id = &row.id;
        let ip: IpRange = parse(TABLE, id, &row.ip)?;
        let text = |text: String| Some(text).filter(|text| !text.is_empty());
        Ok(Self {
            id: parse(TABLE, id, id)?,
            account_id: parse(TABLE, id, &row.account_id)?,
            ip,
            user: text(row.username),
            node: text(row.node),
            reason: row.reason,
            count: row.attempts,
            user_agent: text(row.user_agent),
            flag: text(row.flag),
            since: Timestamp::from_millis(row.since),
            expires_at: (row.expires_at != NEVER).then(|| Timestamp::from_millis(row.expires_at)),
            lifted_at: (row.lifted_at != 0).then(|| Timestamp::from_millis(row.lifted_at)),
            lifted_by: text(row.lifted_by),
            is_reported: row.is_reported != 0,
        })
    }
}
