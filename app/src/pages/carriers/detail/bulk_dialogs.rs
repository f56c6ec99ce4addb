//! Dialogs that change the selected DIDs.

use api_types::{
    input::{DidBulkInput, Text, TextList},
    view::{DidBulkResult, SkipReason},
};
use domain::Direction;
use leptos::prelude::*;

use super::{
    context::{CarrierContext, use_carrier},
    did_dialog::use_close,
    did_form::{BotField, DirectionCards},
    did_table::Dids,
    page_query::OpenDialog,
};
use crate::{
    components::{
        form::{ConfirmDialog, Form, FormDialog, focus},
        table::Selection,
        ui::{ToastState, counted, use_toasts},
    },
    server_fns::did::bulk_dids,
};

/// The dialog for the selected DIDs that the address asks for.
#[component]
pub fn BulkDialogs(dids: Dids, selection: Selection) -> impl IntoView {
    let open = {
        let asked = use_carrier().asked;
        Memo::new(move |_| asked.read().dialog.clone())
    };
    let is_empty = Memo::new(move |_| selection.is_empty());
    move || {
        if is_empty.get() {
            return ().into_any();
        }
        let bulk = Bulk { context: use_carrier(), dids, selection, toasts: use_toasts() };
        match open.get() {
            OpenDialog::AssignBot => view! { <AssignBot bulk/> }.into_any(),
            OpenDialog::ChangeDirection => view! { <ChangeDirection bulk/> }.into_any(),
            OpenDialog::RemoveSelected => view! { <RemoveSelected bulk/> }.into_any(),
            _ => ().into_any(),
        }
    }
}

#[derive(Clone, Copy)]
struct Bulk {
    context: CarrierContext,
    dids: Dids,
    selection: Selection,
    toasts: ToastState,
}

impl Bulk {
    /// The dialog's address with the selection, which a native form needs.
    fn address(self, name: &str) -> String {
        let ids = untrack(|| self.selection.ids());
        let mut query = vec![(name, "1")];
        if untrack(|| self.selection.is_all()) {
            query.push(("all", "true"));
        }
        query.extend(ids.iter().map(|id| ("ids", id.as_str())));
        untrack(|| self.context.href(&query))
    }

    fn close(self) -> String {
        untrack(|| self.context.href(&[]))
    }

    fn input(self, action: &str) -> DidBulkInput {
        let scope = untrack(|| scope(self.context, self.selection, self.selection.total()));
        let value = |name: &str| {
            let text = scope.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
            Text(text.unwrap_or_default())
        };
        DidBulkInput {
            scope: value("scope"),
            ids: TextList(scope.iter().filter(|(name, _)| *name == "ids").map(|(_, id)| id.clone()).collect()),
            q: value("q"),
            filter_direction: value("filter_direction"),
            filter_bot_id: value("filter_bot_id"),
            expected: value("expected"),
            action: action.into(),
            ..DidBulkInput::default()
        }
    }

    /// Sends the change, says what it did and closes the dialog. `done` is the beginning of that sentence: "Removed".
    fn send(self, form: Form, input: DidBulkInput, close: Callback<()>, done: &'static str) {
        form.send(bulk_dids(self.context.id.get_value(), input), move |result| {
            let text = report(&result, done);
            if result.changed > 0 || result.skipped_total == 0 {
                self.toasts.success(text);
            } else {
                self.toasts.error(text);
            }
            self.selection.clear();
            self.dids.refetch();
            self.context.row.refresh();
            close.run(());
            focus("numbers".to_owned());
        });
    }

    /// Hidden fields of a native form, and which numbers the dialog is about: "3 phone numbers".
    fn subject(self, action: &'static str) -> AnyView {
        let Self { context, dids, selection, .. } = self;
        let content = move || {
            Suspend::new(async move {
                let total = dids.await.ok().map(|page| page.total);
                let fields = scope(context, selection, total)
                    .into_iter()
                    .map(|(name, value)| view! { <input type="hidden" name=name value=value autocomplete="off"/> })
                    .collect_view();
                let text = match total.filter(|_| selection.is_all()) {
                    Some(total) => format!("all {} that match", counted(total, "phone number", "phone numbers")),
                    None => selection.describe("phone number", "phone numbers"),
                };
                view! { {fields} <strong class="font-semibold">{text}</strong> }
            })
        };
        view! {
            <input type="hidden" name="action" value=action/>
            <Transition fallback=|| ()>{content}</Transition>
        }
        .into_any()
    }
}

