//! Bindings against a model: REGISTERs of three phones that arrive twice and in any order.

use std::{collections::BTreeMap, marker::PhantomData};

use domain::{
    Timestamp,
    edge::binding::{Contact, Contacts, RegisterOutcome, Registration},
};
use proptest::{prelude::*, strategy::BoxedStrategy};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};

use super::{Engine, InMemory, InRedis, block_on, config};
use crate::engine::World;

const AOR: &str = "1001@acme.example";

/// By phone: the highest CSeq that arrived, and when that binding ends.
#[derive(Clone, Debug, Default)]
pub struct Model {
    now_sec: i64,
    phones: BTreeMap<u8, (u32, i64)>,
    last: Option<Arrival>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Arrival {
    Newest,
    Same,
    Older,
}

#[derive(Clone, Debug)]
pub enum Act {
    Register { phone: u8, cseq: u32, expires_sec: u32 },
    Advance(i64),
    RemoveExpired,
}

impl ReferenceStateMachine for Model {
    type State = Self;
    type Transition = Act;

    fn init_state() -> BoxedStrategy<Self> {
        Just(Self::default()).boxed()
    }

    fn transitions(_: &Self) -> BoxedStrategy<Act> {
        // The expiry follows from the CSeq: a REGISTER that arrives twice is the same both times.
        let register = (0..3_u8, 1..30_u32).prop_map(|(phone, cseq)| {
            let expires_sec = [0, 35, 65, 125][cseq as usize % 4];
            Act::Register { phone, cseq, expires_sec }
        });
        // Together less than the time for which a removal is remembered.
        prop_oneof![6 => register, 1 => Just(Act::Advance(10)), 1 => Just(Act::RemoveExpired)].boxed()
    }

    fn preconditions(model: &Self, act: &Act) -> bool {
        !matches!(act, Act::Advance(_)) || model.now_sec < 250
    }

    fn apply(mut model: Self, act: &Act) -> Self {
        model.last = None;
        match *act {
            Act::Advance(seconds) => model.now_sec += seconds,
            Act::RemoveExpired => {}
            Act::Register { phone, cseq, expires_sec } => {
                let known = model.phones.get(&phone).map_or(0, |(known, _)| *known);
                model.last = Some(match cseq.cmp(&known) {
                    std::cmp::Ordering::Less => Arrival::Older,
                    std::cmp::Ordering::Equal => Arrival::Same,
                    std::cmp::Ordering::Greater => {
                        model.phones.insert(phone, (cseq, model.now_sec + i64::from(expires_sec)));
                        Arrival::Newest
                    }
                });
            }
        }
        model
    }
}

struct Registrations<E>(PhantomData<E>);

impl<E: Engine> StateMachineTest for Registrations<E> {
    type SystemUnderTest = Option<World>;
    type Reference = Model;

    fn init_test(_: &Model) -> Option<World> {
        E::world()
    }

    fn apply(world: Option<World>, model: &Model, act: Act) -> Option<World> {
        let World { live, account, .. } = world.as_ref()?;
        match act {
            Act::Advance(seconds) => world.as_ref()?.advance(seconds * 1000),
            Act::RemoveExpired => drop(block_on(live.expired_bindings(account)).unwrap()),
            Act::Register { phone, cseq, expires_sec } => {
                let contact = Contact { uri: format!("sip:{phone}"), ..Contact::default() };
                let registration = Registration {
                    call_id: format!("phone-{phone}"),
                    cseq,
                    node: "edge-1".to_owned(),
                    registered_at: Timestamp::from_millis(1),
                    contacts: Contacts::Some(vec![(contact, expires_sec)]),
                };
                let arrival = match block_on(live.register(account, AOR, &registration)).unwrap() {
                    RegisterOutcome::Applied { .. } => Arrival::Newest,
                    RegisterOutcome::Repeated => Arrival::Same,
                    RegisterOutcome::OutOfOrder => Arrival::Older,
                    RegisterOutcome::TooMany => panic!("three phones are too many"),
                };
                assert_eq!(Some(arrival), model.last, "{registration:?}");
            }
        }
        world
    }

    fn check_invariants(world: &Option<World>, model: &Model) {
        let Some(World { live, account, .. }) = world else { return };
        let mut bindings: Vec<_> = block_on(live.bindings(account, AOR))
            .unwrap()
            .into_iter()
            .map(|binding| (binding.contact.uri, binding.cseq))
            .collect();
        bindings.sort();
        let registered = model.phones.iter().filter(|(_, (_, expires_sec))| *expires_sec > model.now_sec);
        let expected: Vec<_> = registered.map(|(phone, (cseq, _))| (format!("sip:{phone}"), *cseq)).collect();
        assert_eq!(bindings, expected);
    }
}

type MemoryBindings = Registrations<InMemory>;
type RedisBindings = Registrations<InRedis>;

prop_state_machine! {
    #![proptest_config(config())]
    #[test]
    fn memory_binds_like_the_model(sequential 1..60 => MemoryBindings);
    #[test]
    fn redis_binds_like_the_model(sequential 1..60 => RedisBindings);
}
