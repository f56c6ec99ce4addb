use api_types::Problem;
use domain::{FieldErrors, FieldFault};
use leptos::{prelude::*, task::spawn_local, wasm_bindgen::JsCast, web_sys::HtmlElement};

use super::{
    Input,
    conflict::{Current, Theirs},
};
use crate::submitted::{Submitted, submitted};

/// The state of one form. Ids of its elements start with its own.
#[derive(Clone, Copy)]
pub struct Form {
    id: &'static str,
    inputs: StoredValue<Vec<Input>>,
    submitted: StoredValue<Option<Submitted>>,
    /// What stands in the way and belongs to no single field.
    pub problem: RwSignal<Option<Problem>>,
    /// Someone else saved the same row in the meantime: the row as it is now.
    pub conflict: RwSignal<Option<serde_json::Value>>,
    /// On its way to the server.
    pub busy: RwSignal<bool>,
}

impl Form {
    /// Starts with what was posted, where the form came back from the server.
    pub fn new(id: &'static str) -> Self {
        let form = Self::button(id);
        if let Some(returned) = submitted() {
            form.file(returned.problem.clone());
            form.submitted.set_value(Some(returned));
        }
        form
    }

    /// A form that is only a button: it never comes back with something typed.
    pub fn button(id: &'static str) -> Self {
        Self {
            id,
            inputs: StoredValue::new(Vec::new()),
            submitted: StoredValue::new(None),
            problem: RwSignal::new(None),
            conflict: RwSignal::new(None),
            busy: RwSignal::new(false),
        }
    }

    /// The version that the next save refers to: the one that was read when typing began, or the newest once the
    /// operator has seen that there is a newer one.
    pub fn version(self, newest: i64) -> RwSignal<String> {
        let seen = self.conflict.read_untracked().is_some();
        RwSignal::new(self.posted_version().filter(|_| !seen).unwrap_or_else(|| newest.to_string()))
    }

    /// The version that was refused as stale, where the form came back from the server.
    pub(super) fn posted_version(self) -> Option<String> {
        self.submitted.with_value(|submitted| submitted.as_ref().and_then(|form| form.last("version")))
    }

    /// What a field held when typing began, where the form came back from the server.
    fn was(self, name: &str) -> Option<String> {
        let name = was(name);
        self.submitted.with_value(|submitted| submitted.as_ref().and_then(|form| form.last(&name)))
    }

    /// Of the `<form>` element: buttons outside of it send it too.
    pub fn element_id(self) -> String {
        format!("{}-form", self.id)
    }

    /// The fields by name, each with what it held when typing began: sent along, they tell what was changed here from
    /// what was left alone.
    pub(super) fn read_values(self) -> Vec<(String, String)> {
        self.inputs.with_value(|inputs| inputs.iter().map(|input| (was(input.name), input.saved_untracked())).collect())
    }

    /// Adds a field. `check` is the domain's parser for it.
    pub fn input(self, name: &'static str, saved: String, check: fn(&str) -> Result<(), FieldFault>) -> Input {
        self.add(name, saved, Submitted::value, check)
    }

    /// Adds a field of few values, which cannot be wrong: a choice, or a switch with "true" and "false".
    pub fn choice(self, name: &'static str, saved: String) -> Input {
        self.add(name, saved, Submitted::last, |_| Ok(()))
    }

    fn add(
        self,
        name: &'static str,
        saved: String,
        posted: fn(&Submitted, &str) -> Option<String>,
        check: fn(&str) -> Result<(), FieldFault>,
    ) -> Input {
        let (typed, error) = self.submitted.with_value(|submitted| {
            let Some(submitted) = submitted else { return (None, None) };
            let error = submitted.problem.as_ref().and_then(|problem| problem.errors.message(name).map(str::to_owned));
            (posted(submitted, name), error)
        });
        let stale = self.conflict.read_untracked().is_some();
        let (saved, typed) = match (typed, self.was(name)) {
            // Meanwhile others have saved: what was left alone here is theirs now.
            (Some(typed), Some(was)) if stale => (saved, Some(typed).filter(|typed| *typed != was)),
            (typed, Some(was)) => (was, typed),
            (typed, None) => (saved, typed),
        };
        let input = Input::new(self.id, name, saved, typed, error, check);
        self.inputs.update_value(|inputs| inputs.push(input));
        input
    }

    /// Whether something would be lost by leaving. Tracks.
    pub fn changed(self) -> bool {
        self.inputs.with_value(|inputs| inputs.iter().any(|input| input.changed()))
    }

