use api_types::Problem;
use leptos::prelude::*;

use super::{
    stage::{Sample, Theme, address, sample, state},
    ui::{is_open, opener},
};
use crate::components::{
    form::*,
    ui::{BOTH_WAYS, GLOBE, INWARD, LOCK, OUTWARD},
};
use crate::urls;

pub fn samples() -> Vec<Sample> {
    vec![
        sample("ActionBar", "form/action_bar.rs", bars),
        sample("Checkbox", "form/checkbox.rs", checkboxes),
        sample("ConflictDialog", "form/conflict.rs", |_| opener("conflict")),
        sample("FieldFrame", "form/field_frame.rs", frames),
        sample("FormSection", "form/form_section.rs", sections),
        sample("ProblemBanner", "form/problem_banner.rs", problems),
        sample("QueryForm", "form/query_form.rs", queries),
        sample("RadioCards", "form/radio_cards.rs", cards),
        sample("SelectField", "form/select_field.rs", selects),
        sample("SubmitButton and buttons", "form/submit_button.rs", buttons),
        sample("Switch", "form/switch.rs", switches),
        sample("TagInput", "form/tag_input.rs", tags),
        sample("TextArea", "form/text_area.rs", areas),
        sample("TextField", "form/text_field.rs", fields),
    ]
}

fn queries(theme: Theme) -> AnyView {
    let name = theme.input("called", "").name;
    let value = Signal::stored("+34911234567".to_owned());
    let fields = vec![QueryField { name, label: "To", hint: "A number as it is dialled, or an extension", value }];
    state("Filled in", view! { <QueryForm action=urls::DESIGN fields label="Show the Route"/> })
}

fn bar(form: Form) -> AnyView {
    view! { <ActionBar form label="Save changes" busy_label="Saving…" cancel=urls::DESIGN/> }.into_any()
}

fn bars(theme: Theme) -> AnyView {
    let untouched = theme.form("untouched");
    let changed = theme.form("changed");
    changed.input("name", String::new(), |_| Ok(())).typed("Typed".to_owned());
    let wrong = theme.form("wrong");
    for name in ["one", "two"] {
        wrong.input(name, String::new(), |_| Ok(())).refuse("Wrong".to_owned());
    }
    let refused = theme.form("bar-refused");
    refused.problem.set(Some(Problem::new(
        409,
        "number_taken",
        "Number Taken",
        "Plivo India has this number already.",
    )));
    let busy = theme.form("busy");
    busy.busy.set(true);
    view! {
        {state("Untouched", bar(untouched))}
        {state("Changed", bar(changed))}
        {state("Fields to correct", bar(wrong))}
        {state("Refused", bar(refused))}
        {state("Busy", bar(busy))}
    }
    .into_any()
}

/// The dialog over the page.
pub fn opened() -> AnyView {
    let open = is_open("conflict");
    view! { {move || open.get().then(|| view! { <Conflict/> })} }.into_any()
}

#[component]
fn Conflict() -> impl IntoView {
    let form = Theme("sample").form("conflict");
    let name = form.input("name", "Twilio".to_owned(), |_| Ok(()));
    name.typed("Twilio (mine)".to_owned());
    form.conflict.set(Some(serde_json::Value::Null));
    let theirs = |_| {
        let fields = vec![SavedField { name: "name", label: "Name", value: "Twilio US East".to_owned() }];
        Some(SavedRow { version: 2, fields })
    };
    view! {
        <ConflictDialog form noun="carrier" read=theirs version=RwSignal::new(String::new()) reload=urls::DESIGN save=|()| ()/>
    }
}

fn problems(_: Theme) -> AnyView {
    let banner = |problem: Problem| {
        let form = Form::button("refused");
        form.problem.set(Some(problem));
        view! { <ProblemBanner form/> }
    };
    let taken = Problem::new(409, "number_taken", "Number taken", "Plivo India has this number already.");
    let ended = Problem::new(401, "unauthenticated", "Not logged in", "The session has ended.");
    view! { {state("Refused", banner(taken))} {state("The session ended", banner(ended))} }.into_any()
}

fn checkboxes(theme: Theme) -> AnyView {
    let checkbox = |checked: bool, disabled: bool| {
        view! { <Checkbox name=theme.0 value="+912240001000" checked=RwSignal::new(checked) label="+91 22 4000 1000" disabled/> }
    };
    view! {
        {state("Off", checkbox(false, false))}
        {state("On", checkbox(true, false))}
        {state("Disabled", checkbox(false, true))}
    }
    .into_any()
}

fn cards(theme: Theme) -> AnyView {
    let two = vec![
        Card { value: "credentials", glyph: LOCK, title: "Credentials", text: "The same as for outgoing calls" },
        Card { value: "ip", glyph: GLOBE, title: "IP allowlist", text: "The addresses below" },
    ];
    let three = vec![
        Card { value: "both", glyph: BOTH_WAYS, title: "Both", text: "Rings in and dials out" },
        Card { value: "inbound", glyph: INWARD, title: "Inbound", text: "Only rings in" },
        Card { value: "outbound", glyph: OUTWARD, title: "Outbound", text: "Only dials out" },
    ];
    let (first, second) = (theme.input("cards-two", "credentials"), theme.input("cards-three", "outbound"));
    view! {
        {state("Two", view! { <RadioCards input=first label="Inbound authentication" cards=two/> })}
        {state("Three", view! { <RadioCards input=second label="Direction" cards=three/> })}
    }
    .into_any()
}

