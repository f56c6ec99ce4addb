use api_types::view::{ContactView, RegistrationPage as Page, RegistrationView};
use leptos::prelude::*;

use super::frame::live_tabs;
use crate::{
    components::{
        layout::PageHeader,
        table::{Column, DataTable, Row, TablePage, TableUrl, use_table_query},
        ui::{EmptyState, PHONE, RelativeTime},
    },
    server_fns::{edge_live::list_registrations, read},
    urls,
};

/// The addresses of record that are reachable, with their contacts.
#[component]
pub fn RegistrationListPage() -> impl IntoView {
    let query = use_table_query(TableUrl::new(urls::EDGE_REGISTRATIONS, &[]));
    let page = Resource::new(
        move || query.get(),
        |query| read(list_registrations(query.q.clone(), query.cursor().unwrap_or_default())),
    );
    let columns = vec![
        Column::code("Address of Record", |row: &RegistrationView| row.aor.clone()),
        Column::view("Contacts", |row: &RegistrationView| contacts(&row.contacts)),
    ];
    view! {
        <PageHeader title="Registrations" summary="Devices that have registered and can be called.".into_any()/>
        {live_tabs("registrations")}
        <DataTable
            query
            label="Registrations"
            noun=("registration", "registrations")
            columns
            page
            row=|row: &RegistrationView| Row::new(&row.aor, &row.aor)
            search="Search Address of Record"
            empty=no_registrations
        />
    }
}

impl From<Page> for TablePage<RegistrationView> {
    fn from(page: Page) -> Self {
        Self { items: page.items, next_cursor: page.next_cursor, total: None, searched_to: None }
    }
}

fn contacts(contacts: &[ContactView]) -> AnyView {
    let contact = |contact: &ContactView| {
        let agent = contact.user_agent.clone().map(|agent| format!("{agent}, "));
        view! {
            <li>
                <code class="wrap-anywhere">{contact.uri.clone()}</code>
                <p class="hint font-normal">{agent} "registered " <RelativeTime at=contact.registered_at/></p>
            </li>
        }
    };
    view! { <ul>{contacts.iter().map(contact).collect_view()}</ul> }.into_any()
}

fn no_registrations() -> AnyView {
    view! {
        <EmptyState
            glyph=PHONE
            title="No registrations"
            text="A device appears here after Kamailio has accepted its REGISTER request."
        />
    }
    .into_any()
}
