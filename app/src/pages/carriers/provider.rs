//! Providers whose published settings fill in the form for a new carrier.

use api_types::{
    Problem,
    view::{ProviderView, Signalling},
};
use leptos::{prelude::*, task::spawn_local};

use super::form::CarrierForm;
use crate::{
    components::{
        form::focus,
        ui::{Banner, Tone},
    },
    server_fns::{provider::list_providers, read},
    submitted::submitted,
    urls,
};

/// The choice of a provider, the values that it left unchanged, and the source of its settings. The choices are links, so
/// that they work without JavaScript. If the list cannot be loaded, the form works without it.
#[component]
pub fn Providers(
    providers: Result<Vec<ProviderView>, Problem>,
    chosen: Memo<String>,
    fields: CarrierForm,
) -> impl IntoView {
    let (list, problem) = providers.map_or_else(|problem| (Vec::new(), Some(problem)), |list| (list, None));
    let (list, problem) = (RwSignal::new(list), RwSignal::new(problem));
    let provider = Memo::new(move |_| list.with(|list| list.iter().find(|known| known.id == *chosen.read()).cloned()));
    let kept = RwSignal::new(Vec::new());
    let fill = move |replace: bool| {
        let published = provider.get_untracked();
        let unchanged = fields.fill(&published.unwrap_or_default(), replace);
        kept.set(unchanged);
    };
    if provider.read_untracked().is_some() {
        fill(false);
        // A refused form keeps the posted values.
        if submitted().is_some() {
            kept.set(Vec::new());
        }
    }
    Effect::new(move |before: Option<()>| {
        provider.track();
        if before.is_some() {
            fill(false);
        }
    });
    let replace = move |_| {
        fill(true);
        focus(fields.sip_address.id());
    };
    let retry = move |_| {
        spawn_local(async move {
            if let Ok(answer) = read(list_providers()).await
                && problem.try_set(None).is_none()
            {
                list.set(answer);
            }
        });
    };
    view! {
        <section class="min-w-0" aria-labelledby="providers">
            <h3 id="providers" class="label">"Start from a Provider"</h3>
            <p class="hint mt-0 mb-2">"Fills in the settings that it publishes. You can change all of them."</p>
            <ul class="provider-choices">
                {move || list.with(|list| list.iter().map(|known| choice(known, chosen)).collect_view())}
            </ul>
            {move || {
                problem
                    .get()
                    .map(|problem| view! {
                        <p role="alert">
                            {problem.detail} " "
                            <button type="button" class="link cursor-pointer" on:click=retry>"Try Again"</button>
                        </p>
                    })
            }}
            <div role="status">{move || provider.get().map(about)}</div>
            <div class="provider-kept empty:hidden">{move || {
                let names = kept.read().join(", ");
                (!names.is_empty())
                    .then(|| view! {
                        <Banner tone=Tone::Warn>
                            "Your own values were kept: " {names} ". "
                            <button type="button" class="link cursor-pointer" on:click=replace>"Replace"</button>
                        </Banner>
                    })
            }}</div>
        </section>
    }
    .into_any()
}

fn choice(provider: &ProviderView, chosen: Memo<String>) -> AnyView {
    let id = provider.id.clone();
    let href = urls::create_carrier_from(&id);
    view! {
        <li>
            <a
                class="provider"
                href=href
                data-noscroll=""
                aria-current=move || (*chosen.read() == id).then_some("true")
            >
                {provider.name.clone()}
            </a>
        </li>
    }
    .into_any()
}

fn about(provider: ProviderView) -> AnyView {
    let ProviderView { name, replace, replace_with, note, integration, source, retrieved_on, signalling, .. } =
        provider;
    let to_replace = (!replace.is_empty())
        .then(|| view! { <p>"Replace " <code>{replace}</code> " in the SIP address with " {replace_with} "."</p> });
    // Exotel's is the only one.
    let own_page = integration.then(|| view! { <a class="btn" href=urls::EXOTEL>"Open Exotel"</a> });
    let read_at =
        (!source.is_empty()).then(|| view! { <p class="hint">"Connection: " {source_link(source, retrieved_on)}</p> });
    view! {
        <div class="provider-about">
            {to_replace}
            <p>{note}</p>
            {own_page}
            {read_at}
            {published(&name, signalling)}
        </div>
    }
    .into_any()
}

fn published(name: &str, signalling: Signalling) -> AnyView {
    let Signalling { ranges, source, retrieved_on } = signalling;
    if ranges.is_empty() {
        return ().into_any();
    }
    let summary = format!("{} signalling addresses of {name}", ranges.len());
    let rows =
        ranges.into_iter().map(|entry| view! { <li><code>{entry.range}</code> " " {entry.region}</li> }).collect_view();
    view! {
        <p class="hint">"Allowed IPs: " {source_link(source, retrieved_on)}</p>
        <details>
            <summary class="link cursor-pointer">{summary}</summary>
            <ul class="provider-ranges">{rows}</ul>
        </details>
    }
    .into_any()
}

/// A link to the source, and the date when it was read.
fn source_link(source: String, retrieved_on: String) -> AnyView {
    let text = source.trim_start_matches("https://").trim_end_matches('/').to_owned();
    view! {
        <a class="link" href=source target="_blank" rel="noopener">{text}</a>
        ", retrieved "
        <time datetime=retrieved_on.clone()>{retrieved_on.clone()}</time>
    }
    .into_any()
}
