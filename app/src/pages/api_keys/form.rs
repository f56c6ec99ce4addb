use api_types::{
    input::{ApiKeyInput, Text, TextList},
    view::ApiKeyView,
};
use domain::{ApiKeyExpiry, ApiKeyName, FieldErrors, IntoEnumIterator, IpRange, Role};
use leptos::prelude::*;
use serde_json::Value;

use crate::components::form::{
    Form, Input, SavedField, SavedRow, SelectField, Switch, TagInput, TextField, TextKind, addresses, blank_or_parsed,
    parsed, row,
};

/// Fields of the API key form.
#[derive(Clone, Copy)]
pub struct ApiKeyForm {
    pub form: Form,
    name: Input,
    expires_at: Input,
    allowed_addresses: Input,
    /// Only for a new key.
    role: Option<Input>,
    /// Only for an existing key.
    edit: Option<EditFields>,
    /// The stored expiry is not a time. A field for times would show nothing, and saving would clear it.
    has_unreadable_expiry: bool,
}

#[derive(Clone, Copy)]
struct EditFields {
    is_active: Input,
    version: RwSignal<String>,
}

impl ApiKeyForm {
    pub fn new(key: Option<&ApiKeyView>) -> Self {
        let form = Form::new("api-key");
        let fields = key.map_or_else(Vec::new, fields);
        let saved = |name: &str| {
            fields.iter().find(|field| field.name == name).map_or(String::new(), |field| field.value.clone())
        };
        Self {
            form,
            name: form.input("name", saved("name"), parsed::<ApiKeyName>),
            role: key.is_none().then(|| form.choice("role", Role::Developer.as_str().to_owned())),
            edit: key.map(|key| EditFields {
                is_active: form.choice("is_active", saved("is_active")),
                version: form.version(key.version),
            }),
            expires_at: form.input("expires_at", saved("expires_at"), blank_or_parsed::<ApiKeyExpiry>),
            allowed_addresses: form.input("allowed_addresses", saved("allowed_addresses"), addresses),
            has_unreadable_expiry: key
                .and_then(|key| key.expires_at.as_ref())
                .is_some_and(|expiry| expiry.time().is_none()),
        }
    }

    pub fn version(self) -> Option<RwSignal<String>> {
        self.edit.map(|edit| edit.version)
    }

    /// Faults of the fields, checked by the server's own parsers.
    pub fn check(self) -> Result<(), FieldErrors> {
        self.input().parse(None).map(drop)
    }

    pub fn input(self) -> ApiKeyInput {
        let text = |input: Input| Some(Text(input.value.get_untracked()));
        ApiKeyInput {
            name: text(self.name),
            role: self.role.and_then(text),
            is_active: self.edit.and_then(|edit| text(edit.is_active)),
            expires_at: text(self.expires_at),
            allowed_addresses: Some(self.allowed_addresses.value.with_untracked(|list| TextList::split(list))),
            version: self.version().map(|version| Text(version.get_untracked())),
        }
    }
}

/// The saved row for the conflict dialog.
pub fn conflicting(json: Value) -> Option<SavedRow> {
    row(&json).map(|key: ApiKeyView| current(&key))
}

pub fn current(key: &ApiKeyView) -> SavedRow {
    SavedRow { version: key.version, fields: fields(key) }
}

/// The values of a key, formatted as in the form.
fn fields(key: &ApiKeyView) -> Vec<SavedField> {
    let field = |name, label, value| SavedField { name, label, value };
    vec![
        field("name", "Name", key.name.clone()),
        field("is_active", "Active", key.is_active.to_string()),
        field("expires_at", "Expires At (UTC)", key.expires_at.as_ref().map_or_else(String::new, field_time)),
        field("allowed_addresses", "Allowed Addresses", key.allowed_addresses.join("\n")),
    ]
}

/// The expiry as a field for times has it, without seconds of zero; a text that is not a time as it is.
fn field_time(expiry: &ApiKeyExpiry) -> String {
    let Some(time) = expiry.time() else { return expiry.to_string() };
    let text = time.rfc3339();
    let text = text.trim_end_matches('Z');
    let text = text.strip_suffix(".000").unwrap_or(text);
    text.strip_suffix(":00").unwrap_or(text).to_owned()
}

#[component]
pub fn ApiKeyFields(fields: ApiKeyForm) -> impl IntoView {
    let roles = Role::iter().map(|role| (role.as_str().to_owned(), role.label().to_owned())).collect();
    let role = fields.role.map(|input| {
        view! {
            <SelectField
                input
                label="Role"
                options=roles
                hint="A viewer reads; a developer also changes carriers, numbers and bots. The role of a key cannot be changed."
            />
        }
    });
    let active = fields.edit.map(|edit| {
        view! {
            <div class="sm:col-span-2">
                <Switch
                    input=edit.is_active
                    label="Active"
                    hint="Requests with an inactive key are refused at once, and its event streams end."
                />
            </div>
        }
    });
    let expiry_kind = if fields.has_unreadable_expiry { TextKind::Code } else { TextKind::DateTime };
    view! {
        <section class="form-section">
            <div>
                <h2 class="text-[14px] font-medium">"API Key"</h2>
                <p class="hint">"Sent by a program as X-API-Key or as a bearer token, with each request."</p>
            </div>
            <div class="form-fields">
                <TextField input=fields.name label="Name" placeholder="CRM" hint="Shown in this console and in the audit log"/>
                {role}
                <TextField
                    input=fields.expires_at
                    label="Expires At (UTC)"
                    kind=expiry_kind
                    optional=true
                    hint="Blank: the key never expires"
                />
                {active}
                <div class="sm:col-span-2">
                    <TagInput
                        input=fields.allowed_addresses
                        label="Allowed Addresses"
                        placeholder="Add address or range"
                        hint="IP addresses or ranges such as 203.0.113.0/24 that requests come from. Blank: any address"
                        check={parsed::<IpRange>}
                        optional=true
                    />
                </div>
            </div>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expiry_has_no_seconds_of_zero() {
        for (stored, shown) in [
            ("2027-01-01T00:00:00.000Z", "2027-01-01T00:00"),
            ("2027-01-01T10:20:00Z", "2027-01-01T10:20"),
            ("2027-01-01T10:20:30.000Z", "2027-01-01T10:20:30"),
            ("2027-01-01T10:20:05Z", "2027-01-01T10:20:05"),
            ("2027-01-01T10:20:00.500Z", "2027-01-01T10:20:00.500"),
            ("2027-01-01T01:00:00+01:00", "2027-01-01T00:00"),
            ("next year", "next year"),
        ] {
            assert_eq!(field_time(&ApiKeyExpiry::stored(stored)), shown, "{stored}");
        }
    }
}
