//! Which page an address is.

use std::str::FromStr;

use leptos::prelude::*;
use leptos_router::hooks::use_location;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Start,
    Setup,
    Login,
    Home,
    Carriers,
    CreateCarrier,
    Carrier,
    CarrierLiveKit,
    Bots,
    CreateBot,
    Bot,
    Audit,
    Exotel,
    /// Behind the login, but no page.
    NowhereInside,
    #[cfg(debug_assertions)]
    Design,
    Nowhere,
}

impl Place {
    /// Of a path such as `/dashboard/carriers/car_…`; a slash at its end says nothing.
    pub fn at(path: &str) -> Self {
        let mut parts = path.split('/').filter(|part| !part.is_empty());
        let rest = match parts.next() {
            None => return Self::Start,
            Some("dashboard") => parts.collect::<Vec<_>>(),
            Some(first) if parts.next().is_none() => return Self::outside(first),
            Some(_) => return Self::Nowhere,
        };
        match rest.as_slice() {
            [] => Self::Home,
            ["carriers"] => Self::Carriers,
            ["carriers", "create"] => Self::CreateCarrier,
            ["carriers", _] => Self::Carrier,
            ["carriers", _, "livekit"] => Self::CarrierLiveKit,
            ["bots"] => Self::Bots,
            ["bots", "create"] => Self::CreateBot,
            ["bots", _] => Self::Bot,
            ["audit"] => Self::Audit,
            ["integrations", "exotel"] => Self::Exotel,
            _ => Self::NowhereInside,
        }
    }

    fn outside(part: &str) -> Self {
        match part {
            "setup" => Self::Setup,
            "login" => Self::Login,
            #[cfg(debug_assertions)]
            "design" => Self::Design,
            _ => Self::Nowhere,
        }
    }

    /// Behind the login.
    pub fn is_inside(self) -> bool {
        match self {
            Self::Start | Self::Setup | Self::Login | Self::Nowhere => false,
            #[cfg(debug_assertions)]
            Self::Design => false,
            _ => true,
        }
    }
}

/// Where the browser is.
pub fn use_place() -> Memo<Place> {
    let pathname = use_location().pathname;
    Memo::new(move |_| pathname.with(|path| Place::at(path)))
}

/// The id in the address of a carrier's or a bot's page; None where it is none.
pub fn use_id<T>() -> Memo<Option<T>>
where
    T: FromStr + Clone + PartialEq + Send + Sync + 'static,
{
    let pathname = use_location().pathname;
    let here = pathname.with_untracked(|path| Place::at(path));
    Memo::new(move |before: Option<&Option<T>>| {
        pathname.with(|path| {
            // On the way to another page this one's row stays.
            if Place::at(path) != here {
                return before.cloned().flatten();
            }
            path.split('/').nth(3).and_then(|id| id.parse().ok())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_is_one_place() {
        for (path, place) in [
            ("/", Place::Start),
            ("/setup", Place::Setup),
            ("/login/", Place::Login),
            ("/dashboard", Place::Home),
            ("/dashboard/", Place::Home),
            ("/dashboard/carriers", Place::Carriers),
            ("/dashboard/carriers/create", Place::CreateCarrier),
            ("/dashboard/carriers/car_1", Place::Carrier),
            ("/dashboard/carriers/car_1/livekit", Place::CarrierLiveKit),
            ("/dashboard/carriers/car_1/other", Place::NowhereInside),
            ("/dashboard/bots/bot_1", Place::Bot),
            ("/dashboard/nowhere", Place::NowhereInside),
            ("/nowhere", Place::Nowhere),
            ("/login/more", Place::Nowhere),
        ] {
            assert_eq!(Place::at(path), place, "{path}");
        }
        assert!(Place::NowhereInside.is_inside() && Place::Home.is_inside());
        assert!(!Place::Start.is_inside() && !Place::Nowhere.is_inside());
    }
}
