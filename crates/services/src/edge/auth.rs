//! `POST /auth`: digest authentication of SIP requests.

use std::{net::IpAddr, sync::Arc, time::Duration};

use api_types::{
    input::EdgeAuthInput,
    view::{DigestChallenge, EdgeAuthRefusal, EdgeAuthView, EdgeChallengeView},
};
use domain::{
    DeviceId, EdgeUserId, FieldFault, Secret,
    edge::{
        DeviceHa1, Realm,
        digest::{
            DigestAlgorithm, DigestCredentials, DigestHash, DigestVerdict, NONCE_LIFETIME_MS, NonceKey, NonceState,
            check,
        },
        route::{Directory, user_aor},
    },
};
use live_state::{Engine, LiveState, Memory, NonceUse};

use super::{index::EdgeView, security::Security};
use crate::{Error, MasterKey, Result, context::Context};

/// How long the use of a nonce is remembered: as long as it is valid, and some more for clocks that differ.
const NONCE_MEMORY: Duration = Duration::from_millis(NONCE_LIFETIME_MS + 2 * 60 * 1000);

/// The realm of challenges where there is no SIP domain yet.
const NO_DOMAIN: &str = "sip";

/// A device, as far as authentication concerns it.
struct Device {
    id: DeviceId,
    user_id: EdgeUserId,
    /// Neither the device nor its user is disabled.
    is_active: bool,
    aor: String,
    display_name: Option<String>,
    caller_id: Option<String>,
    ha1: DeviceHa1,
}

impl Device {
    fn of(edge: &EdgeView<'_>, credentials: &DigestCredentials<'_>) -> Option<Self> {
        let ha1 = edge.ha1(credentials.username, credentials.realm)?;
        let device = edge.device_by_credentials(credentials.username, credentials.realm)?;
        let user = edge.user(&device.user_id)?;
        let domain =
            if edge.has_domain(device.realm) { device.realm } else { edge.primary_domain().unwrap_or(device.realm) };
        let own_number = user.options.and_then(|options| options.cid_number.clone());
        let default_number = || edge.settings().default_cid_number.as_ref().map(|number| number.as_str().to_owned());
        Some(Self {
            id: device.id,
            is_active: device.is_active && user.is_active,
            aor: user_aor(user.username, domain),
            display_name: user.display_name.map(str::to_owned),
            caller_id: own_number.or_else(default_number),
            user_id: user.id,
            ha1,
        })
    }
}

/// What [`Auth::authenticate`] answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthOutcome {
    /// The credentials are right.
    Authenticated(EdgeAuthView),
    /// The client must be challenged.
    Challenged(EdgeChallengeView),
    /// The device is disabled, or the source is banned.
    Refused(EdgeAuthRefusal),
}

/// Authenticates SIP requests; cheap to clone.
#[derive(Clone)]
pub struct Auth {
    context: Arc<Context>,
    security: Security,
    nonces: NonceKey,
    /// The edge mints the nonces.
    edge_nonces: bool,
    /// Remembers nonces while Redis does not respond, so that this server at least accepts none twice.
    fallback: Arc<Memory>,
    /// Stands in for the digests of devices that do not exist.
    nowhere: DeviceHa1,
}

impl Auth {
    pub(crate) fn new(context: Arc<Context>, security: Security, key: &MasterKey, edge_nonces: bool) -> Self {
        // The nonce counts of the memory engine are lost at a restart, and with them the protection against replays.
        let start = (context.live.engine() == Engine::Memory).then(rand::random);
        let fallback = Arc::new(Memory::new(context.clock.steady()));
        let digits = |hash: DigestHash| Secret::new("0".repeat(hash.digits()));
        let nowhere = DeviceHa1 { md5: digits(DigestHash::Md5), sha256: digits(DigestHash::Sha256) };
        let nonces = NonceKey::new(&key.edge_nonces(), start);
        Self { context, security, nonces, edge_nonces, fallback, nowhere }
    }

