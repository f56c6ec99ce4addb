//! `/design`: every component in every state, light beside dark, with its source file. In development builds only; see
//! `docs/design.md`.

mod carrier;
mod dialogs;
mod figures;
mod form;
mod layout;
mod stage;
mod table;
mod ui;

use leptos::prelude::*;

use self::stage::{Sample, Theme};
use crate::components::layout::ThemeToggle;

/// In the order of the folders.
fn samples() -> Vec<Sample> {
    [
        ui::samples(),
        figures::samples(),
        form::samples(),
        dialogs::samples(),
        table::samples(),
        layout::samples(),
        carrier::samples(),
    ]
    .concat()
}

#[component]
pub fn DesignPage() -> impl IntoView {
    let samples = samples();
    let contents = samples
        .iter()
        .map(|sample| {
            let href = format!("#{}", sample.anchor());
            view! { <li><a class="link" href=href rel="external">{sample.name}</a></li> }
        })
        .collect_view();
    let sections = samples.iter().map(section).collect_view();
    view! {
        <leptos_meta::Title text="Components"/>
        <main id="content" class="design">
            <header class="page-head">
                <div>
                    <h1 class="page-title">"Components"</h1>
                    <p class="page-summary">
                        "Every one in every state, light beside dark, with the file to edit. What opens over the page follows the button."
                    </p>
                </div>
                <ThemeToggle/>
            </header>
            <nav aria-label="Components"><ul class="design-contents">{contents}</ul></nav>
            {sections}
            {ui::opened()}
            {form::opened()}
            {dialogs::opened()}
        </main>
    }
    .into_any()
}

fn section(sample: &Sample) -> AnyView {
    let anchor = sample.anchor();
    view! {
        <section aria-labelledby=anchor.clone()>
            <h2 id=anchor.clone() class="text-[15px] font-semibold">{sample.name}</h2>
            <p class="hint"><code>{sample.path()}</code></p>
            <div class=if sample.wide { "design-pair design-pair-wide" } else { "design-pair" }>
                <div class="design-stage" data-theme="light">{(sample.show)(Theme("light"))}</div>
                <div class="design-stage" data-theme="dark">{(sample.show)(Theme("dark"))}</div>
            </div>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, path::Path};

    use super::*;

    /// Files without a visible component, and why.
    const NOT_VISIBLE: [(&str, &str); 18] = [
        ("form/check.rs", "the check of a field"),
        ("form/editing.rs", "the row that a form changes"),
        ("form/guard.rs", "notices that a form is left"),
        ("form/input.rs", "the state of a field"),
        ("form/saved_row.rs", "data of the conflict dialog"),
        ("form/state.rs", "the state of a form"),
        ("layout/scroll.rs", "restores the scroll position"),
        ("table/body.rs", "a part of the table"),
        ("table/bulk_bar.rs", "a part of the table"),
        ("table/column.rs", "a part of the table"),
        ("table/empty.rs", "a part of the table"),
        ("table/head.rs", "a part of the table"),
        ("table/pager.rs", "a part of the table"),
        ("table/query.rs", "the state in the address"),
        ("table/selection.rs", "the chosen rows"),
        ("table/toolbar.rs", "a part of the table"),
        ("ui/clipboard.rs", "copies to the clipboard"),
        ("ui/html.rs", "functions that escape text"),
    ];

    #[test]
    fn samples_cover_every_component_file() {
        let components = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/components");
        let mut files = BTreeSet::new();
        for folder in ["ui", "form", "table", "layout", "carrier"] {
            for entry in std::fs::read_dir(components.join(folder)).unwrap() {
                let name = entry.unwrap().file_name().into_string().unwrap();
                if name != "mod.rs" {
                    files.insert(format!("{folder}/{name}"));
                }
            }
        }
        let shown: BTreeSet<String> = Owner::new_root(None).with(|| {
            samples()
                .iter()
                .map(|sample| sample.file.to_owned())
                .chain(NOT_VISIBLE.map(|(file, _)| file.to_owned()))
                .collect()
        });
        assert_eq!(shown, files);
    }
}