fn selects(theme: Theme) -> AnyView {
    let options = || {
        [("auto", "Auto"), ("tcp", "TCP"), ("tls", "TLS")]
            .map(|(value, text)| (value.to_owned(), text.to_owned()))
            .to_vec()
    };
    let (good, wrong) = (theme.input("select", "tcp"), theme.refused("select-wrong", "auto", "Choose one."));
    view! {
        {state("With a hint", view! { <SelectField input=good label="Transport" options=options() hint="A line of help"/> })}
        {state("Refused", view! { <SelectField input=wrong label="Transport" options=options()/> })}
    }
    .into_any()
}

fn buttons(_: Theme) -> AnyView {
    let classes = ["btn-primary", "btn", "btn-quiet", "btn-danger", "btn-danger-solid"]
        .map(|class| view! { <button type="button" class=class>{class}</button> " " })
        .collect_view();
    view! {
        {state("Ready", view! { <SubmitButton label="Save" busy_label="Saving…" busy=false/> })}
        {state("Busy", view! { <SubmitButton label="Save" busy_label="Saving…" busy=true/> })}
        {state("Classes, style/controls.css", classes)}
    }
    .into_any()
}

fn switches(theme: Theme) -> AnyView {
    let (off, on) = (theme.input("switch-off", "false"), theme.input("switch-on", "true"));
    view! {
        {state("Off", view! { <Switch input=off label="Accept any source" hint="What it does"/> })}
        {state("On", view! { <Switch input=on label="Accept any source" hint="What it does"/> })}
    }
    .into_any()
}

fn tags(theme: Theme) -> AnyView {
    let empty = theme.input("tags-empty", "");
    let some = theme.input("tags", "203.0.113.7\n2001:db8::/48\n198.51.100.0/24");
    let wrong = theme.refused("tags-wrong", "203.0.113.7\ngw.plivo.com", "gw.plivo.com is a host name.");
    let tags = |input| {
        view! { <TagInput input label="Allowed IPs" hint="Enter, comma or space ends one." placeholder="Add address or range" check=address/> }
    };
    view! { {state("Empty", tags(empty))} {state("Some", tags(some))} {state("Refused", tags(wrong))} }.into_any()
}

fn areas(theme: Theme) -> AnyView {
    let good = theme.input("area", "{\"language\": \"en\"}");
    let wrong = theme.refused("area-wrong", "{", "Close the brace.");
    view! {
        {state("Filled", view! { <TextArea input=good label="Metadata" optional=true hint="JSON"/> })}
        {state("Refused", view! { <TextArea input=wrong label="Metadata"/> })}
    }
    .into_any()
}

fn frames(theme: Theme) -> AnyView {
    let (plain, wrong) = (theme.input("frame", ""), theme.refused("frame-wrong", "", "Enter a name."));
    view! {
        {state("Label, optional, hint", view! { <TextField input=plain label="Label" optional=true hint="A line of help"/> })}
        {state("The error takes the hint's place", view! { <TextField input=wrong label="Label" hint="A line of help" kind=TextKind::Plain/> })}
    }
    .into_any()
}

fn sections(theme: Theme) -> AnyView {
    let (name, agent) = (theme.input("section-name", "Concierge"), theme.input("section-agent", "concierge"));
    let section = view! {
        <FormSection title="Bot" text="What answers when a number is called.">
            <TextField input=name label="Name"/>
            <TextField input=agent label="Agent Name" kind=TextKind::Code/>
        </FormSection>
    };
    state("Two fields", section).into_any()
}

fn fields(theme: Theme) -> AnyView {
    const KINDS: [(&str, &str, TextKind, &str); 9] = [
        ("Plain", "plain", TextKind::Plain, "Twilio US East"),
        ("Code", "code", TextKind::Code, "acme.pstn.twilio.com"),
        ("Number", "number", TextKind::Number, "2.5"),
        ("DateTime", "date-time", TextKind::DateTime, "2026-11-20T18:42"),
        ("Tel", "tel", TextKind::Tel, "+14155550134"),
        ("Email", "email", TextKind::Email, "ops@example.com"),
        ("CurrentPassword", "current", TextKind::CurrentPassword, "secret"),
        ("NewPassword", "new", TextKind::NewPassword, ""),
        ("ForeignPassword", "foreign", TextKind::ForeignPassword, ""),
    ];
    let kinds = KINDS
        .map(|(label, name, kind, value)| {
            let input = theme.input(name, value);
            view! { <TextField input label kind placeholder="Placeholder"/> }
        })
        .collect_view();
    let wrong = theme.refused("text-wrong", "sip:acme", "Remove the scheme: use acme");
    let disabled = theme.input("text-disabled", "+14155550134");
    view! {
        {state("Kinds", kinds)}
        {state("Refused", view! { <TextField input=wrong label="SIP address" kind=TextKind::Code/> })}
        {state("Disabled", view! { <TextField input=disabled label="Phone number" disabled=true hint="A number stays what it is."/> })}
    }
    .into_any()
}
