use api_types::view::{AttentionGroup, AttentionRow};
use domain::{Action, Attention};
use leptos::prelude::*;

use crate::{
    components::{
        carrier::{attention_glyph, attention_text, attention_title},
        ui::{NEXT, grouped, icon},
    },
    session::use_session,
    urls,
};

/// One kind of attention: its count, the first rows with a link to the action for each, and a link to all.
#[component]
pub fn Group(group: AttentionGroup) -> impl IntoView {
    let kind = group.kind;
    let id = format!("attention-{}", kind.as_str());
    let labelled_by = id.clone();
    let urgent = matches!(kind, Attention::SyncError | Attention::Open);
    let may_change = use_session().may(Action::UpdateDid);
    let rows = group.items.into_iter().map(|item| row(kind, item, may_change)).collect_view();
    view! {
        <section class="card overflow-hidden" aria-labelledby=labelled_by>
            <div class="section-head">
                <span class=if urgent { "text-error" } else { "text-warn" }>{icon(attention_glyph(kind))}</span>
                <h2 id=id class="text-[14px] font-medium">
                    {attention_title(kind)} " " <span class="num font-normal text-ink-2 ml-1">{grouped(group.total)}</span>
                </h2>
                <a class="btn ml-auto" href=urls::carriers_with(kind)>
                    "Show All" <span class="sr-only">{format!(": {}", attention_title(kind))}</span>
                </a>
            </div>
            <p class="attention-text">{attention_text(kind)}</p>
            <ul>{rows}</ul>
        </section>
    }
    .into_any()
}

fn row(kind: Attention, item: AttentionRow, may_change: bool) -> AnyView {
    let page = urls::carrier(&item.carrier_id);
    // Without the role to change something, the link opens the page without a form.
    let (href, action) = match kind {
        Attention::SyncError => (page, "Show Error"),
        _ if !may_change => (page, "Open"),
        Attention::NoBot => {
            let did = item.did_id.map(|id| id.to_string()).unwrap_or_default();
            (page + &urls::query(&[("did", &did)]), "Assign Bot")
        }
        Attention::Open => (page + "?edit=1", "Set Inbound Authentication"),
        Attention::NoNumbers => (page + "?did=new", "Add Number"),
    };
    let (name, detail) = match item.formatted {
        Some(number) => {
            let label = item.detail.map(|label| format!("{label} · ")).unwrap_or_default();
            (number, label + &item.carrier_name)
        }
        None => (item.carrier_name, item.detail.unwrap_or_default()),
    };
    view! {
        <li>
            <a class="attention-row" href=href>
                <span class="attention-name num">{name}</span>
                <span class="attention-detail">{detail}</span>
                <span class="attention-action">{action} {icon(NEXT)}</span>
            </a>
        </li>
    }
    .into_any()
}
