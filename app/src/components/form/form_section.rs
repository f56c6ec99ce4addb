use leptos::prelude::*;

/// A heading with its explanation, and the fields beside it.
#[component]
pub fn FormSection(title: &'static str, text: &'static str, children: Children) -> impl IntoView {
    view! {
        <section class="form-section">
            <div>
                <h2 class="text-[14px] font-medium">{title}</h2>
                <p class="hint">{text}</p>
            </div>
            <div class="form-fields">{children()}</div>
        </section>
    }
    .into_any()
}
