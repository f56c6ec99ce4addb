//! Admissions against a model that has no counters: it counts the calls themselves each time.
//!
//! The clock advances by tens of seconds, leases and periods end on fives: the time that a test takes changes nothing.

use std::marker::PhantomData;

use domain::{
    CallLimitId,
    edge::cac::{Admission, AdmitRequest, ChannelLimit, Dimension, WindowKey, WindowLimit},
};
use proptest::{prelude::*, strategy::BoxedStrategy};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};
use ulid::Ulid;

use super::{Engine, InMemory, InRedis, block_on, config};
use crate::engine::{World, carrier, did, request, user};

#[derive(Clone, Debug, Default)]
pub struct Model {
    now_sec: i64,
    open: Vec<ModelCall>,
    /// When calls began, by window.
    began: Vec<(WindowKey, i64, u32)>,
    last: Option<ModelAnswer>,
}

#[derive(Clone, Debug)]
struct ModelCall {
    id: String,
    dimensions: Vec<Dimension>,
    expires_sec: i64,
}

/// What the engine must answer to the last act.
#[derive(Clone, Debug, PartialEq)]
enum ModelAnswer {
    Admit { admitted: bool, alternative: Option<usize> },
    Changed(bool),
    Count(usize),
}

#[derive(Clone, Debug)]
pub enum Act {
    Admit(AdmitRequest),
    Release(String),
    Renew(String, i64),
    Advance(i64),
    Reset,
}

impl Model {
    fn in_use(&self, dimension: &Dimension) -> usize {
        self.open.iter().filter(|call| call.dimensions.contains(dimension)).count()
    }

    fn free(&self, limit: &ChannelLimit) -> bool {
        limit.max.is_none_or(|max| self.in_use(&limit.dimension) < max as usize)
    }

    fn in_window(&self, key: &WindowKey) -> usize {
        let counts =
            |(window, at, period): &&(WindowKey, i64, u32)| window == key && self.now_sec < at + i64::from(*period);
        self.began.iter().filter(counts).count()
    }

    fn admit(&mut self, request: &AdmitRequest) -> ModelAnswer {
        if let Some(call) = self.open.iter().find(|call| call.id == request.call_id) {
            let used = |limit: &ChannelLimit| call.dimensions.contains(&limit.dimension);
            return ModelAnswer::Admit { admitted: true, alternative: request.alternatives.iter().position(used) };
        }
        let alternative = request.alternatives.iter().position(|limit| self.free(limit));
        let full = |window: &&WindowLimit| window.hard && self.in_window(&window.key) >= window.max_count as usize;
        if !request.channels.iter().all(|limit| self.free(limit))
            || request.windows.iter().find(full).is_some()
            || (alternative.is_none() && !request.alternatives.is_empty())
        {
            return ModelAnswer::Admit { admitted: false, alternative: None };
        }
        let mut dimensions: Vec<_> = request.channels.iter().map(|limit| limit.dimension.clone()).collect();
        dimensions.extend(alternative.map(|index| request.alternatives[index].dimension.clone()));
        let expires_sec = self.now_sec + request.lease_millis / 1000;
        self.open.push(ModelCall { id: request.call_id.clone(), dimensions, expires_sec });
        self.began.extend(request.windows.iter().map(|window| (window.key.clone(), self.now_sec, window.period_sec)));
        ModelAnswer::Admit { admitted: true, alternative }
    }
}

fn call_id() -> impl Strategy<Value = String> {
    (0..8_u8).prop_map(|number| format!("call-{number}"))
}

fn limits() -> impl Strategy<Value = Vec<ChannelLimit>> {
    let dimension = prop_oneof![
        Just(Dimension::AccountIn),
        Just(Dimension::AccountOut),
        (0..2_u64).prop_map(user),
        (0..2_u64).prop_map(did),
    ];
    let limit = (dimension, prop::option::weighted(0.9, 0..4_u32));
    prop::collection::vec(limit.prop_map(|(dimension, max)| ChannelLimit { dimension, max }), 0..4)
}

fn carriers() -> impl Strategy<Value = Vec<ChannelLimit>> {
    let limit = (0..3_u64, 0..3_u32);
    prop::collection::vec(limit.prop_map(|(id, max)| ChannelLimit { dimension: carrier(id), max: Some(max) }), 0..3)
}

/// The period and the kind are those of the limit's id.
fn windows() -> impl Strategy<Value = Vec<WindowLimit>> {
    prop::sample::subsequence(vec![0_u64, 1, 2], 0..=2).prop_flat_map(|ids| {
        let window = |id: u64| {
            (1..5_u32).prop_map(move |max_count| WindowLimit {
                key: WindowKey { limit: CallLimitId::new(Ulid::from_parts(id, 4)), subject: String::new() },
                period_sec: [25, 45, 65][id as usize],
                max_count,
                hard: id != 2,
            })
        };
        ids.into_iter().map(window).collect::<Vec<_>>()
    })
}

