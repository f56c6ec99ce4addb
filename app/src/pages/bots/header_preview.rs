use std::collections::BTreeMap;

use domain::{SipContext, SipHeaderConfig, filter_header_lines, variable_name_for_header};
use leptos::prelude::*;

use super::form::SipHeaderFields;
use crate::hydrated::use_hydrated;

/// The variables that a call with the pasted headers would have, by the same code as on the server. Without JavaScript, an
/// example.
#[component]
pub fn HeaderPreview(fields: SipHeaderFields) -> impl IntoView {
    let hydrated = use_hydrated();
    let pasted = RwSignal::new(String::new());
    let result = move || {
        let Some(config) = fields.config() else {
            return note("Correct the fields above to see the variables.");
        };
        pasted.with(|pasted| variables(pasted, &config))
    };
    move || {
        if !hydrated.get() {
            return view! {
                <p class="hint">
                    "The header X-Customer-ID becomes the variable "
                    <code class="font-mono">"sip_header_x_customer_id"</code> "."
                </p>
            }
            .into_any();
        }
        view! {
            <label class="label" for="bot-header-preview">"Preview: Headers of a Call"</label>
            <textarea
                id="bot-header-preview"
                class="field field-area font-mono text-[13px]"
                rows="4"
                spellcheck="false"
                autocapitalize="none"
                placeholder="X-Customer-ID: C-1042"
                aria-describedby="bot-header-preview-hint"
                prop:value=pasted
                on:input=move |event| pasted.set(event_target_value(&event))
            ></textarea>
            <p class="hint" id="bot-header-preview-hint">
                "Paste the headers of an INVITE, one on each line. They are not saved."
            </p>
            <div class="mt-3" role="status">{result}</div>
        }
        .into_any()
    }
}

fn note(text: &'static str) -> AnyView {
    view! { <p class="hint">{text}</p> }.into_any()
}

fn variables(pasted: &str, config: &SipHeaderConfig) -> AnyView {
    if pasted.trim().is_empty() {
        return ().into_any();
    }
    if !config.enabled {
        return note("SIP headers are switched off: the prompt gets no variables.");
    }
    let SipContext { headers, transfer_headers, .. } = filter_header_lines(pasted, config);
    if headers.is_empty() {
        return note("None of these headers is allowed: the prompt gets no variables.");
    }
    table(headers, &transfer_headers)
}

fn table(headers: BTreeMap<String, String>, transfer_headers: &BTreeMap<String, String>) -> AnyView {
    let row = |(name, value): (String, String)| {
        let repeated = if transfer_headers.contains_key(&name) { "Yes" } else { "No" };
        view! {
            <tr>
                <th class="td font-mono text-[12.5px] text-left font-normal" scope="row">{variable_name_for_header(&name)}</th>
                <td class="td wrap-anywhere">{value}</td>
                <td class="td">{repeated}</td>
            </tr>
        }
    };
    let rows = headers.into_iter().map(row).collect_view();
    view! {
        <div class="overflow-x-auto">
            <table class="w-full text-left" aria-label="Variables">
                <thead>
                    <tr>
                        <th class="th" scope="col">"Variable"</th>
                        <th class="th" scope="col">"Value"</th>
                        <th class="th" scope="col">"Repeated on Transfer"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
