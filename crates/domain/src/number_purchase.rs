//! Purchases of phone numbers: what follows from which answer of the provider. A purchase survives a crash at any point, since
//! each request to the provider that may cost money is recorded before it is sent, and since after a lost answer the provider
//! is asked whether the account owns the number.

use serde::{Deserialize, Serialize};
use strum::{EnumIter, EnumString, IntoStaticStr};

use crate::{
    AccountId, ActorId, BotId, CarrierId, Country, DidId, Label, NumberProviderKind, NumberPurchaseId, PhoneNumber,
    Timestamp, UserId,
};

/// How long a purchase may take until the number is bought: a server that was down for longer does not buy what nobody
/// waits for any more.
pub const BUY_LIMIT_MILLIS: i64 = 60 * 60 * 1000;
/// For how long after the last request to buy a number the provider may still execute it. Before that, "not owned" does not
/// say that it was not bought.
pub const BUY_SETTLED_MILLIS: i64 = 60 * 1000;

/// One purchase, and perhaps the release of its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberPurchase {
    /// Id of the row.
    pub id: NumberPurchaseId,
    /// The account of the row.
    pub account_id: AccountId,
    /// The number, in its E.164 form.
    pub number: PhoneNumber,
    /// The provider that sells it.
    pub provider: NumberProviderKind,
    /// The account at the provider that is asked, and that is charged: Twilio's `AC…`, or Vonage's API key.
    pub provider_account: String,
    /// The country of the number.
    pub country: Country,
    /// The label that the DID gets.
    pub label: Option<Label>,
    /// The bot that answers.
    pub bot_id: Option<BotId>,
    /// Who asked for it.
    pub requester: Requester,
    /// How far it is.
    pub state: PurchaseState,
    /// How often the provider was asked to buy the number.
    pub buys: i64,
    /// When it was asked last.
    pub buy_sent_at: Option<Timestamp>,
    /// Why the provider has refused the last request to buy, where an earlier one may have been executed.
    pub refusal: Option<PurchaseFault>,
    /// The provider's own id of the number.
    pub provider_ref: Option<String>,
    /// The carrier that received the number.
    pub carrier_id: Option<CarrierId>,
    /// The number's DID.
    pub did_id: Option<DidId>,
    /// When the provider had confirmed the purchase.
    pub bought_at: Option<Timestamp>,
    /// When carrier and DID were recorded.
    pub provisioned_at: Option<Timestamp>,
    /// When a final state was reached.
    pub ended_at: Option<Timestamp>,
    /// Failed attempts of the current step.
    pub attempt: i64,
    /// When the next attempt is due.
    pub due_at: Timestamp,
    /// Why the last attempt failed, or the purchase as a whole.
    pub fault: Option<PurchaseFault>,
    /// When the purchase was requested.
    pub created_at: Timestamp,
    /// When the state changed last.
    pub updated_at: Timestamp,
    /// Increases with each change.
    pub version: i64,
}

/// Who asked for a purchase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requester {
    /// The user or the API key.
    pub actor: Option<ActorId>,
    /// Its name at that time.
    pub name: String,
    /// The user, or the one behind the API key.
    pub user_id: Option<UserId>,
}

/// Why a step failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PurchaseFault {
    /// Stable, for programs: `number_unavailable`.
    pub code: String,
    /// What happened and the remedy, for people.
    pub message: String,
}

impl PurchaseFault {
    /// A fault with this code and message.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code: code.into(), message: message.into() }
    }
}

/// How far a purchase is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, EnumIter, EnumString, IntoStaticStr)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum PurchaseState {
    /// The intent is recorded; the provider was not asked to buy the number.
    Requested,
    /// The provider was, or is about to be, asked to buy the number; its answer is not known.
    Buying,
    /// The account owns the number; it has no carrier yet.
    Bought,
    /// Carrier and DID are recorded, and LiveKit follows.
    Provisioning,
    /// LiveKit has the number.
    Completed,
    /// Nothing was bought.
    Failed,
    /// Given up while the provider's answer was not known: if it has sold the number, it is released.
    Undoing,
    /// The number is to be released at the provider.
    Releasing,
    /// The account does not own the number any more.
    Released,
}

