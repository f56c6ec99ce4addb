//! Bindings and dialogs: JSON values that are read, changed by the rules of `domain`, and written unless they have changed
//! meanwhile.

use domain::{
    AccountId, Timestamp,
    edge::{
        binding::{Binding, Bindings},
        dialog::{Dialog, DialogChange, DialogEvent, DialogState},
    },
};
use serde::{Serialize, de::DeserializeOwned};

use super::{Redis, cac::unreadable, prefix, unavailable};
use crate::{Error, Result};

/// How many times a value that others change is read again.
const ATTEMPTS: usize = 50;
/// How many addresses of record with expired bindings are answered at once.
const EXPIRED_AT_ONCE: usize = 1000;
/// How much longer than its content a value is stored, so that a server has time to ask for what expired.
const GRACE_MILLIS: i64 = 3_600_000;

/// The keys of a value and of the index in which it is a member.
struct Keys {
    value: String,
    index: String,
    member: String,
}

impl Keys {
    fn bindings(account: &AccountId, aor: &str) -> Self {
        let prefix = prefix(account);
        Self { value: format!("{prefix}:aor:{aor}"), index: format!("{prefix}:aors"), member: aor.to_owned() }
    }

    fn dialog(account: &AccountId, call_id: &str) -> Self {
        let prefix = prefix(account);
        Self {
            value: format!("{prefix}:dialog:{call_id}"),
            index: format!("{prefix}:dialogs"),
            member: call_id.to_owned(),
        }
    }
}

/// What to write: the value, when it ends, and its score in the index.
struct Change<V, T> {
    value: Option<V>,
    expires_at: Option<Timestamp>,
    score: Option<Timestamp>,
    outcome: T,
}

impl Redis {
    pub(super) async fn change_bindings<T>(
        &self,
        account: &AccountId,
        aor: &str,
        change: impl Fn(&mut Bindings, Timestamp) -> T + Send,
    ) -> Result<T> {
        self.change(&Keys::bindings(account, aor), |known: Option<Bindings>, now| {
            let mut bindings = known.clone().unwrap_or_default();
            let outcome = change(&mut bindings, now);
            let (expires_at, score) = (bindings.last_expiry(), bindings.next_expiry());
            Change { value: score.map(|_| bindings), expires_at, score, outcome }
        })
        .await
    }

    pub(super) async fn read_bindings(&self, account: &AccountId, aors: &[&str]) -> Result<Vec<Vec<Binding>>> {
        let keys: Vec<String> = aors.iter().map(|aor| Keys::bindings(account, aor).value).collect();
        let (now, values) = self.read::<Bindings>(&keys).await?;
        let current = |bindings: &Bindings| bindings.current(now).cloned().collect();
        Ok(values.iter().map(|value| value.as_ref().map(current).unwrap_or_default()).collect())
    }

    pub(super) async fn aors_with_expired_bindings(&self, account: &AccountId) -> Result<Vec<String>> {
        let index = Keys::bindings(account, "").index;
        let (now, _) = self.read::<Bindings>(&[]).await?;
        let mut command = redis::cmd("ZRANGEBYSCORE");
        command.arg(index).arg("-inf").arg(now.millis()).arg("LIMIT").arg(0).arg(EXPIRED_AT_ONCE);
        command.query_async(&mut self.connection.clone()).await.map_err(|error| unavailable(&error))
    }

    pub(super) async fn change_dialog(&self, account: &AccountId, event: &DialogEvent) -> Result<DialogChange> {
        self.change(&Keys::dialog(account, &event.call_id), |known: Option<Dialog>, now| {
            let outcome = Dialog::apply(known.as_ref(), event, now);
            let value = match &outcome {
                DialogChange::Changed(dialog) | DialogChange::Renewed(dialog) => Some(dialog.clone()),
                DialogChange::OutOfOrder => known,
            };
            let expires_at = value.as_ref().map(|dialog| dialog.expires_at);
            let open = value.as_ref().is_some_and(|dialog| dialog.state != DialogState::Terminated);
            Change { value, expires_at, score: expires_at.filter(|_| open), outcome }
        })
        .await
    }