    /// Tracks every field.
    pub fn track(self) {
        self.inputs.with_value(|inputs| inputs.iter().for_each(|input| input.value.track()));
    }

    /// How many fields need attention. Tracks.
    pub fn faults(self) -> usize {
        self.inputs.with_value(|inputs| inputs.iter().filter(|input| input.error.read().is_some()).count())
    }

    /// Shows each fault at its field, and goes to the first one.
    pub fn refuse_fields(self, errors: &FieldErrors) {
        self.inputs.with_value(|inputs| {
            for input in inputs {
                if let Some(message) = errors.message(input.name) {
                    input.refuse(message.to_owned());
                }
            }
            if let Some(first) = inputs.iter().find(|input| input.error.read_untracked().is_some()) {
                focus(first.id());
            }
        });
    }

    /// The server's refusal: at the fields where it names them, and as a whole.
    pub fn refuse(self, problem: Problem) {
        self.refuse_fields(&problem.errors);
        self.file(Some(problem));
    }

    /// What is told for the form as a whole: the detail, or the faults of fields that it does not show, such as those of
    /// hidden ones. None where every fault stands at its field.
    pub(super) fn not_at_a_field(self, problem: &Problem) -> Option<String> {
        if problem.errors.is_empty() {
            return Some(problem.detail.clone());
        }
        let shown = |name: &str| self.inputs.with_value(|inputs| inputs.iter().any(|input| input.name == name));
        let hidden = problem.errors.iter().filter(|error| !shown(&error.field)).map(|error| error.message.as_str());
        Some(hidden.collect::<Vec<_>>().join(" ")).filter(|text| !text.is_empty())
    }

    fn file(self, problem: Option<Problem>) {
        let Some(problem) = problem else { return };
        if problem.code == "stale_version" && problem.current.is_some() {
            self.conflict.set(problem.current);
        } else {
            self.problem.set(Some(problem));
        }
    }

    /// Where what was saved by someone else differs from what stands in the form, or stood there: label, theirs, and
    /// mine where it was changed. `theirs` has all fields.
    pub(super) fn differences(self, theirs: &[Theirs]) -> Vec<(&'static str, String, Option<String>)> {
        let all = self.inputs.get_value();
        let differs = |their: &Theirs| {
            let input = all.iter().find(|input| input.name == their.name)?;
            let mine = input.value.get_untracked();
            let moved = mine != their.value || self.was(their.name).is_some_and(|was| was != their.value);
            let changed = input.changed_untracked().then(|| input.told(&mine));
            moved.then(|| (their.label, input.told(&their.value), changed))
        };
        theirs.iter().filter_map(differs).collect()
    }

    /// A form in which nothing was typed shows what others save, as any page does.
    pub fn follow(self, current: Current, version: RwSignal<String>) {
        if !untrack(|| self.changed()) && !self.busy.get_untracked() {
            self.merge(current.fields, false);
            version.set(current.version.to_string());
        }
    }

    /// Takes over what someone else saved; with `keep_mine`, only where nothing was changed here.
    pub(super) fn merge(self, theirs: Vec<Theirs>, keep_mine: bool) {
        let all = self.inputs.get_value();
        for their in theirs {
            let Some(input) = all.iter().find(|input| input.name == their.name) else { continue };
            if keep_mine && input.changed_untracked() {
                input.rebase(their.value);
            } else {
                input.replace(their.value);
            }
        }
    }

    /// What is shown is what is saved.
    pub fn accept(self) {
        let _ = self.inputs.try_with_value(|inputs| inputs.iter().for_each(|input| input.accept()));
    }

    /// Sends once, however often the button is pressed. What was typed stays unless it was taken.
    pub fn send<T: 'static>(
        self,
        request: impl Future<Output = Result<T, Problem>> + 'static,
        done: impl FnOnce(T) + 'static,
    ) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.problem.set(None);
        spawn_local(async move {
            let answer = request.await;
            // The page may be gone by now.
            if self.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(value) => {
                    self.accept();
                    done(value);
                }
                Err(problem) => self.refuse(problem),
            }
        });
    }
}

fn was(name: &str) -> String {
    format!("was.{name}")
}

/// After the next rendering: the element may only just appear.
pub fn focus(id: String) {
    request_animation_frame(move || {
        let element = document().get_element_by_id(&id).and_then(|element| element.dyn_into::<HtmlElement>().ok());
        if let Some(element) = element {
            let _ = element.focus();
        }
    });
}