impl PurchaseState {
    /// The spelling in JSON and in the database: `buying`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The spelling on pages: `Buying`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Requested => "Requested",
            Self::Buying => "Buying",
            Self::Bought => "Bought",
            Self::Provisioning => "Provisioning",
            Self::Completed => "Completed",
            Self::Failed => "Failed",
            Self::Undoing => "Undoing",
            Self::Releasing => "Releasing",
            Self::Released => "Released",
        }
    }

    /// Whether there is something left to do.
    pub fn is_active(self) -> bool {
        !matches!(self, Self::Completed | Self::Failed | Self::Released)
    }

    /// Whether a person may give the purchase up.
    pub fn can_be_given_up(self) -> bool {
        matches!(self, Self::Requested | Self::Buying | Self::Bought | Self::Provisioning)
    }

    /// Whether a person may say that the number was released at the provider.
    pub fn can_be_marked_released(self) -> bool {
        matches!(self, Self::Undoing | Self::Releasing)
    }
}

/// What the provider answered to a request to buy a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BuyAnswer {
    /// Sold, with the provider's own id of the number.
    Bought {
        /// The provider's own id of the number.
        provider_ref: Option<String>,
    },
    /// Refused: a repetition would be refused as well.
    Refused(PurchaseFault),
    /// Not executed, but perhaps later: too many requests, or the request was not sent.
    NotExecuted(PurchaseFault),
    /// The answer was lost.
    Unknown(PurchaseFault),
}

impl NumberPurchase {
    /// Moves to another state, in which the attempts are counted anew. The caller adds what the state is about.
    #[must_use]
    pub fn moved(self, state: PurchaseState, now: Timestamp) -> Self {
        let ended_at = (!state.is_active()).then_some(now);
        Self { state, ended_at, attempt: 0, due_at: now, fault: None, updated_at: now, ..self }
    }

    /// The end without a purchase.
    #[must_use]
    pub fn failed(self, fault: PurchaseFault, now: Timestamp) -> Self {
        Self { fault: Some(fault), ..self.moved(PurchaseState::Failed, now) }
    }

    /// The account owns the number.
    #[must_use]
    pub fn bought(self, provider_ref: Option<String>, now: Timestamp) -> Self {
        Self { provider_ref, bought_at: Some(now), refusal: None, ..self.moved(PurchaseState::Bought, now) }
    }

    /// The provider is about to be asked to buy the number.
    #[must_use]
    pub fn buying(self, now: Timestamp) -> Self {
        let (attempt, buys) = (self.attempt, self.buys + 1);
        Self { attempt, buys, buy_sent_at: Some(now), ..self.moved(PurchaseState::Buying, now) }
    }

    /// The step failed, and is repeated at `due_at`.
    #[must_use]
    pub fn postponed(self, fault: PurchaseFault, due_at: Timestamp, now: Timestamp) -> Self {
        Self { fault: Some(fault), attempt: self.attempt + 1, due_at, updated_at: now, ..self }
    }

