//! An engine whose clock the tests advance.

use std::{
    env,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use domain::{
    AccountId, CarrierId, DidId, EdgeUserId, Timestamp,
    edge::cac::{Admission, AdmitRequest, CallParties, ChannelLimit, Dimension, EdgeDirection},
};
use live_state::{LiveState, Memory, Redis};
use ulid::Ulid;

pub const LEASE_MILLIS: i64 = 60_000;

/// An engine, and an account that no other test has.
#[derive(Clone)]
pub struct World {
    pub live: Arc<dyn LiveState>,
    pub account: AccountId,
    ahead: Arc<AtomicI64>,
}

impl World {
    pub fn memory() -> Self {
        let ahead = Arc::<AtomicI64>::default();
        let clock = ahead.clone();
        let live = Memory::new(move || Timestamp::from_millis(system_millis() + clock.load(Ordering::Relaxed)));
        Self { live: Arc::new(live), account: account(), ahead }
    }

    /// None without a server. CI has one.
    pub fn redis() -> Option<Self> {
        let Ok(url) = env::var("TEST_REDIS_URL") else {
            assert!(env::var("CI").is_err(), "TEST_REDIS_URL is not set: run the tests with scripts/with-redis");
            return None;
        };
        Some(Self::redis_at(&url))
    }

    pub fn redis_at(url: &str) -> Self {
        let ahead = Arc::<AtomicI64>::default();
        let live = Redis::with_clock_ahead(url, ahead.clone()).unwrap();
        Self { live: Arc::new(live), account: account(), ahead }
    }

    pub fn advance(&self, millis: i64) {
        self.ahead.fetch_add(millis, Ordering::Relaxed);
    }

    pub async fn admit(&self, request: &AdmitRequest) -> Admission {
        self.live.admit(&self.account, request).await.unwrap()
    }

    pub async fn admitted(&self, request: &AdmitRequest) -> bool {
        matches!(self.admit(request).await, Admission::Admitted(_))
    }

    pub async fn in_use(&self, dimension: &Dimension) -> u32 {
        let counters = self.live.counters(&self.account).await.unwrap();
        counters.channels.iter().find(|counter| counter.dimension == *dimension).map_or(0, |counter| counter.in_use)
    }
}

pub fn system_millis() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap()
}

/// A ULID that no other test has, also if another process uses the same Redis.
fn ulid() -> Ulid {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let random = u128::from(std::process::id()) << 40 | u128::from(NEXT.fetch_add(1, Ordering::Relaxed));
    Ulid::from_parts(system_millis().unsigned_abs(), random)
}

fn account() -> AccountId {
    AccountId::new(ulid())
}

/// A text that no other test has.
pub fn unique(prefix: &str) -> String {
    format!("{prefix}{}", ulid())
}

pub fn user(number: u64) -> Dimension {
    Dimension::User(EdgeUserId::new(Ulid::from_parts(number, 1)))
}

pub fn did(number: u64) -> Dimension {
    Dimension::Did(DidId::new(Ulid::from_parts(number, 2)))
}

pub fn carrier(number: u64) -> Dimension {
    Dimension::Carrier(CarrierId::new(Ulid::from_parts(number, 3)))
}

pub fn limit(dimension: Dimension, max: u32) -> ChannelLimit {
    ChannelLimit { dimension, max: Some(max) }
}

pub fn request(call_id: &str, channels: Vec<ChannelLimit>) -> AdmitRequest {
    AdmitRequest {
        call_id: call_id.to_owned(),
        parties: CallParties {
            direction: EdgeDirection::Inbound,
            from: "+14155550123".to_owned(),
            to: "+12025550123".to_owned(),
        },
        channels,
        alternatives: Vec::new(),
        windows: Vec::new(),
        lease_millis: LEASE_MILLIS,
    }
}
