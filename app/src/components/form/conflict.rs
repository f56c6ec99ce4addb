//! Edit conflicts: someone else saved the same row. Both versions are shown, and what was typed is kept.

use leptos::{ev::MouseEvent, html, prelude::*};
use send_wrapper::SendWrapper;
use serde_json::Value;

use super::{Form, SavedRow};
use crate::components::ui::{WARNING, escape_html, icon, show_modal};

/// Hidden fields with the version and the values that the form was loaded with. After a save by someone else, the server
/// can tell from them which fields were changed here.
#[component]
pub fn ReadValues(form: Form, version: RwSignal<String>) -> impl IntoView {
    // As HTML, because a view of them would add to the size of the WebAssembly.
    let hidden = |(name, value): (String, String)| {
        format!(r#"<input type="hidden" name="{name}" value="{}" autocomplete="off">"#, escape_html(&value))
    };
    let read = form.read_values().into_iter().map(hidden).collect::<String>();
    view! {
        <input type="hidden" name="version" value=move || version.get()/>
        <div hidden inner_html=read></div>
    }
    .into_any()
}

/// Both versions, field by field. "Keep Mine" merges: fields that were not changed here get their saved values.
///
/// Rendered by the server, the form behind the dialog has the merged values and the new version already.
#[component]
pub fn ConflictDialog(
    form: Form,
    /// The noun of the row: "carrier".
    noun: &'static str,
    read: fn(Value) -> Option<SavedRow>,
    version: RwSignal<String>,
    /// Address that loads the form with the saved row.
    #[prop(into)]
    reload: String,
    #[prop(into)] save: Callback<()>,
) -> impl IntoView {
    move || {
        let current = form.conflict.get().and_then(read)?;
        let reload = reload.clone();
        Some(view! { <ConflictChoice form noun current version reload save/> })
    }
}

#[component]
fn ConflictChoice(
    form: Form,
    noun: &'static str,
    current: SavedRow,
    version: RwSignal<String>,
    reload: String,
    save: Callback<()>,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(element) = dialog.get() else { return };
        show_modal(dialog);
        let element = SendWrapper::new(element);
        on_cleanup(move || element.close());
    });
    let rows = form
        .differences(&current.fields)
        .into_iter()
        .map(|(label, theirs, mine)| {
            view! {
                <tr>
                    <th class="td font-medium text-left" scope="row">{label}</th>
                    <td class="td whitespace-pre-line break-words">{or_dash(theirs)}</td>
                    <td class="td whitespace-pre-line break-words">
                        {mine.map_or_else(|| "not changed by you".to_owned(), or_dash)}
                    </td>
                </tr>
            }
        })
        .collect_view();
    let current = StoredValue::new(Some(current));
    let resolve = move |keep_mine: bool| {
        if let Some(current) = current.try_update_value(Option::take).flatten() {
            version.set(current.version.to_string());
            form.merge(current.fields, keep_mine);
        }
        form.conflict.set(None);
    };
    let use_theirs = move |event: MouseEvent| {
        event.prevent_default();
        resolve(false);
    };
    let keep_mine = move |event: MouseEvent| {
        event.prevent_default();
        resolve(true);
        save.run(());
    };
    view! {
        <dialog
            node_ref=dialog
            class="dialog dialog-wide"
            open
            aria-labelledby="conflict-title"
            on:close=move |_| {
                let _ = form.conflict.try_set(None);
            }
        >
            <header class="dialog-head">
                <h2 id="conflict-title" class="text-[15px] font-semibold flex items-center gap-2">
                    <span class="text-warn">{icon(WARNING)}</span>
                    {format!("Someone else saved this {noun}")}
                </h2>
            </header>
            <div class="dialog-body">
                <p class="text-ink-2 mb-3">
                    "Nothing has been overwritten, and what you typed is still here. Where the two differ:"
                </p>
                <div class="overflow-x-auto">
                    <table class="w-full text-left">
                        <thead>
                            <tr>
                                <th class="th" scope="col">"Field"</th>
                                <th class="th" scope="col">"Saved by Others"</th>
                                <th class="th" scope="col">"Yours"</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </div>
            <footer class="dialog-foot">
                // Closes the dialog like Esc, without resolving the conflict.
                <form method="dialog" class="sm:mr-auto">
                    <button class="btn-quiet" type="submit">"Back to Editing"</button>
                </form>
                <a class="btn" href=reload on:click=use_theirs>"Take Theirs"</a>
                <button class="btn-primary" type="submit" form=form.element_id() on:click=keep_mine>
                    "Keep Mine and Save"
                </button>
            </footer>
        </dialog>
    }
    .into_any()
}

fn or_dash(value: String) -> String {
    if value.is_empty() { "—".to_owned() } else { value }
}
