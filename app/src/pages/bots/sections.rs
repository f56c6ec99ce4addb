use domain::{AnsweredBy, DEFAULT_INBOUND_HEADERS_TO_ATTRIBUTES};
use leptos::prelude::*;

use super::{
    form::{BotForm, header_name},
    header_preview::HeaderPreview,
};
use crate::components::{
    form::{Card, FormSection, RadioCards, Switch, TagInput, TextArea, TextField, TextKind},
    ui::{BOT, ROUTE},
};

#[component]
pub fn BotFields(fields: BotForm) -> impl IntoView {
    view! {
        <BotSection fields/>
        <RuntimeConfigSection fields/>
        <SipHeaderSection fields/>
    }
}

#[component]
fn BotSection(fields: BotForm) -> impl IntoView {
    let cards = vec![
        Card {
            value: AnsweredBy::Agent.as_str(),
            glyph: BOT,
            title: AnsweredBy::Agent.label(),
            text: "LiveKit dispatches the agent below to the room of each call",
        },
        Card {
            value: AnsweredBy::Fleet.as_str(),
            glyph: ROUTE,
            title: AnsweredBy::Fleet.label(),
            text: "Trunkline hands each call on to a server of the fleet",
        },
    ];
    view! {
        <FormSection title="Bot" text="What answers when a number is called.">
            <div class="sm:col-span-2">
                <TextField input=fields.name label="Name" placeholder="Concierge" hint="Shown in this console"/>
            </div>
            <div class="sm:col-span-2"><RadioCards input=fields.answered_by label="Answered By" cards/></div>
            <div class="sm:col-span-2">
                <TextField
                    input=fields.agent_name
                    label="Agent Name"
                    kind=TextKind::Code
                    placeholder="concierge"
                    hint="Exactly as the worker registers with LiveKit. Not used where the fleet answers"
                />
            </div>
            <div class="sm:col-span-2">
                <TextArea
                    input=fields.metadata
                    label="Metadata"
                    optional=true
                    hint="Passed to the LiveKit agent with each call. Any text; usually JSON"
                    placeholder=r#"{"language": "en"}"#
                />
            </div>
        </FormSection>
    }
    .into_any()
}

/// Keys of the runtime configuration that are checked, with what they mean.
const KEYS: [(&str, &str); 12] = [
    ("system_prompt", "The instructions of the language model"),
    ("opening_message", "What the bot says first"),
    ("voicemail_message", "What it leaves on a voicemail"),
    ("pre_transfer_message", "What it says before a transfer"),
    ("webhook_url", "Where the worker sends the result, with https:// or http://"),
    ("timezone", "IANA name, such as Asia/Kolkata; UTC without one"),
    ("min_words_interruption", "Words after which a caller interrupts the bot, 0 to 100; 3 without it"),
    ("max_call_duration_seconds", "1 to 86400; 600 without it"),
    ("active_hours", r#"{"enabled": true, "days": ["mon", "fri"], "start_time": "09:00", "end_time": "18:00"}"#),
    ("tools", "List"),
    ("transfer_numbers", "Object"),
    ("transfer_targets", "List"),
];

#[component]
fn RuntimeConfigSection(fields: BotForm) -> impl IntoView {
    let keys = KEYS.map(|(key, text)| {
        view! {
            <div class="fact">
                <dt><code class="font-mono text-[12.5px]">{key}</code></dt>
                <dd class="wrap-anywhere">{text}</dd>
            </div>
        }
    });
    view! {
        <FormSection title="Runtime Configuration" text="What a worker loads when a call begins.">
            <div class="sm:col-span-2">
                <TextArea
                    input=fields.runtime_config
                    label="Configuration"
                    optional=true
                    hint="A JSON object. Everyone who may read this console sees it: leave secrets out"
                    placeholder=r#"{"system_prompt": "You are a concierge.", "timezone": "Asia/Kolkata"}"#
                />
            </div>
            <details class="sm:col-span-2">
                <summary class="link cursor-pointer">"Known Keys"</summary>
                <p class="hint">"Trunkline checks these keys, and keeps all others as they are."</p>
                <dl class="facts mt-2">{keys.into_iter().collect_view()}</dl>
            </details>
        </FormSection>
    }
    .into_any()
}

#[component]
fn SipHeaderSection(fields: BotForm) -> impl IntoView {
    let sip_headers = fields.sip_headers;
    let forwarded = DEFAULT_INBOUND_HEADERS_TO_ATTRIBUTES.map(|(header, _)| header).join(", ");
    view! {
        <FormSection title="SIP Headers" text="Headers of an inbound call as variables of the prompt.">
            <div class="sm:col-span-2">
                <Switch
                    input=sip_headers.enabled
                    label="SIP Headers as Variables"
                    hint="Off: no header of a call reaches the prompt."
                />
            </div>
            <div class="sm:col-span-2">
                <TagInput
                    input=sip_headers.allowed_headers
                    label="Allowed Headers"
                    placeholder="Add header"
                    hint=format!(
                        "Names such as X-Customer-ID, separated by Enter, comma or space. Trunks forward these, and always {forwarded}",
                    )
                    check=header_name
                    optional=true
                />
            </div>
            <div class="sm:col-span-2">
                <TagInput
                    input=sip_headers.transfer_passthrough_headers
                    label="Headers Repeated on Transfer"
                    placeholder="Add header"
                    hint="Allowed headers that a transferred call has, too"
                    check=header_name
                    optional=true
                />
            </div>
            <TextField
                input=sip_headers.max_value_length
                label="Longest Value"
                kind=TextKind::Number
                hint="Characters, 1 to 1,024. Longer values are cut"
            />
            <div class="sm:col-span-2 min-w-0"><HeaderPreview fields=sip_headers/></div>
        </FormSection>
    }
    .into_any()
}
