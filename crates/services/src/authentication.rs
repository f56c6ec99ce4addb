//! From a credential to the actor of a request.

use std::{net::IpAddr, sync::Arc, time::Duration};

use api_types::view::Change;
use domain::Secret;
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::timeout,
};

use crate::{Actor, ApiKeys, Error, Principal, Result, Sessions, context::Context};

/// How often an open stream checks its credential where nothing announces a change: a session expires without an event, and
/// the notifications of the database may be interrupted.
const RECHECK: Duration = Duration::from_secs(15);

/// What a client authenticates with.
#[derive(Clone, Debug)]
pub enum Credential {
    /// The JWT of a session.
    SessionToken(Secret),
    /// The text of an API key.
    ApiKey(Secret),
}

/// Authenticates requests.
#[derive(Clone)]
pub struct Authentication {
    context: Arc<Context>,
    sessions: Sessions,
    api_keys: ApiKeys,
}

impl Authentication {
    pub(crate) fn new(context: Arc<Context>, sessions: Sessions, api_keys: ApiKeys) -> Self {
        Self { context, sessions, api_keys }
    }

    /// The actor of a request from this address, which is None where it is unknown. None for a token without a session.
    ///
    /// # Errors
    /// [`Error::UnknownApiKey`] or [`Error::ApiKeyRefused`]: the key is not accepted.
    pub async fn authenticate(&self, credential: &Credential, address: Option<IpAddr>) -> Result<Option<Actor>> {
        let actor = self.verify(credential, address).await?;
        match actor.as_ref().map(|actor| &actor.principal) {
            Some(Principal::ApiKey { key, .. }) => self.api_keys.note_use(&key.id),
            Some(Principal::User { session_id, .. }) => self.sessions.note_use(session_id),
            None => {}
        }
        Ok(actor)
    }

    /// Resolves once the credential does not authenticate the actor any more: an open stream ends then.
    pub async fn revoked(&self, actor: &Actor, credential: &Credential, address: Option<IpAddr>) {
        // Before the first check, so that no change is in between.
        let mut changes = self.context.events.subscribe();
        while self.is_valid(actor, credential, address).await {
            let pause = self.until_expiry(actor).map_or(RECHECK, |left| left.min(RECHECK));
            // An elapsed pause is a reason to check again, too.
            let _ = timeout(pause, concerned(actor, &mut changes)).await;
        }
    }

    async fn verify(&self, credential: &Credential, address: Option<IpAddr>) -> Result<Option<Actor>> {
        match credential {
            Credential::SessionToken(token) => self.sessions.authenticate(token.expose()).await,
            Credential::ApiKey(text) => self.api_keys.verify(text, address).await.map(Some),
        }
    }

    /// While the database does not respond, what was valid stays so.
    async fn is_valid(&self, actor: &Actor, credential: &Credential, address: Option<IpAddr>) -> bool {
        match self.verify(credential, address).await {
            Ok(Some(now)) => now.role() == actor.role(),
            Ok(None) | Err(Error::UnknownApiKey | Error::ApiKeyRefused(_)) => false,
            Err(_) => true,
        }
    }

    fn until_expiry(&self, actor: &Actor) -> Option<Duration> {
        let Principal::ApiKey { expires_at, .. } = &actor.principal else { return None };
        let left = expires_at.as_ref()?.millis() - self.context.clock.now().millis();
        Some(Duration::from_millis(u64::try_from(left).unwrap_or_default()))
    }
}

/// Resolves with the next change that may have ended the actor's session or key.
async fn concerned(actor: &Actor, changes: &mut Receiver<Change>) {
    loop {
        match changes.recv().await {
            Ok(change) if !actor.is_concerned_by(&change) => {}
            Ok(_) | Err(RecvError::Lagged(_)) => return,
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}