    pub(super) async fn read_dialogs(&self, account: &AccountId, call_ids: &[String]) -> Result<Vec<Dialog>> {
        let keys: Vec<String> = call_ids.iter().map(|call_id| Keys::dialog(account, call_id).value).collect();
        let (now, values) = self.read::<Dialog>(&keys).await?;
        Ok(values.into_iter().flatten().filter(|dialog| dialog.expires_at > now).collect())
    }

    /// The Call-IDs of dialogs that have not ended. Those that have expired are removed from the index.
    pub(super) async fn open_dialogs(&self, account: &AccountId) -> Result<Vec<String>> {
        let index = Keys::dialog(account, "").index;
        let (now, _) = self.read::<Dialog>(&[]).await?;
        let mut commands = redis::pipe();
        commands.cmd("ZREMRANGEBYSCORE").arg(&index).arg("-inf").arg(now.millis()).ignore();
        commands.cmd("ZRANGE").arg(&index).arg(0).arg(-1);
        let (call_ids,) =
            commands.query_async(&mut self.connection.clone()).await.map_err(|error| unavailable(&error))?;
        Ok(call_ids)
    }

    pub(super) async fn delete_keys(&self, pattern: &str) -> Result<()> {
        let mut connection = self.connection.clone();
        let mut cursor = 0_u64;
        loop {
            let mut scan = redis::cmd("SCAN");
            scan.arg(cursor).arg("MATCH").arg(pattern).arg("COUNT").arg(1000);
            let (next, keys): (u64, Vec<String>) =
                scan.query_async(&mut connection).await.map_err(|error| unavailable(&error))?;
            if !keys.is_empty() {
                let mut delete = redis::cmd("UNLINK");
                delete.arg(keys);
                delete.exec_async(&mut connection).await.map_err(|error| unavailable(&error))?;
            }
            if next == 0 {
                return Ok(());
            }
            cursor = next;
        }
    }

    async fn read_texts(&self, keys: &[String]) -> Result<(Timestamp, Vec<String>)> {
        let mut script = self.scripts.read.prepare_invoke();
        for key in keys {
            script.key(key);
        }
        script.arg(self.ahead());
        let mut texts: Vec<String> = self.run(&script).await?;
        let now = texts.first().and_then(|text| text.parse().ok());
        let now = now.ok_or_else(|| unreadable("TIME", "expected a number"))?;
        Ok((Timestamp::from_millis(now), texts.split_off(1)))
    }

    async fn read<V: DeserializeOwned>(&self, keys: &[String]) -> Result<(Timestamp, Vec<Option<V>>)> {
        let (now, texts) = self.read_texts(keys).await?;
        let values = keys.iter().zip(&texts).map(|(key, text)| decode(key, text)).collect::<Result<_>>()?;
        Ok((now, values))
    }

    async fn change<V: DeserializeOwned + Serialize, T>(
        &self,
        keys: &Keys,
        change: impl Fn(Option<V>, Timestamp) -> Change<V, T>,
    ) -> Result<T> {
        for _ in 0..ATTEMPTS {
            let (now, texts) = self.read_texts(std::slice::from_ref(&keys.value)).await?;
            let before = texts.into_iter().next().unwrap_or_default();
            let Change { value, expires_at, score, outcome } = change(decode(&keys.value, &before)?, now);
            let after = value.map(|value| serde_json::to_string(&value).expect("strings and numbers are JSON"));
            let after = after.unwrap_or_default();
            let lifetime = expires_at.map_or(0, |at| at.millis() - now.millis()).max(0) + GRACE_MILLIS;
            let mut script = self.scripts.write.prepare_invoke();
            script.key(&keys.value).key(&keys.index).arg(&before).arg(after).arg(lifetime).arg(&keys.member);
            script.arg(score.map_or_else(String::new, |at| at.millis().to_string()));
            if self.run(&script).await? {
                return Ok(outcome);
            }
        }
        Err(Error::Unavailable(format!("{} is changed by others all the time", keys.value)))
    }
}

fn decode<V: DeserializeOwned>(key: &str, text: &str) -> Result<Option<V>> {
    if text.is_empty() {
        return Ok(None);
    }
    serde_json::from_str(text).map(Some).map_err(|error| unreadable(key, error))
}