impl ReferenceStateMachine for Model {
    type State = Self;
    type Transition = Act;

    fn init_state() -> BoxedStrategy<Self> {
        Just(Self::default()).boxed()
    }

    fn transitions(_: &Self) -> BoxedStrategy<Act> {
        let lease = prop_oneof![Just(15_i64), Just(35), Just(95)];
        let admit = (call_id(), limits(), carriers(), windows(), lease.clone()).prop_map(
            |(id, channels, alternatives, windows, lease)| {
                let lease_millis = lease * 1000;
                Act::Admit(AdmitRequest { alternatives, windows, lease_millis, ..request(&id, channels) })
            },
        );
        prop_oneof![
            8 => admit,
            4 => call_id().prop_map(Act::Release),
            2 => (call_id(), lease).prop_map(|(id, lease)| Act::Renew(id, lease)),
            3 => (1..4_i64).prop_map(|tens| Act::Advance(tens * 10)),
            1 => Just(Act::Reset),
        ]
        .boxed()
    }

    fn apply(mut model: Self, act: &Act) -> Self {
        model.last = match act {
            Act::Admit(request) => Some(model.admit(request)),
            Act::Release(id) => {
                let open = model.open.len();
                model.open.retain(|call| call.id != *id);
                Some(ModelAnswer::Changed(model.open.len() < open))
            }
            Act::Renew(id, lease) => {
                let expires_sec = model.now_sec + lease;
                let call = model.open.iter_mut().find(|call| call.id == *id);
                Some(ModelAnswer::Changed(call.map(|call| call.expires_sec = expires_sec).is_some()))
            }
            Act::Advance(seconds) => {
                model.now_sec += seconds;
                let now = model.now_sec;
                model.open.retain(|call| call.expires_sec > now);
                None
            }
            Act::Reset => {
                model.began.clear();
                Some(ModelAnswer::Count(std::mem::take(&mut model.open).len()))
            }
        };
        model
    }
}

struct Admissions<E>(PhantomData<E>);

impl<E: Engine> StateMachineTest for Admissions<E> {
    type SystemUnderTest = Option<World>;
    type Reference = Model;

    fn init_test(_: &Model) -> Option<World> {
        E::world()
    }

    fn apply(world: Option<World>, model: &Model, act: Act) -> Option<World> {
        let World { live, account, .. } = world.as_ref()?;
        let answer = block_on(async {
            match &act {
                Act::Admit(request) => Some(match live.admit(account, request).await.unwrap() {
                    Admission::Admitted(call) => ModelAnswer::Admit { admitted: true, alternative: call.alternative },
                    Admission::Refused(_) => ModelAnswer::Admit { admitted: false, alternative: None },
                }),
                Act::Release(id) => Some(ModelAnswer::Changed(live.release(account, id).await.unwrap().is_some())),
                Act::Renew(id, lease) => {
                    let lease = std::time::Duration::from_secs(lease.unsigned_abs());
                    Some(ModelAnswer::Changed(live.renew(account, id, lease).await.unwrap()))
                }
                Act::Advance(seconds) => {
                    world.as_ref()?.advance(seconds * 1000);
                    None
                }
                Act::Reset => Some(ModelAnswer::Count(live.reset(account).await.unwrap())),
            }
        });
        assert_eq!(answer, model.last, "{act:?}");
        world
    }

    fn check_invariants(world: &Option<World>, model: &Model) {
        let Some(World { live, account, .. }) = world else { return };
        let (counters, open) =
            block_on(async { (live.counters(account).await.unwrap(), live.open_calls(account).await.unwrap()) });
        let mut ids: Vec<_> = open.iter().map(|call| call.call_id.clone()).collect();
        let mut expected: Vec<_> = model.open.iter().map(|call| call.id.clone()).collect();
        ids.sort();
        expected.sort();
        assert_eq!(ids, expected);
        for counter in &counters.channels {
            assert_eq!(counter.in_use as usize, model.in_use(&counter.dimension), "{counter:?}");
        }
        let counted = |dimension: &Dimension| counters.channels.iter().any(|other| other.dimension == *dimension);
        assert!(model.open.iter().flat_map(|call| &call.dimensions).all(counted));
        for window in &counters.windows {
            assert_eq!(window.count, model.in_window(&window.limit.key) as u64, "{window:?}");
        }
        let windows = model.began.iter().filter(|(key, ..)| model.in_window(key) > 0);
        assert!(windows.clone().all(|(key, ..)| counters.windows.iter().any(|window| window.limit.key == *key)));
    }
}

type MemoryAdmissions = Admissions<InMemory>;
type RedisAdmissions = Admissions<InRedis>;

prop_state_machine! {
    #![proptest_config(config())]
    #[test]
    fn memory_counts_like_the_model(sequential 1..60 => MemoryAdmissions);
    #[test]
    fn redis_counts_like_the_model(sequential 1..60 => RedisAdmissions);
}
