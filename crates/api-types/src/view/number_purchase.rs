use domain::{
    BotId, CarrierId, Country, DidId, NumberProviderKind, NumberPurchase, NumberPurchaseId, PurchaseState, Timestamp,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// `GET /api/v1/number-purchases/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NumberPurchaseView {
    /// Id of the row.
    pub id: NumberPurchaseId,
    /// The number, in its E.164 form.
    pub phone_number: String,
    /// The number for readers.
    pub formatted: String,
    /// The provider that sells it.
    pub provider: NumberProviderKind,
    /// The account at the provider that is charged.
    pub provider_account: String,
    /// The number's country.
    pub country_code: Country,
    /// The label that the DID gets.
    pub label: Option<String>,
    /// The bot that answers.
    pub agent_id: Option<BotId>,
    /// How far it is.
    pub state: PurchaseState,
    /// The steps in order.
    pub steps: Vec<PurchaseStepView>,
    /// Why the last attempt failed, or the purchase as a whole, and the remedy.
    pub error: Option<PurchaseErrorView>,
    /// Failed attempts of the current step.
    pub attempt: i64,
    /// When the next attempt is due; null where nothing is left to do.
    pub next_attempt_at: Option<Timestamp>,
    /// The carrier that received the number.
    pub carrier_id: Option<CarrierId>,
    /// The number's DID.
    pub sip_id: Option<DidId>,
    /// Who asked for it.
    pub requested_by: String,
    /// Something is left to do.
    pub is_active: bool,
    /// It can be given up: what was bought is then released.
    pub can_be_given_up: bool,
    /// Its number was deleted here and not released: the provider still charges for it.
    pub can_be_released: bool,
    /// Its release is under way, and can be ended once the number is released in the provider's console.
    pub can_be_marked_released: bool,
    /// When the purchase was requested.
    pub created_at: Timestamp,
    /// When something has changed last.
    pub updated_at: Timestamp,
}

/// One step of a purchase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PurchaseStepView {
    /// The step's name on pages.
    pub name: String,
    /// How it is.
    pub status: PurchaseStepStatus,
    /// When it was done.
    pub at: Option<Timestamp>,
}

/// How a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PurchaseStepStatus {
    /// Done.
    Done,
    /// Under way.
    Current,
    /// Its last attempt failed; it is repeated.
    Stuck,
    /// Not begun.
    Waiting,
    /// It will not be executed.
    Skipped,
}

/// Why a purchase does not proceed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PurchaseErrorView {
    /// Stable, for programs.
    pub code: String,
    /// What happened and the remedy, for people.
    pub message: String,
}

/// `GET /api/v1/number-purchases`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NumberPurchasePage {
    /// The purchases of the page, the newest first.
    pub items: Vec<NumberPurchaseView>,
    /// For the next page; null on the last one.
    pub next_cursor: Option<String>,
    /// How many purchases there are.
    pub total: i64,
}

impl From<&NumberPurchase> for NumberPurchaseView {
    fn from(purchase: &NumberPurchase) -> Self {
        let state = purchase.state;
        Self {
            id: purchase.id.clone(),
            phone_number: purchase.number.canonical().to_owned(),
            formatted: purchase.number.formatted(),
            provider: purchase.provider,
            provider_account: purchase.provider_account.clone(),
            country_code: purchase.country,
            label: purchase.label.as_ref().map(ToString::to_string),
            agent_id: purchase.bot_id.clone(),
            state,
            steps: steps(purchase),
            error: purchase
                .fault
                .as_ref()
                .map(|fault| PurchaseErrorView { code: fault.code.clone(), message: fault.message.clone() }),
            attempt: purchase.attempt,
            next_attempt_at: state.is_active().then_some(purchase.due_at),
            carrier_id: purchase.carrier_id.clone(),
            sip_id: purchase.did_id.clone(),
            requested_by: purchase.requester.name.clone(),
            is_active: state.is_active(),
            can_be_given_up: state.can_be_given_up(),
            can_be_released: purchase.can_be_released(),
            can_be_marked_released: state.can_be_marked_released(),
            created_at: purchase.created_at,
            updated_at: purchase.updated_at,
        }
    }
}

fn steps(purchase: &NumberPurchase) -> Vec<PurchaseStepView> {
    use PurchaseState::{Bought, Buying, Completed, Failed, Provisioning, Released, Releasing, Requested, Undoing};
    let completed_at = purchase.ended_at.filter(|_| purchase.state == Completed);
    let current = match purchase.state {
        Requested | Buying | Undoing => 1,
        Bought => 2,
        Provisioning => 3,
        Completed | Failed | Releasing | Released => 4,
    };
    let is_given_up = matches!(purchase.state, Failed | Undoing | Releasing | Released);
    let step = |index: usize, name: &str, at: Option<Timestamp>| {
        let status = match at {
            Some(_) => PurchaseStepStatus::Done,
            None if is_given_up && index >= 1 => PurchaseStepStatus::Skipped,
            None if index == current && purchase.fault.is_some() => PurchaseStepStatus::Stuck,
            None if index == current => PurchaseStepStatus::Current,
            // A release keeps no time of the sync that preceded it.
            None if index < current => PurchaseStepStatus::Done,
            None => PurchaseStepStatus::Waiting,
        };
        PurchaseStepView { name: name.to_owned(), status, at }
    };
    let mut steps = vec![
        step(0, "Intent Recorded", Some(purchase.created_at)),
        step(1, "Number Bought", purchase.bought_at),
        step(2, "Carrier and Number Recorded", purchase.provisioned_at),
        step(3, "Synced to LiveKit", completed_at),
    ];
    if matches!(purchase.state, Undoing | Releasing | Released) {
        let status = match (purchase.state, &purchase.fault) {
            (Released, _) => PurchaseStepStatus::Done,
            (_, Some(_)) => PurchaseStepStatus::Stuck,
            (_, None) => PurchaseStepStatus::Current,
        };
        let at = purchase.ended_at;
        steps.push(PurchaseStepView { name: "Released at the Provider".to_owned(), status, at });
    }
    steps
}
