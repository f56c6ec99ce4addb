//! The one table of all lists.
//!
//! # How to use
//!
//! A list is one file: the parameters of its address, its columns, one server function that reads a page.
//!
//! ```ignore
//! #[component]
//! pub fn CarrierListPage() -> impl IntoView {
//!     // The sort keys; the first is the default order ("-at" would be descending).
//!     let url = TableUrl::new(urls::CARRIERS, &["name", "dids"]).filters(&["attention"]);
//!     let query = use_table_query(url);
//!     let page = Resource::new(move || query.get(), |query| list_carriers(carrier_query(&query)));
//!     on_change(…, move || page.refetch());
//!     let columns = vec![
//!         Column::text("Name", |carrier: &CarrierView| carrier.name.clone()).sort("name").width(Width::Wide),
//!         Column::code("SIP Address", |carrier: &CarrierView| carrier.sip_address.clone()),
//!         Column::view("Auth", |carrier: &CarrierView| auth_badges(carrier)),
//!         Column::number("DIDs", |carrier: &CarrierView| grouped(carrier.did_count)).sort("dids"),
//!         Column::view("LiveKit", |carrier: &CarrierView| …).on_top(),
//!     ];
//!     view! {
//!         <PageHeader title="Carriers"/>
//!         <DataTable
//!             query
//!             label="Carriers"
//!             noun=("carrier", "carriers")
//!             columns
//!             page
//!             row=|carrier: &CarrierView| Row::new(&carrier.id, &carrier.name).href(urls::carrier(&carrier.id))
//!             search="Search Name or SIP Address"
//!             filters=vec![Filter::new("attention", "Show", [("", "All Carriers"), ("open", "Open to Any Source")])]
//!             empty=|| view! { <EmptyState …/> }
//!         />
//!     }
//! }
//!
//! /// The server function's input: `q`, the filters, `sort` ("-dids"), `cursor` and a limit of [`PAGE_SIZE`].
//! fn carrier_query(query: &TableQuery) -> CarrierQuery {
//!     CarrierQuery {
//!         q: query.q.clone(),
//!         attention: query.filter("attention").to_owned(),
//!         sort: query.sort.clone(),
//!         cursor: query.cursor(),
//!         limit: Some(PAGE_SIZE),
//!     }
//! }
//!
//! impl From<CarrierPage> for TablePage<CarrierView> {
//!     fn from(page: CarrierPage) -> Self {
//!         Self { items: page.items, next_cursor: page.next_cursor, total: Some(page.total), searched_to: None }
//!     }
//! }
//! ```
//!
//! - The first column is the link to the row's page; a click beside it follows the link too, unless text is selected.
//! - The resource may fail with anything that becomes a `Problem`. It is read inside the table only.
//! - A table on a page with other parameters: `TableUrl::new(urls::carrier(&id), …).prefix("dids-").keep(&["tab"])`. Create
//!   it when the id is known. `heading` gives it a title, and children become buttons at the end of its toolbar.
//! - Links to dialogs: `query.get().href_with(&[("did", "new")])` opens one, `query.get().href()` closes it; both keep search
//!   and page. Make such an `href` a closure, so that it follows the query.
//! - `Filter::text` and `Filter::date` are fields in the toolbar beside the selects of `Filter::new`.
//! - A log, whose rows never change: `append_only=true` keeps what is unfolded in a row when new ones arrive. Where the server
//!   searches a period at a time, `TablePage::searched_to` says how far it came.
//! - Bulk actions: `let selection = use_selection();` and
//!   `bulk=Bulk { selection, actions: vec![BulkAction::new("assign", "Assign Bot…"), BulkAction::new("remove", "Remove…").danger()] }`.
//!   A button adds `assign=1` to the address; the page shows its dialog if that is there and `!selection.is_empty()`. The
//!   dialog says what it is about by `selection.describe("phone number", "phone numbers")`, sends `selection.ids()`, or the
//!   conditions `query.q` and `query.filter(…)` if `selection.is_all()`, and has `<SelectionFields selection query/>` in its
//!   form, which posts the same natively: `ids` repeated, or `all=true` with `q` and the filters by their plain names.
//!   After success: `selection.clear()`.
//! - All of it works without JavaScript: forms with GET, links, and for bulk actions a dialog at its own address.

mod body;
mod bulk_bar;
mod column;
mod data_table;
mod empty;
mod head;
mod pager;
mod query;
mod selection;
mod skeleton;
mod toolbar;

pub use body::Row;
pub use bulk_bar::BulkAction;
pub use column::{Column, Width, no_value};
pub use data_table::{Bulk, DataTable, TablePage};
pub use query::{PAGE_SIZE, TableQuery, TableUrl, use_table_query};
pub use selection::{Selection, SelectionFields, use_selection};
pub use skeleton::TableSkeleton;
pub use toolbar::Filter;
