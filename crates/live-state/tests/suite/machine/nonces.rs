//! Nonce counts against a model that remembers every use.

use std::{marker::PhantomData, time::Duration};

use live_state::NonceUse;
use proptest::{prelude::*, strategy::BoxedStrategy};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};

use super::{Engine, InMemory, InRedis, block_on, config};
use crate::engine::{World, unique};

/// Uses in the order of their arrival: nonce, count, response.
#[derive(Clone, Debug, Default)]
pub struct Model {
    accepted: Vec<Use>,
    last: Option<NonceUse>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Use {
    nonce: usize,
    count: u32,
    response: u8,
}

impl ReferenceStateMachine for Model {
    type State = Self;
    type Transition = Use;

    fn init_state() -> BoxedStrategy<Self> {
        Just(Self::default()).boxed()
    }

    fn transitions(_: &Self) -> BoxedStrategy<Use> {
        (0..2_usize, 1..12_u32, 0..2_u8).prop_map(|(nonce, count, response)| Use { nonce, count, response }).boxed()
    }

    fn apply(mut model: Self, used: &Use) -> Self {
        let before = || model.accepted.iter().filter(|other| other.nonce == used.nonce);
        let kind = if before().all(|other| other.count < used.count) {
            NonceUse::Fresh
        } else if before().next_back() == Some(used) {
            NonceUse::Retransmission
        } else {
            NonceUse::Replay
        };
        if kind == NonceUse::Fresh {
            model.accepted.push(used.clone());
        }
        model.last = Some(kind);
        model
    }
}

struct Nonces<E>(PhantomData<E>);

impl<E: Engine> StateMachineTest for Nonces<E> {
    type SystemUnderTest = Option<(World, [String; 2])>;
    type Reference = Model;

    fn init_test(_: &Model) -> Self::SystemUnderTest {
        E::world().map(|world| (world, [unique("n"), unique("n")]))
    }

    fn apply(state: Self::SystemUnderTest, model: &Model, used: Use) -> Self::SystemUnderTest {
        let (world, nonces) = state.as_ref()?;
        let response = used.response.to_string();
        let act = world.live.use_nonce(&nonces[used.nonce], used.count, &response, Duration::from_secs(600));
        assert_eq!(Some(block_on(act).unwrap()), model.last, "{used:?}");
        state
    }
}

type MemoryNonces = Nonces<InMemory>;
type RedisNonces = Nonces<InRedis>;

prop_state_machine! {
    #![proptest_config(config())]
    #[test]
    fn memory_counts_nonces_like_the_model(sequential 1..60 => MemoryNonces);
    #[test]
    fn redis_counts_nonces_like_the_model(sequential 1..60 => RedisNonces);
}
