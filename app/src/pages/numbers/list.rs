use api_types::{
    Problem,
    input::{AccountDidQuery, DidQuery},
    view::{AccountDidPage, AccountDidRow, CallFilters, ChangedNoun},
};
use domain::{Action, CarrierProvider, DidState, Direction, IntoEnumIterator};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{assign_dialog::AssignDialog, cells::columns};
use crate::{
    components::{
        layout::PageHeader,
        table::{
            Bulk, BulkAction, DataTable, Filter, PAGE_SIZE, Row, TablePage, TableQuery, TableUrl, use_selection,
            use_table_query,
        },
        ui::{EmptyState, HASH},
    },
    live::on_any_change,
    server_fns::{call::get_call_filters, did::list_all_dids, read},
    session::use_session,
    urls,
};

const SORTS: &[&str] = &["number", "label", "direction", "bot"];
const FILTERS: &[&str] = &["carrier_id", "provider", "direction", "bot_id", "state"];

/// The page of numbers that is shown.
pub type Numbers = Resource<Result<AccountDidPage, Problem>>;

/// All phone numbers, on whichever carrier. Search, filters, order and page are part of the address.
#[component]
pub fn NumberListPage() -> impl IntoView {
    let query = use_table_query(TableUrl::new(urls::NUMBERS, SORTS).filters(FILTERS));
    let numbers: Numbers = Resource::new(move || query.get(), |query| read(list_all_dids(did_query(&query))));
    let options = Resource::new(|| (), |()| read(get_call_filters()));
    on_any_change(&[ChangedNoun::Did, ChangedNoun::Carrier, ChangedNoun::Bot], move || numbers.refetch());
    let session = use_session();
    let may_change = session.may(Action::UpdateDid);
    let selection = use_selection();
    let params = use_query_map();
    let assigning = Memo::new(move |_| may_change && params.with(|params| params.get_str("assign-bot").is_some()));
    let content = move || {
        Suspend::new(async move {
            // Without the lists the numbers can be filtered all the same, by what needs no list.
            let options = options.await.unwrap_or_default();
            let bots = StoredValue::new(
                options.bots.iter().map(|bot| (bot.id.to_string(), bot.name.clone())).collect::<Vec<_>>(),
            );
            let bulk =
                may_change.then(|| Bulk { selection, actions: vec![BulkAction::new("assign-bot", "Assign Bot…")] });
            let is_empty = Memo::new(move |_| selection.is_empty());
            let dialog = move || {
                (assigning.get() && !is_empty.get())
                    .then(|| view! { <AssignDialog query numbers selection bots=bots.get_value()/> })
            };
            view! {
                <DataTable
                    query
                    label="Phone Numbers"
                    noun=("number", "numbers")
                    columns=columns(numbers, bots, may_change)
                    page=numbers
                    row=|did: &AccountDidRow| Row::new(&did.row.did.id, did.row.did.formatted.clone())
                    search="Search Number, Label or Bot"
                    filters=filters(options)
                    bulk
                    empty=no_numbers
                />
                {dialog}
            }
            .into_any()
        })
    };
    let links = [
        (Action::ReadNumberPurchases, urls::NUMBER_PURCHASES, "Purchases"),
        (Action::RegisterNumber, urls::REGISTER_NUMBER, "Register Number"),
        (Action::SearchNumbers, urls::FIND_NUMBER, "Find Numbers"),
    ]
    .into_iter()
    .filter(|(action, ..)| session.may(*action))
    .map(|(_, href, label)| view! { <a class="btn" href=href>{label}</a> })
    .collect_view();
    view! {
        <PageHeader title="Numbers" summary="The phone numbers of all carriers.".into_any()>
            {links}
        </PageHeader>
        <Transition fallback=|| ()>{content}</Transition>
    }
    .into_any()
}

fn did_query(query: &TableQuery) -> AccountDidQuery {
    let filter = |name| query.filter(name).to_owned();
    AccountDidQuery {
        q: query.q.clone(),
        carrier_id: filter("carrier_id"),
        provider: filter("provider"),
        direction: filter("direction"),
        bot_id: filter("bot_id"),
        state: filter("state"),
        sort: query.sort.clone(),
        limit: PAGE_SIZE.to_string(),
        cursor: query.cursor().unwrap_or_default(),
    }
}

impl From<AccountDidPage> for TablePage<AccountDidRow> {
    fn from(page: AccountDidPage) -> Self {
        Self { items: page.items, next_cursor: page.next_cursor, total: Some(page.total), searched_to: None }
    }
}

fn filters(options: CallFilters) -> Vec<Filter> {
    let option = |value: &str, text: &str| std::iter::once((value.to_owned(), text.to_owned()));
    let carriers = options.carriers.into_iter().map(|carrier| (carrier.id.to_string(), carrier.name));
    let bots = options.bots.into_iter().map(|bot| (bot.id.to_string(), bot.name));
    let providers = CarrierProvider::iter().map(|known| (known.as_str().to_owned(), known.label().to_owned()));
    let directions = Direction::iter().map(|direction| (direction.as_str().to_owned(), direction.label().to_owned()));
    let states = DidState::iter().map(|state| (state.as_str().to_owned(), state.label().to_owned()));
    vec![
        Filter::new("carrier_id", "Carrier", option("", "All Carriers").chain(carriers)),
        Filter::new("provider", "Provider", option("", "All Providers").chain(providers)),
        Filter::new("direction", "Direction", option("", "All Directions").chain(directions)),
        Filter::new("bot_id", "Bot", option("", "All Bots").chain(option(DidQuery::NO_BOT, "None")).chain(bots)),
        Filter::new("state", "State", option("", "All States").chain(states)),
    ]
}

fn no_numbers() -> AnyView {
    view! {
        <EmptyState
            glyph=HASH
            title="No phone numbers yet"
            text="Add phone numbers on the page of their carrier, or import them from a provider's account."
        >
            <a class="btn-primary" href=urls::CARRIERS>"Open Carriers"</a>
        </EmptyState>
    }
    .into_any()
}
