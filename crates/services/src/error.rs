//! Why a use case failed, and its problem document (RFC 9457).

use api_types::{
    Problem,
    view::{
        AdoptView, ApiKeyView, BotView, CarrierView, DidView, DriftView, EdgeObjectForm, ExotelSummary, ExotelView,
        FleetServerView, FleetSettings, NumberIntegrationView, NumberPurchaseView, OrphansView, UserDetail,
    },
};
use domain::{ApiKeyRefusal, CarrierId, DidId, FieldErrors, FieldFault, Role};
use number_provider::ProviderError;
use serde::Serialize;
use thiserror::Error;

use crate::{DialoutError, LiveKitError, LookupError, edge::journal::JournalError};

/// When to try again where the database or LiveKit is busy.
const RETRY_SECONDS: i64 = 2;

/// When to try again where a provider had too many requests and does not say how long to wait.
const RATE_LIMIT_SECONDS: i64 = 60;

/// What a use case returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What a use case fails with.
#[derive(Debug, Error)]
pub enum Error {
    /// Fields of the input break a rule.
    #[error("the input breaks a rule")]
    Invalid(FieldErrors),
    /// There is no such row in the account: what it would be.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// Another version was saved since the client read the row.
    #[error("the row has changed")]
    Stale(Box<Current>),
    /// Objects of the SIP edge name the row that was to be deleted.
    #[error("the {noun} is in use by {uses}")]
    InUse {
        /// What was to be deleted.
        noun: &'static str,
        /// The first of the objects that name it.
        uses: String,
    },
    /// Another count of numbers matches the filter of a bulk change than the operator saw.
    #[error("{total} numbers match, not {expected}")]
    StaleSelection {
        /// The count that the operator saw.
        expected: i64,
        /// The count now.
        total: i64,
    },
    /// A concurrent change came first at each attempt.
    #[error("concurrent changes of the same row")]
    ConcurrentChange,
    /// A carrier of the account has the number already.
    #[error("the number is taken")]
    NumberTaken {
        /// The number in its canonical form.
        number: String,
        /// The carrier that has it.
        carrier_id: CarrierId,
        /// That carrier's name.
        carrier_name: String,
        /// It is the carrier that the number was to be added to.
        here: bool,
        /// The field of the input that is at fault.
        field: &'static str,
    },
    /// The number that was to be bought is a number of a carrier here.
    #[error("the number is owned")]
    NumberOwned {
        /// The number in its E.164 form.
        number: String,
        /// Its DID.
        sip_id: DidId,
        /// The carrier that has it.
        carrier_id: CarrierId,
        /// That carrier's name.
        carrier_name: String,
    },
    /// Another purchase of the number, or its release, is under way.
    #[error("a purchase of the number is under way")]
    PurchaseUnderWay(Box<NumberPurchaseView>),
    /// The purchase has ended without the number.
    #[error("the purchase failed")]
    PurchaseFailed(Box<NumberPurchaseView>),
    /// The purchase has ended, or is being undone.
    #[error("the purchase has ended")]
    PurchaseEnded(Box<NumberPurchaseView>),
    /// The edge's journal could not be written.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// There is no valid session.
    #[error("not logged in")]
    Unauthenticated,
    /// The e-mail address is unknown, or the password is not its user's.
    #[error("wrong e-mail address or password")]
    WrongPassword,
    /// There is no such API key.
    #[error("unknown API key")]
    UnknownApiKey,
    /// The API key exists, and is not accepted.
    #[error(transparent)]
    ApiKeyRefused(#[from] ApiKeyRefusal),
    /// The use case concerns a session, and the actor is an API key.
    #[error("an API key has no session")]
    NoSession,
    /// The use case gives access to an administrator's account, and the actor is an API key.
    #[error("an API key cannot give access to an administrator's account")]
    SessionRequired,
    /// The actor's role does not suffice.
    #[error("needs the role {needs:?}")]
    Forbidden {
        /// The least role that does.
        needs: Role,
    },
    /// The user is disabled.
    #[error("the user is disabled")]
    UserDisabled,
    /// The change would leave no administrator who can log in.
    #[error("the last administrator")]
    LastAdministrator,
    /// The one-time link was used, replaced, or has expired.
    #[error("the link is not valid")]
    LinkInvalid,
    /// Too many failed logins, or too many at once.
    #[error("too many attempts")]
    Throttled {
        /// When the next attempt is allowed.
        retry_after_seconds: i64,
    },
    /// The first administrator exists, or the token is not the one that was printed.
    #[error("set-up is closed")]
    SetupClosed,
    /// The requested sync failed; the carrier contains the reason.
    #[error("the sync failed")]
    SyncFailed(Box<CarrierView>),
    /// LiveKit has not got a new trunk, whose carrier is deleted again.
    #[error("the trunk was not created: {reason}")]
    TrunkFailed {
        /// For operators.
        reason: String,
    },
    /// The edge's configuration was not read yet.
    #[error("the configuration of the edge was not read yet")]
    EdgeNotReady,
    /// The edge's live state does not respond.
    #[error("live state: {0}")]
    LiveState(#[from] live_state::Error),
    /// LiveKit was not read, or not changed to the end.
    #[error(transparent)]
    LiveKit(#[from] LiveKitError),
    /// The dry run that was to be applied would give another result now.
    #[error("the state has changed since the dry run")]
    Drifted(Box<Current>),
    /// The lock or the lease to change LiveKit was not acquired in time.
    #[error("another change to LiveKit is under way")]
    WriterBusy,
    /// The bot does not answer at this time.
    #[error("outside the active hours: {reason}")]
    OutsideActiveHours {
        /// The time and the hours.
        reason: String,
        /// When it answers next.
        retry_after_seconds: i64,
    },
    /// A lookup has no answer.
    #[error(transparent)]
    Lookup(#[from] LookupError),
    /// There are no credentials to ask the provider with.
    #[error("{0} is not connected")]
    NotConnected(&'static str),
    /// Exotel was asked, and did not answer or refused; the connection as it stands now.
    #[error("Exotel failed: {error}")]
    Exotel {
        /// What Exotel's client reported.
        error: exotel::Error,
        /// The connection as it is now.
        current: Box<ExotelSummary>,
    },
    /// A provider that sells numbers refused, or did not answer.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// LiveKit's SIP endpoint is not configured, so that no provider can send calls there.
    #[error("LiveKit's SIP endpoint is not configured")]
    NoSipHost,
    /// The fleet has no enabled server.
    #[error("the fleet has no enabled server")]
    NoFleet,
    /// No server of the fleet is healthy and has free capacity.
    #[error("no healthy fleet server has free capacity")]
    NoHealthyFleet,
    /// An outbound call was not placed, or its outcome is unknown.
    #[error(transparent)]
    Dialout(#[from] DialoutError),
    /// The database was created with another master key.
    #[error(
        "this database was made with another master key: start with that one (TRUNKLINE_MASTER_KEY, or the key file \
         beside the database)"
    )]
    WrongMasterKey,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// What an error shows as it is now: `current` of the problem document.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Current {
    /// The carrier that was to be updated.
    Carrier(CarrierView),
    /// The DID that was to be updated.
    Did(DidView),
    /// The bot that was to be updated.
    Bot(BotView),
    /// The API key that was to be updated.
    ApiKey(ApiKeyView),
    /// The user that was to be updated.
    User(UserDetail),
    /// The connection that was to be updated.
    Exotel(ExotelView),
    /// The connection that was to be updated.
    NumberIntegration(NumberIntegrationView),
    /// The list of fleet servers that was to be replaced.
    Fleet(FleetSettings),
    /// The fleet server that was to be updated.
    FleetServer(FleetServerView),
    /// The plan that was to be applied.
    Drift(DriftView),
    /// The orphans that were to be removed.
    Orphans(OrphansView),
    /// The adoption that was to be executed.
    Adoption(AdoptView),
    /// The object of the SIP edge that was to be updated.
    Edge(serde_json::Value),
    /// The same as a form of the console edits it.
    EdgeForm(EdgeObjectForm),
}

macro_rules! current {
    ($($view:ident => $variant:ident),+ $(,)?) => {
        $(impl From<$view> for Current {
            fn from(view: $view) -> Self {
                Self::$variant(view)
            }
        })+
    };
}

current! {
    CarrierView => Carrier,
    DidView => Did,
    BotView => Bot,
    ApiKeyView => ApiKey,
    UserDetail => User,
    ExotelView => Exotel,
    NumberIntegrationView => NumberIntegration,
    FleetSettings => Fleet,
    FleetServerView => FleetServer,
    DriftView => Drift,
    EdgeObjectForm => EdgeForm,
    OrphansView => Orphans,
    AdoptView => Adoption,
}

impl Error {
    pub(crate) fn stale(current: impl Into<Current>) -> Self {
        Self::Stale(Box::new(current.into()))
    }

    pub(crate) fn drifted(current: impl Into<Current>) -> Self {
        Self::Drifted(Box::new(current.into()))
    }

    /// When a client may try again, for `Retry-After`; None where time alone changes nothing.
    pub fn retry_after_seconds(&self) -> Option<i64> {
        match self {
            Self::Throttled { retry_after_seconds } | Self::OutsideActiveHours { retry_after_seconds, .. } => {
                Some(*retry_after_seconds)
            }
            Self::Exotel { error, .. } => error.retry_after().and_then(|wait| i64::try_from(wait.as_secs()).ok()),
            Self::Provider(error @ ProviderError::RateLimited { .. }) => {
                let wait = error.retry_after().and_then(|wait| i64::try_from(wait.as_secs()).ok());
                Some(wait.unwrap_or(RATE_LIMIT_SECONDS))
            }
            Self::Dialout(error) => error.retry_after_seconds(),
            Self::Lookup(error) => error.retry_after_seconds(),
            Self::ConcurrentChange | Self::WriterBusy => Some(RETRY_SECONDS),
            Self::EdgeNotReady | Self::LiveState(_) | Self::Journal(_) => Some(RETRY_SECONDS),
            Self::Store(error) if error.is_unavailable() => Some(RETRY_SECONDS),
            _ => None,
        }
    }

    pub(crate) fn field(field: &str, fault: FieldFault) -> Self {
        Self::Invalid(FieldErrors::one(field, fault))
    }
}

impl From<FieldErrors> for Error {
    fn from(errors: FieldErrors) -> Self {
        Self::Invalid(errors)
    }
}

/// Database errors are logged with their cause, which the problem does not contain.
impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        if let Error::Store(cause) = &error {
            tracing::error!(error = %cause, "the database failed a request");
        }
        match error {
            Error::Invalid(errors) => Self::invalid(errors),
            Error::NotFound(noun) => {
                Self::new(404, "not_found", "Not found", format!("There is no such {noun}. It may have been deleted."))
            }
            Error::Stale(current) => Self::new(
                409,
                "stale_version",
                "Changed by somebody else",
                "Somebody else saved this in the meantime. Compare both states, and save again.",
            )
            .with_current(current),
            Error::InUse { noun, uses } => Self::new(
                409,
                "in_use",
                "Still in use",
                format!("The {noun} is in use by {uses}. Change or delete what uses it first."),
            ),
            Error::StaleSelection { expected, total } => Self::new(
                409,
                "stale_selection",
                "The selection has changed",
                format!(
                    "The filter matched {expected} numbers and matches {total} now, so nothing was changed. Look at the list, \
                     and confirm again."
                ),
            )
            .with_current(serde_json::json!({ "total": total })),
            Error::ConcurrentChange => Self::new(
                503,
                "concurrent_changes",
                "Changed by others at the same time",
                "Others are changing the same row, and nothing was saved. Try again in a moment.",
            ),
            Error::NumberTaken { number, carrier_id, carrier_name, here, field } => {
                let remedy = if here { "Look for it in the list." } else { "Remove it there first." };
                let detail = format!("{number} is already a number of {carrier_name}. {remedy}");
                Self::new(409, "number_taken", "The number is taken", detail.clone())
                    .with_errors(FieldErrors::one(field, FieldFault::new("number_taken", detail)))
                    .with_current(serde_json::json!({ "carrier_id": carrier_id, "carrier_name": carrier_name }))
            }
            Error::NumberOwned { number, sip_id, carrier_id, carrier_name } => Self::new(
                409,
                "number_owned",
                "Yours already",
                format!("{number} is yours already, on the carrier {carrier_name}. Nothing was bought or changed."),
            )
            .with_current(serde_json::json!({
                "sip_id": sip_id, "carrier_id": carrier_id, "carrier_name": carrier_name
            })),
            Error::PurchaseUnderWay(purchase) => {
                let state = purchase.state.label().to_lowercase();
                let detail = format!(
                    "Another purchase of {} is under way ({state}). Its page shows how far it is.",
                    purchase.phone_number
                );
                Self::new(409, "purchase_under_way", "Purchase under way", detail).with_current(purchase)
            }
            Error::PurchaseFailed(purchase) => purchase_failed(&purchase),
            Error::PurchaseEnded(purchase) => {
                let state = purchase.state.label().to_lowercase();
                let detail = format!("This cannot be done with a purchase that is {state}.");
                Self::new(409, "purchase_ended", "The purchase has ended", detail).with_current(purchase)
            }
            Error::Unauthenticated => {
                Self::new(401, "unauthenticated", "Not logged in", "Log in, or send a valid token.")
            }
            Error::UnknownApiKey => Self::new(
                401,
                "unknown_api_key",
                "Unknown API key",
                "There is no such API key. Check that it is complete, and that it was not deleted.",
            ),
            Error::ApiKeyRefused(refusal) => {
                let code = match refusal {
                    ApiKeyRefusal::Inactive => "api_key_inactive",
                    ApiKeyRefusal::UserDisabled => "api_key_user_disabled",
                    ApiKeyRefusal::UserUnknown => "api_key_user_unknown",
                    ApiKeyRefusal::Expired => "api_key_expired",
                    ApiKeyRefusal::InvalidExpiry => "api_key_invalid_expiry",
                    ApiKeyRefusal::AddressNotAllowed(_) | ApiKeyRefusal::AddressUnknown => "api_key_address",
                };
                Self::new(403, code, "API key refused", refusal.to_string())
            }
            Error::NoSession => Self::new(
                403,
                "no_session",
                "No session",
                "An API key has no session. Switch the key off, or delete it, to end its access.",
            ),
            Error::SessionRequired => Self::new(
                403,
                "session_required",
                "Session required",
                "An API key can neither make an administrator nor create a link for one. Log in to the console as an \
                 administrator.",
            ),
            Error::WrongPassword => Self::new(
                401,
                "wrong_password",
                "Not logged in",
                "The e-mail address or the password is wrong. Check both and try again.",
            ),
            Error::Forbidden { needs } => Self::new(
                403,
                "forbidden",
                "Not allowed",
                format!("This requires the role {}. Ask an administrator.", needs.label().to_lowercase()),
            ),
            Error::UserDisabled => {
                Self::new(403, "user_disabled", "Disabled", "This user is disabled. Ask an administrator.")
            }
            Error::LastAdministrator => Self::new(
                409,
                "last_administrator",
                "The last administrator",
                "This is the last administrator who can log in. Make another active user an administrator first.",
            ),
            Error::LinkInvalid => Self::new(
                403,
                "link_invalid",
                "The link is not valid",
                "This link was used, replaced by a newer one, or has expired. Ask an administrator for another one.",
            ),
            Error::Throttled { retry_after_seconds } => Self::new(
                429,
                "too_many_tries",
                "Too many attempts",
                format!("Too many attempts to log in. Try again in {retry_after_seconds} seconds."),
            ),
            Error::SetupClosed => Self::new(
                403,
                "setup_closed",
                "Set-up is closed",
                "This link is not valid any more. Use the address that the server printed at its last start, or log in.",
            ),
            Error::SyncFailed(carrier) => {
                let detail = carrier.lk_sync_error.clone().unwrap_or_else(|| "The sync failed.".to_owned());
                Self::new(502, "livekit_failed", "The sync failed", detail).with_current(carrier)
            }
            Error::TrunkFailed { reason } => Self::new(
                502,
                "livekit_failed",
                "The trunk was not created",
                format!("Failed to create outbound trunk in LiveKit: {reason} Nothing was created; send the request again."),
            ),
            Error::EdgeNotReady => Self::new(
                503,
                "edge_not_ready",
                "The configuration of the edge was not read yet",
                "The server reads it from the database. Try again in a moment; /readyz says when it is there.",
            ),
            Error::LiveState(_) => Self::new(
                503,
                "live_state_unavailable",
                "The live state is not available",
                "Redis does not respond. Try again in a moment; if it fails again, the server's log has the reason.",
            ),
            Error::LiveKit(error) => {
                Self::new(502, "livekit_failed", "LiveKit does not answer as it should", error.to_string())
            }
            Error::Drifted(current) => Self::new(
                409,
                "state_changed",
                "The state has changed",
                "Trunkline or LiveKit has changed since the dry run, so nothing was done. Check it again before you decide.",
            )
            .with_current(current),
            Error::WriterBusy => Self::new(
                503,
                "livekit_busy",
                "LiveKit is being changed",
                "Other changes to LiveKit are under way, and nothing was done. Try again in a moment.",
            ),
            // Workers of the telephony API tell the reason by the beginning of the detail.
            Error::OutsideActiveHours { reason, .. } => Self::new(
                503,
                "outside_active_hours",
                "Outside active hours",
                format!("outside_active_hours: {reason}."),
            ),
            Error::Lookup(error) => error.into(),
            Error::NotConnected(provider) => Self::new(
                409,
                "not_connected",
                "Not connected",
                format!("No {provider} account is connected. An administrator connects one on the Integrations page."),
            ),
            Error::Exotel { error, current } => {
                Self::new(502, error.code(), "Exotel request failed", error.to_string()).with_current(current)
            }
            Error::Provider(error) => {
                let status = match &error {
                    ProviderError::Refused { .. } => 422,
                    ProviderError::RateLimited { .. } => 503,
                    _ => 502,
                };
                let problem = Self::new(status, error.code(), "The provider refused or failed", error.to_string());
                match error {
                    ProviderError::Refused { field: Some(field), message, .. } => {
                        let fault = FieldFault::new("provider_refused", message);
                        problem.with_errors(FieldErrors::one(field, fault))
                    }
                    _ => problem,
                }
            }
            Error::NoSipHost => Self::new(
                409,
                "no_sip_host",
                "LiveKit's SIP address is not configured",
                "Set LIVEKIT_SIP_HOST to LiveKit's SIP endpoint, to which the provider sends calls, and restart the server.",
            ),
            Error::Dialout(error) => error.into(),
            Error::NoFleet => Self::new(
                503,
                "no_fleet",
                "No fleet",
                "The fleet has no enabled server. An administrator adds one on the Fleet page.",
            ),
            Error::NoHealthyFleet => {
                Self::new(503, "no_healthy_fleet", "No healthy fleet server", "No healthy fleet server available")
            }
            Error::Journal(JournalError::Full) => Self::new(
                503,
                "edge_journal_full",
                "The journal of the edge is full",
                "The database could not be reached for too long. The edge is served again as soon as it can be reached.",
            ),
            Error::Journal(JournalError::Io(_)) => Self::new(
                503,
                "edge_journal_failed",
                "The journal of the edge cannot be written",
                "The data folder has no space or cannot be written; the server's log has the reason.",
            ),
            Error::Store(error) if error.is_unavailable() => Self::new(
                503,
                "database_unavailable",
                "The database is not available",
                "Nothing was changed. Try again in a moment; if it fails again, the server's log has the reason.",
            ),
            Error::Store(store::Error::CommitUnknown(_)) => Self::new(
                503,
                "commit_unknown",
                "The change may have been saved",
                "The connection to the database was lost while the change was being saved, so it may have been saved. Check before you try again.",
            ),
            // The cause goes to the log only: it may name tables, hosts and files.
            Error::Store(_) | Error::WrongMasterKey => Self::new(
                500,
                "internal",
                "Internal error",
                "Nothing was changed. Try again; if it fails again, the server's log has the reason under this request's id.",
            ),
        }
    }
}

/// A purchase that has ended without the number: the status is that of its reason.
fn purchase_failed(purchase: &NumberPurchaseView) -> Problem {
    let Some(error) = &purchase.error else {
        let detail = format!("{} was bought and deleted since.", purchase.phone_number);
        return Problem::new(409, "purchase_ended", "The purchase has ended", detail).with_current(purchase);
    };
    let (status, title) = match error.code.as_str() {
        "provider_refused" => (422, "The provider refused"),
        "provider_credentials_refused" => (502, "The provider does not accept the credentials"),
        "number_owned" => (409, "Yours already"),
        _ => (409, "The purchase failed"),
    };
    Problem::new(status, &error.code, title, error.message.clone()).with_current(purchase)
}