/// The fields of [`DidBulkInput`] that select the numbers.
fn scope(context: CarrierContext, selection: Selection, total: Option<i64>) -> Vec<(&'static str, String)> {
    if !selection.is_all() {
        let ids = selection.ids().into_iter().map(|id| ("ids", id));
        return std::iter::once(("scope", "ids".to_owned())).chain(ids).collect();
    }
    let table = context.table.read();
    vec![
        ("scope", "all".to_owned()),
        ("q", table.q.clone()),
        ("filter_direction", table.filter("direction").to_owned()),
        ("filter_bot_id", table.filter("bot_id").to_owned()),
        ("expected", total.unwrap_or_default().to_string()),
    ]
}

/// "Assigned 12 numbers. 3 are outbound and were skipped."
fn report(result: &DidBulkResult, done: &str) -> String {
    let mut text = format!("{done} {}.", counted(result.changed, "number", "numbers"));
    if result.unchanged > 0 {
        text.push_str(&format!(" {} needed no change.", counted(result.unchanged, "number", "numbers")));
    }
    if result.skipped_total > 0 {
        let outbound = result.skipped.iter().any(|did| did.reason == SkipReason::OutboundOnly);
        let reason = if outbound { "outbound numbers have no bot" } else { "they were removed" };
        text.push_str(&format!(" Skipped {}: {reason}.", counted(result.skipped_total, "number", "numbers")));
    }
    text
}

#[component]
fn AssignBot(bulk: Bulk) -> impl IntoView {
    let form = Form::new("assign-bot");
    let bot_id = form.choice("bot_id", String::new());
    let close = use_close(bulk.context);
    let submit = move |()| {
        let input = DidBulkInput { bot_id: Some(Text(bot_id.value.get_untracked())), ..bulk.input("assign_bot") };
        bulk.send(form, input, close, "Changed the bot of");
    };
    view! {
        <FormDialog
            form
            title="Assign Bot"
            address=bulk.address("assign-bot")
            close=bulk.close()
            label="Assign Bot"
            busy_label="Assigning…"
            on_submit=submit
        >
            <p>"Changes the bot that answers " {bulk.subject("assign_bot")} ". Outbound numbers are skipped."</p>
            <div><BotField context=bulk.context input=bot_id/></div>
        </FormDialog>
    }
    .into_any()
}

#[component]
fn ChangeDirection(bulk: Bulk) -> impl IntoView {
    let form = Form::new("change-direction");
    let direction = form.choice("direction", Direction::Both.as_str().to_owned());
    let close = use_close(bulk.context);
    let submit = move |()| {
        let input = DidBulkInput { direction: Text(direction.value.get_untracked()), ..bulk.input("set_direction") };
        bulk.send(form, input, close, "Changed the direction of");
    };
    view! {
        <FormDialog
            form
            title="Change Direction"
            address=bulk.address("change-direction")
            close=bulk.close()
            label="Change Direction"
            busy_label="Changing…"
            on_submit=submit
        >
            <p>"Changes the direction of " {bulk.subject("set_direction")} ". Outbound numbers lose their bot."</p>
            <DirectionCards input=direction/>
        </FormDialog>
    }
    .into_any()
}

#[component]
fn RemoveSelected(bulk: Bulk) -> impl IntoView {
    let form = Form::new("remove-selected");
    let close = use_close(bulk.context);
    let carrier = bulk.context.row.current.with_untracked(|row| row.carrier.name.clone());
    let confirm = move |()| bulk.send(form, bulk.input("remove"), close, "Removed");
    view! {
        <ConfirmDialog
            form
            title="Remove Numbers"
            address=bulk.address("remove-selected")
            close=bulk.close()
            label="Remove Numbers"
            busy_label="Removing…"
            on_confirm=confirm
        >
            <p class="wrap-anywhere">
                "Removes " {bulk.subject("remove")}
                {format!(" from {carrier} and from its LiveKit trunks. Calls to them are no longer answered, and they can no longer be caller IDs.")}
            </p>
        </ConfirmDialog>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use api_types::view::DidSkipped;

    use super::*;

    #[test]
    fn report_names_changed_unchanged_and_skipped_numbers() {
        let skipped = DidSkipped {
            id: "did_01hf7yat000000000000000000".parse().unwrap(),
            number: Some("+14155550134".to_owned()),
            reason: SkipReason::OutboundOnly,
        };
        let mut result = DidBulkResult { changed: 1200, ..DidBulkResult::default() };
        assert_eq!(report(&result, "Removed"), "Removed 1,200 numbers.");
        result = DidBulkResult { changed: 2, unchanged: 1, skipped: vec![skipped], skipped_total: 1 };
        assert_eq!(
            report(&result, "Changed the bot of"),
            "Changed the bot of 2 numbers. 1 number needed no change. Skipped 1 number: outbound numbers have no bot.",
        );
    }
}