    /// What follows in [`PurchaseState::Requested`], [`PurchaseState::Buying`] and [`PurchaseState::Undoing`] from whether the
    /// account owns the number, with the provider's own id.
    pub fn after_check(self, owned: Option<Option<String>>, now: Timestamp) -> AfterCheck {
        use PurchaseState::{Buying, Releasing, Requested, Undoing};
        let settled = self.buy_sent_at.is_none_or(|sent| now.millis() - sent.millis() >= BUY_SETTLED_MILLIS);
        match (self.state, owned) {
            (Requested, Some(_)) => {
                let fault = already_owned(&self);
                AfterCheck::Write(self.failed(fault, now))
            }
            (Buying, Some(provider_ref)) => AfterCheck::Write(self.bought(provider_ref, now)),
            (Undoing, Some(provider_ref)) => {
                AfterCheck::Write(Self { provider_ref, bought_at: Some(now), ..self.moved(Releasing, now) })
            }
            // It is not asked again: what counts is whether an earlier request was executed.
            (Buying, None) if self.refusal.is_some() => match self.refusal.clone().filter(|_| settled) {
                Some(refusal) => AfterCheck::Write(self.failed(refusal, now)),
                None => AfterCheck::CheckAgain,
            },
            (Requested | Buying, None) if now.millis() - self.created_at.millis() < BUY_LIMIT_MILLIS => {
                AfterCheck::Buy(self.buying(now))
            }
            (Requested, None) => AfterCheck::Write(self.failed(expired(), now)),
            (Buying, None) if settled => AfterCheck::Write(self.failed(expired(), now)),
            (Undoing, None) if settled => AfterCheck::Write(self.failed(given_up(), now)),
            _ => AfterCheck::CheckAgain,
        }
    }

    /// What follows from the answer to a request to buy.
    #[must_use]
    pub fn after_buy(self, answer: BuyAnswer, next_attempt: Timestamp, now: Timestamp) -> Self {
        // An earlier request may have been executed, which this answer does not tell: the next step asks.
        let is_first = self.buys <= 1;
        match answer {
            BuyAnswer::Bought { provider_ref } => self.bought(provider_ref, now),
            BuyAnswer::Refused(fault) if is_first => self.failed(fault, now),
            BuyAnswer::NotExecuted(fault) if is_first => {
                let state = PurchaseState::Requested;
                Self { state, buys: 0, buy_sent_at: None, ..self.postponed(fault, next_attempt, now) }
            }
            BuyAnswer::Refused(fault) => {
                Self { refusal: Some(fault.clone()), ..self.postponed(fault, next_attempt, now) }
            }
            BuyAnswer::NotExecuted(fault) | BuyAnswer::Unknown(fault) => self.postponed(fault, next_attempt, now),
        }
    }

    /// What a person's decision to give the purchase up leads to; None in a state in which it cannot be given up.
    #[must_use]
    pub fn given_up(self, now: Timestamp) -> Option<Self> {
        match self.state {
            PurchaseState::Requested => Some(self.failed(given_up(), now)),
            PurchaseState::Buying => Some(self.moved(PurchaseState::Undoing, now)),
            PurchaseState::Bought | PurchaseState::Provisioning => Some(self.moved(PurchaseState::Releasing, now)),
            _ => None,
        }
    }

    /// Whether the number is to be released by the purchase's id: it is bought, and its DID is deleted.
    pub fn can_be_released(&self) -> bool {
        self.state == PurchaseState::Completed && self.did_id.is_none()
    }

    /// LiveKit has the number, or its DID was deleted meanwhile: the provider charges for it all the same.
    #[must_use]
    pub fn completed(self, has_did: bool, now: Timestamp) -> Self {
        let fault = (!has_did).then(|| {
            let (number, provider) = (self.number.canonical(), self.provider.name());
            let message = format!("{number} was deleted here, and {provider} still charges for it: release it.");
            PurchaseFault::new("number_deleted", message)
        });
        Self { fault, ..self.moved(PurchaseState::Completed, now) }
    }

    /// The end of a release that the provider does not answer, on a person's word; None where none is under way.
    #[must_use]
    pub fn marked_released(self, now: Timestamp) -> Option<Self> {
        self.state.can_be_marked_released().then(|| self.moved(PurchaseState::Released, now))
    }
}

/// What follows from whether the account owns the number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AfterCheck {
    /// The purchase as it is now.
    Write(NumberPurchase),
    /// The purchase as it is to be written before the provider is asked to buy the number.
    Buy(NumberPurchase),
    /// The provider may still execute a request to buy: ask again later.
    CheckAgain,
}

