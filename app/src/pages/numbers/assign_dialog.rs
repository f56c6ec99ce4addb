use api_types::input::{AccountDidBulkInput, DidBulkInput, Text, TextList};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::list::Numbers;
use crate::{
    components::{
        form::{Form, FormDialog, SelectField},
        table::{Selection, TableQuery},
        ui::{counted, use_toasts},
    },
    server_fns::did::bulk_all_dids,
};

/// Assigns a bot to the selected numbers.
#[component]
pub fn AssignDialog(
    query: Memo<TableQuery>,
    numbers: Numbers,
    selection: Selection,
    bots: Vec<(String, String)>,
) -> impl IntoView {
    let form = Form::new("assign-bot");
    let bot_id = form.choice("bot_id", String::new());
    let toasts = use_toasts();
    let navigate = StoredValue::new(use_navigate());
    let close = untrack(|| query.read().href());
    let closed = StoredValue::new(close.clone());
    let submit = move |()| {
        let input = input(&untrack(|| scope(query, selection)), bot_id.value.get_untracked());
        form.send(bulk_all_dids(input), move |result| {
            let changed = counted(result.changed, "number", "numbers");
            let skipped = match result.skipped_total {
                0 => String::new(),
                skipped => format!(" Skipped {}: outbound or removed.", counted(skipped, "number", "numbers")),
            };
            toasts.success(format!("Changed the bot of {changed}.{skipped}"));
            selection.clear();
            numbers.refetch();
            let options = NavigateOptions { scroll: false, ..NavigateOptions::default() };
            navigate.with_value(|navigate| navigate(&closed.get_value(), options));
        });
    };
    let hidden = untrack(|| scope(query, selection))
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value autocomplete="off"/> })
        .collect_view();
    let options = std::iter::once((String::new(), "No bot: calls are rejected".to_owned())).chain(bots).collect();
    let subject = untrack(|| selection.describe("phone number", "phone numbers"));
    view! {
        <FormDialog
            form
            title="Assign Bot"
            address=untrack(|| query.read().href_with(&[("assign-bot", "1")]))
            close
            label="Assign Bot"
            busy_label="Assigning…"
            on_submit=submit
        >
            <input type="hidden" name="action" value="assign_bot"/>
            {hidden}
            <p>
                "Changes the bot that answers " <strong class="font-semibold">{subject}</strong>
                ". Outbound numbers are skipped."
            </p>
            <SelectField input=bot_id label="Assign Bot" options hint="Answers calls to these numbers."/>
        </FormDialog>
    }
    .into_any()
}

/// The fields that select the numbers.
fn scope(query: Memo<TableQuery>, selection: Selection) -> Vec<(&'static str, String)> {
    if !selection.is_all() {
        let ids = selection.ids().into_iter().map(|id| ("ids", id));
        return std::iter::once(("scope", "ids".to_owned())).chain(ids).collect();
    }
    let table = query.read();
    let filter = |name| table.filter(name).to_owned();
    vec![
        ("scope", "all".to_owned()),
        ("q", table.q.clone()),
        ("filter_direction", filter("direction")),
        ("filter_bot_id", filter("bot_id")),
        ("filter_carrier_id", filter("carrier_id")),
        ("filter_provider", filter("provider")),
        ("filter_state", filter("state")),
        ("expected", selection.total().unwrap_or_default().to_string()),
    ]
}

fn input(scope: &[(&'static str, String)], bot: String) -> AccountDidBulkInput {
    let value = |name: &str| {
        let text = scope.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
        Text(text.unwrap_or_default())
    };
    AccountDidBulkInput {
        bulk: DidBulkInput {
            scope: value("scope"),
            ids: TextList(scope.iter().filter(|(name, _)| *name == "ids").map(|(_, id)| id.clone()).collect()),
            q: value("q"),
            filter_direction: value("filter_direction"),
            filter_bot_id: value("filter_bot_id"),
            expected: value("expected"),
            action: "assign_bot".into(),
            bot_id: Some(Text(bot)),
            ..DidBulkInput::default()
        },
        filter_carrier_id: value("filter_carrier_id"),
        filter_provider: value("filter_provider"),
        filter_state: value("filter_state"),
    }
}