    /// Checks the credentials of a SIP request. Reads and writes no database.
    ///
    /// # Errors
    /// [`Error::EdgeNotReady`] before the configuration is in memory.
    pub async fn authenticate(&self, input: &EdgeAuthInput) -> Result<AuthOutcome> {
        if input.method.is_empty()
            || input.method.len() > 32
            || !input.method.bytes().all(|byte| byte.is_ascii_graphic())
        {
            let fault = FieldFault::new("bad_method", "Write the method of the SIP request, such as REGISTER.");
            return Err(Error::field("method", fault));
        }
        let source = input.source_ip.as_deref().and_then(|text| text.parse::<IpAddr>().ok());
        let parameters = match input.credentials() {
            Ok(Some(parameters)) => parameters,
            Ok(None) => return self.challenge(input.realm.as_deref(), self.preference(input), false),
            Err(_) => return self.refuse(input, source, "", None),
        };
        let user = parameters.username.unwrap_or_default();
        if self.security.is_banned(source, user) {
            return Ok(refused("banned"));
        }
        let Ok(credentials) = DigestCredentials::new(parameters) else {
            return self.refuse(input, source, user, parameters.realm);
        };
        let hash = credentials.algorithm.hash;
        let device = Device::of(&self.view()?, &credentials);
        let ha1 = device.as_ref().map_or(&self.nowhere, |device| &device.ha1);
        let verdict = check(&credentials, &input.method, ha1.of(hash), self.nonce_state(&credentials));
        let (Some(device), false) = (device, verdict == DigestVerdict::Wrong) else {
            self.security.fail(source, user, input.user_agent.as_deref());
            return self.challenge(Some(credentials.realm), Some(hash), false);
        };
        if verdict == DigestVerdict::Stale || self.is_replay(&credentials).await {
            return self.challenge(Some(credentials.realm), Some(hash), true);
        }
        self.security.succeed(source, user);
        if !device.is_active {
            return Ok(refused("disabled"));
        }
        Ok(AuthOutcome::Authenticated(EdgeAuthView {
            ok: true,
            account_id: self.context.account.clone(),
            user_id: device.user_id,
            device_id: device.id,
            aor: device.aor,
            display_name: device.display_name,
            caller_id: device.caller_id,
        }))
    }

    /// Credentials that cannot be right are a failure, like a wrong password.
    fn refuse(
        &self,
        input: &EdgeAuthInput,
        source: Option<IpAddr>,
        user: &str,
        realm: Option<&str>,
    ) -> Result<AuthOutcome> {
        if self.security.is_banned(source, user) {
            return Ok(refused("banned"));
        }
        self.security.fail(source, user, input.user_agent.as_deref());
        self.challenge(realm.or(input.realm.as_deref()), None, false)
    }

    fn preference(&self, input: &EdgeAuthInput) -> Option<DigestHash> {
        let algorithm = input.algorithm.as_deref()?.parse::<DigestAlgorithm>().ok()?;
        Some(algorithm.hash)
    }

    fn nonce_state(&self, credentials: &DigestCredentials<'_>) -> NonceState {
        if self.edge_nonces {
            // The edge has checked it.
            return NonceState::Valid;
        }
        self.nonces.verify(credentials.nonce, credentials.algorithm.hash, credentials.realm, self.now())
    }

    async fn is_replay(&self, credentials: &DigestCredentials<'_>) -> bool {
        let DigestCredentials { nonce, response, .. } = credentials;
        let used = match self.context.live.use_nonce(nonce, credentials.count(), response, NONCE_MEMORY).await {
            Ok(used) => Ok(used),
            Err(_) => self.fallback.use_nonce(nonce, credentials.count(), response, NONCE_MEMORY).await,
        };
        // The memory engine never fails.
        used.is_ok_and(|used| used == NonceUse::Replay)
    }

    /// The challenge for a realm: the wanted one if it is a SIP domain, else the primary domain; not by the username, so that an
    /// unknown one gets the same answer. `hash`: what the client has used, which must not be offered a weaker one.
    fn challenge(&self, wanted: Option<&str>, hash: Option<DigestHash>, stale: bool) -> Result<AuthOutcome> {
        let realm = self.realm(wanted)?;
        let one = |hash: DigestHash| DigestChallenge {
            nonce: (!self.edge_nonces).then(|| self.nonces.mint(hash, &realm, self.now(), rand::random())),
            realm: realm.clone(),
            algorithm: hash.as_str().to_owned(),
            qop: "auth".to_owned(),
            stale,
        };
        let challenges: Vec<_> = match hash {
            Some(hash) => vec![one(hash)],
            None => [DigestHash::Sha256, DigestHash::Md5].map(one).into(),
        };
        let challenge = challenges.last().expect("there is at least one").clone();
        Ok(AuthOutcome::Challenged(EdgeChallengeView { ok: false, challenge, challenges }))
    }

    fn realm(&self, wanted: Option<&str>) -> Result<String> {
        let edge = self.view()?;
        let wanted = wanted.and_then(|text| text.parse::<Realm>().ok()).map(|realm| realm.to_string());
        match (wanted, edge.primary_domain()) {
            (Some(wanted), Some(_)) if edge.has_domain(&wanted) => Ok(wanted),
            (_, Some(primary)) => Ok(primary.to_owned()),
            (wanted, None) => Ok(wanted.unwrap_or_else(|| NO_DOMAIN.to_owned())),
        }
    }

    fn view(&self) -> Result<EdgeView<'_>> {
        self.context.index.edge().ok_or(Error::EdgeNotReady)
    }

    fn now(&self) -> u64 {
        self.context.clock.now().millis().unsigned_abs()
    }
}

fn refused(reason: &str) -> AuthOutcome {
    AuthOutcome::Refused(EdgeAuthRefusal { ok: false, reason: reason.to_owned() })
}