fn already_owned(purchase: &NumberPurchase) -> PurchaseFault {
    let (number, provider) = (purchase.number.canonical(), purchase.provider.name());
    PurchaseFault::new(
        "number_owned",
        format!(
            "{number} is yours already at {provider}, and no carrier here has it. Nothing was bought or changed there. \
             Register it, or add it to a carrier."
        ),
    )
}

fn expired() -> PurchaseFault {
    let message = "The number could not be bought within an hour, so the purchase was ended; nothing was bought. Request it again.";
    PurchaseFault::new("purchase_expired", message)
}

fn given_up() -> PurchaseFault {
    PurchaseFault::new("given_up", "The purchase was given up; nothing was bought.")
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    const NOW: i64 = 1_700_000_000_000;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(NOW + millis)
    }

    fn requested() -> NumberPurchase {
        NumberPurchase {
            id: NumberPurchaseId::new(Ulid::from_parts(1, 1)),
            account_id: AccountId::new(Ulid::from_parts(1, 2)),
            number: PhoneNumber::restore("+14155550123".into(), Some("+14155550123".into()), "14155550123".into()),
            provider: NumberProviderKind::Twilio,
            provider_account: "AC1".to_owned(),
            country: "US".parse().unwrap(),
            label: None,
            bot_id: None,
            requester: Requester { actor: None, name: "command line".into(), user_id: None },
            state: PurchaseState::Requested,
            buys: 0,
            buy_sent_at: None,
            refusal: None,
            provider_ref: None,
            carrier_id: None,
            did_id: None,
            bought_at: None,
            provisioned_at: None,
            ended_at: None,
            attempt: 0,
            due_at: at(0),
            fault: None,
            created_at: at(0),
            updated_at: at(0),
            version: 1,
        }
    }

    fn written(after: AfterCheck) -> NumberPurchase {
        match after {
            AfterCheck::Write(purchase) => purchase,
            other => panic!("{other:?}"),
        }
    }

    fn fault() -> PurchaseFault {
        PurchaseFault::new("x", "y")
    }

    #[test]
    fn owned_number_is_not_bought() {
        let failed = written(requested().after_check(Some(None), at(1)));
        assert_eq!(failed.state, PurchaseState::Failed);
        assert_eq!(failed.fault.unwrap().code, "number_owned");
        assert_eq!(failed.buys, 0);
    }

    #[test]
    fn request_is_recorded_before_it_is_sent() {
        let AfterCheck::Buy(buying) = requested().after_check(None, at(5)) else { panic!() };
        assert_eq!((buying.state, buying.buys, buying.buy_sent_at), (PurchaseState::Buying, 1, Some(at(5))));
    }

    #[test]
    fn number_sold_by_a_lost_answer_is_bought_once() {
        let AfterCheck::Buy(buying) = requested().after_check(None, at(0)) else { panic!() };
        let unknown = buying.after_buy(BuyAnswer::Unknown(fault()), at(2_000), at(10));
        assert_eq!((unknown.state, unknown.attempt), (PurchaseState::Buying, 1));
        let bought = written(unknown.after_check(Some(Some("PN1".into())), at(2_000)));
        assert_eq!((bought.state, bought.buys), (PurchaseState::Bought, 1));
        assert_eq!(bought.provider_ref.as_deref(), Some("PN1"));
    }

    #[test]
    fn refusal_after_an_earlier_request_is_checked() {
        let AfterCheck::Buy(first) = requested().after_check(None, at(0)) else { panic!() };
        assert_eq!(first.clone().after_buy(BuyAnswer::Refused(fault()), at(9), at(1)).state, PurchaseState::Failed);
        let AfterCheck::Buy(second) = first.after_check(None, at(3_000)) else { panic!() };
        let refused = second.after_buy(BuyAnswer::Refused(fault()), at(5_000), at(3_100));
        assert_eq!(refused.state, PurchaseState::Buying);
        assert_eq!(refused.clone().after_check(None, at(5_000)), AfterCheck::CheckAgain, "it is not asked again");
        let failed = written(refused.clone().after_check(None, at(3_000 + BUY_SETTLED_MILLIS)));
        assert_eq!((failed.state, failed.fault), (PurchaseState::Failed, Some(fault())));
        assert_eq!(written(refused.after_check(Some(None), at(5_000))).state, PurchaseState::Bought);
    }

    #[test]
    fn request_that_was_not_executed_is_no_purchase() {
        let AfterCheck::Buy(buying) = requested().after_check(None, at(0)) else { panic!() };
        let again = buying.after_buy(BuyAnswer::NotExecuted(fault()), at(2_000), at(10));
        assert_eq!((again.state, again.buys, again.due_at), (PurchaseState::Requested, 0, at(2_000)));
    }

    #[test]
    fn old_request_buys_nothing() {
        let late = at(BUY_LIMIT_MILLIS);
        assert_eq!(written(requested().after_check(None, late)).fault.unwrap().code, "purchase_expired");
        let AfterCheck::Buy(buying) = requested().after_check(None, at(BUY_LIMIT_MILLIS - 1)) else { panic!() };
        assert_eq!(buying.clone().after_check(None, late), AfterCheck::CheckAgain, "the answer may be under way");
        let settled = at(BUY_LIMIT_MILLIS + BUY_SETTLED_MILLIS);
        assert_eq!(written(buying.after_check(None, settled)).state, PurchaseState::Failed);
    }

    #[test]
    fn given_up_purchase_is_released_if_it_was_executed() {
        assert_eq!(requested().given_up(at(1)).unwrap().state, PurchaseState::Failed);
        let AfterCheck::Buy(buying) = requested().after_check(None, at(0)) else { panic!() };
        let undoing = buying.clone().given_up(at(1)).unwrap();
        assert_eq!(undoing.clone().after_check(None, at(2)), AfterCheck::CheckAgain);
        assert_eq!(written(undoing.clone().after_check(None, at(BUY_SETTLED_MILLIS))).state, PurchaseState::Failed);
        let releasing = written(undoing.after_check(Some(Some("PN1".into())), at(2)));
        assert_eq!((releasing.state, releasing.provider_ref.as_deref()), (PurchaseState::Releasing, Some("PN1")));
        let bought = buying.bought(None, at(1)).given_up(at(2)).unwrap();
        assert_eq!(bought.state, PurchaseState::Releasing);
        assert_eq!(bought.given_up(at(3)), None);
    }

    #[test]
    fn completed_purchase_without_a_did_can_be_released() {
        let deleted = requested().completed(false, at(1));
        assert_eq!((deleted.state, deleted.can_be_released()), (PurchaseState::Completed, true));
        assert_eq!(deleted.fault.unwrap().code, "number_deleted");
        let did_id = Some(DidId::new(Ulid::from_parts(1, 3)));
        let completed = NumberPurchase { did_id, ..requested() }.completed(true, at(1));
        assert_eq!((completed.fault.is_none(), completed.can_be_released()), (true, false));
    }

    #[test]
    fn only_a_release_can_be_marked_as_done() {
        let releasing = requested().moved(PurchaseState::Releasing, at(1));
        assert_eq!(releasing.marked_released(at(2)).unwrap().state, PurchaseState::Released);
        assert_eq!(requested().marked_released(at(2)), None);
    }

    #[test]
    fn final_states_have_an_end() {
        use strum::IntoEnumIterator;
        for state in PurchaseState::iter() {
            assert_eq!(requested().moved(state, at(1)).ended_at.is_none(), state.is_active(), "{state:?}");
        }
    }
}
