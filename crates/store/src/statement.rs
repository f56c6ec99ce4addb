//! SQL texts. They stand in constants, so that a test can prepare each of them on both databases.

/// Declares constants with the SQL of a file's statements, and lists them for the test.
macro_rules! statements {
    ($($(#[$attribute:meta])* $name:ident = $sql:expr;)+) => {
        $($(#[$attribute])* const $name: &str = $sql;)+

        #[cfg(test)]
        pub(crate) const STATEMENTS: &[(&str, &str)] = &[$((stringify!($name), $name)),+];
    };
}
pub(crate) use statements;

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use sqlx::{AssertSqlSafe, Connection, Database, Executor, SqlSafeStr};

    use crate::{
        account, account_did_list, api_key, attention, audit, audit_list, bot, call, call_list, carrier, carrier_list,
        did, did_bulk, did_list, edge, edge_ban, edge_call, edge_carrier, exotel, fleet_server, idempotency, lease,
        livekit_events, livekit_objects, lookup, number, number_integration, number_purchase, outbox, pacing, postgres,
        session, setting, store, sync,
        test_database::{self, Postgresql},
        trunk, user,
    };

    fn fixed() -> Vec<(String, String)> {
        let files = [
            ("account", account::STATEMENTS),
            ("api_key", api_key::STATEMENTS),
            ("attention", attention::STATEMENTS),
            ("audit", audit::STATEMENTS),
            ("bot", bot::STATEMENTS),
            ("call", call::STATEMENTS),
            ("carrier", carrier::STATEMENTS),
            ("did", did::STATEMENTS),
            ("edge", edge::STATEMENTS),
            ("edge_ban", edge_ban::STATEMENTS),
            ("edge_carrier", edge_carrier::STATEMENTS),
            ("edge_call", edge_call::STATEMENTS),
            ("exotel", exotel::STATEMENTS),
            ("fleet_server", fleet_server::STATEMENTS),
            ("idempotency", idempotency::STATEMENTS),
            ("lease", lease::STATEMENTS),
            ("lookup", lookup::STATEMENTS),
            ("number_integration", number_integration::STATEMENTS),
            ("number", number::STATEMENTS),
            ("number_purchase", number_purchase::STATEMENTS),
            ("outbox", outbox::STATEMENTS),
            ("pacing", pacing::STATEMENTS),
            ("livekit_events", livekit_events::STATEMENTS),
            ("livekit_objects", livekit_objects::STATEMENTS),
            ("session", session::STATEMENTS),
            ("setting", setting::STATEMENTS),
            ("store", store::STATEMENTS),
            ("sync", sync::STATEMENTS),
            ("trunk", trunk::STATEMENTS),
            ("user", user::STATEMENTS),
        ];
        let named = |file: &str, (name, sql): &(&str, &str)| (format!("{file}::{name}"), (*sql).to_owned());
        files.into_iter().flat_map(|(file, list)| list.iter().map(move |statement| named(file, statement))).collect()
    }

    fn dynamic<DB: Database>() -> Vec<(String, String)>
    where
        for<'t> &'t str: sqlx::Encode<'t, DB> + sqlx::Type<DB>,
        String: for<'t> sqlx::Encode<'t, DB> + sqlx::Type<DB>,
        i64: for<'t> sqlx::Encode<'t, DB> + sqlx::Type<DB>,
        f64: for<'t> sqlx::Encode<'t, DB> + sqlx::Type<DB>,
    {
        let files = [
            ("account_did_list", account_did_list::builders::<DB>()),
            ("audit_list", audit_list::builders()),
            ("call_list", call_list::builders()),
            ("edge_call", edge_call::builders()),
            ("carrier", carrier::builders()),
            ("carrier_list", carrier_list::builders()),
            ("did", did::builders()),
            ("did_bulk", did_bulk::builders()),
            ("did_list", did_list::builders()),
            ("edge", edge::builders()),
            ("edge_carrier", edge_carrier::builders()),
            ("livekit_objects", livekit_objects::builders()),
            ("lookup", lookup::builders()),
        ];
        let named = |file: &str, (index, query): (usize, sqlx::QueryBuilder<DB>)| {
            (format!("{file}, built statement {index}"), query.into_string())
        };
        files
            .into_iter()
            .flat_map(|(file, list)| list.into_iter().enumerate().map(move |query| named(file, query)))
            .collect()
    }

    async fn prepare<C: Connection>(connection: &mut C, statements: Vec<(String, String)>)
    where
        for<'c> &'c mut C: Executor<'c, Database = C::Database>,
    {
        for (name, sql) in statements {
            let prepared = connection.prepare(AssertSqlSafe(sql.clone()).into_sql_str()).await;
            assert!(prepared.is_ok(), "{name}: {}\n{sql}", prepared.err().unwrap());
        }
    }

    #[tokio::test]
    async fn every_statement_is_valid_on_sqlite() {
        let (_folder, mut connection) = test_database::sqlite().await;
        prepare(&mut connection, [fixed(), dynamic::<sqlx::Sqlite>()].concat()).await;
    }

    #[tokio::test]
    async fn every_statement_is_valid_on_postgresql() {
        let Some(mut database) = Postgresql::create("statements").await else { return };
        let own = postgres::STATEMENTS.iter().map(|(name, sql)| ((*name).to_owned(), (*sql).to_owned())).collect();
        prepare(&mut database.connection, [fixed(), dynamic::<sqlx::Postgres>(), own].concat()).await;
        database.drop().await;
    }

    /// A query whose text stands at the call would escape the two tests above.
    #[test]
    fn every_query_names_a_listed_statement() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        for file in files.filter(|file| !file.ends_with("statement.rs")) {
            let text = fs::read_to_string(&file).unwrap();
            for call in text.split("sqlx::query").skip(1) {
                // `query(SQL)`, `query_as::<_, (i64, String)>(SQL)`
                let (_, argument) = call
                    .split_once(">(")
                    .filter(|_| call.starts_with("_as::<") || call.starts_with("_scalar::<"))
                    .unwrap_or(call.split_once('(').expect("a call"));
                let constant = argument.split([')', ' ']).next().unwrap_or_default();
                let is_constant = constant.chars().all(|letter| letter.is_ascii_uppercase() || letter == '_');
                assert!(is_constant, "{}: query({constant})", file.display());
            }
        }
    }
}
