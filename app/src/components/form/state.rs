use std::pin::Pin;

use api_types::Problem;
use domain::{FieldErrors, FieldFault};
use leptos::{prelude::*, task::spawn_local, wasm_bindgen::JsCast, web_sys::HtmlElement};

use super::{Input, SavedField, SavedRow};
use crate::submitted::{Submitted, submitted};

/// A request whose success is handled by what it returns.
type Request = Pin<Box<dyn Future<Output = Result<Box<dyn FnOnce()>, Problem>>>>;

/// The state of one form. Its id is the prefix of the ids of its elements.
#[derive(Clone, Copy)]
pub struct Form {
    id: &'static str,
    inputs: StoredValue<Vec<Input>>,
    submitted: StoredValue<Option<Submitted>>,
    /// Why the form was refused, apart from the faults of fields.
    pub problem: RwSignal<Option<Problem>>,
    /// Someone else saved the same row in the meantime: the row as it is saved now.
    pub conflict: RwSignal<Option<serde_json::Value>>,
    /// A request is running.
    pub busy: RwSignal<bool>,
}

impl Form {
    /// Starts with the posted values after a refused native form.
    pub fn new(id: &'static str) -> Self {
        let form = Self::button(id);
        if let Some(returned) = submitted() {
            form.set_problem(returned.problem.clone());
            form.submitted.set_value(Some(returned));
        }
        form
    }

    /// A form without fields: nothing is posted that could come back.
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

    /// The version that the next save refers to: the one that was loaded, or the newest once the conflict dialog has shown
    /// that there is a newer one.
    pub fn version(self, newest: i64) -> RwSignal<String> {
        let conflict_shown = self.conflict.read_untracked().is_some();
        RwSignal::new(self.posted_version().filter(|_| !conflict_shown).unwrap_or_else(|| newest.to_string()))
    }

    /// The version that a native form posted and that was refused as stale.
    fn posted_version(self) -> Option<String> {
        self.submitted.with_value(|submitted| submitted.as_ref().and_then(|form| form.last("version")))
    }

    /// The value that the field of a native form was loaded with.
    fn loaded_value(self, name: &str) -> Option<String> {
        let name = loaded_name(name);
        self.submitted.with_value(|submitted| submitted.as_ref().and_then(|form| form.last(&name)))
    }

    /// Id of the `<form>` element, for buttons outside of it.
    pub fn element_id(self) -> String {
        format!("{}-form", self.id)
    }

    /// Hidden fields with the loaded values, which tell the server what was changed here.
    pub(super) fn read_values(self) -> Vec<(String, String)> {
        self.inputs.with_value(|inputs| {
            inputs.iter().map(|input| (loaded_name(input.name), input.saved_untracked())).collect()
        })
    }

    /// Adds a field. `check` is the domain's parser for it.
    pub fn input(self, name: &'static str, saved: String, check: fn(&str) -> Result<(), FieldFault>) -> Input {
        self.add(name, saved, Submitted::value, check)
    }

    /// Adds a field that needs no check: a choice, or a switch with "true" and "false".
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
        let (saved, typed) = match (typed, self.loaded_value(name)) {
            // Someone else saved meanwhile: a field that was not changed here gets the saved value.
            (Some(typed), Some(loaded)) if stale => (saved, Some(typed).filter(|typed| *typed != loaded)),
            (typed, Some(loaded)) => (loaded, typed),
            (typed, None) => (saved, typed),
        };
        let input = Input::new(self.id, name, saved, typed, error, check);
        self.inputs.update_value(|inputs| inputs.push(input));
        input
    }

    /// Whether there are unsaved changes. Tracks.
    pub fn changed(self) -> bool {
        self.inputs.with_value(|inputs| inputs.iter().any(|input| input.changed()))
    }

    /// Tracks every field.
    pub fn track(self) {
        self.inputs.with_value(|inputs| inputs.iter().for_each(|input| input.value.track()));
    }

    /// The count of fields with an error. Tracks.
    pub fn faults(self) -> usize {
        self.inputs.with_value(|inputs| inputs.iter().filter(|input| input.error.read().is_some()).count())
    }

    /// Shows each fault at its field and focuses the first one.
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

    /// Shows the server's problem: at the fields that it names, and in the banner.
    pub fn refuse(self, problem: Problem) {
        self.refuse_fields(&problem.errors);
        self.set_problem(Some(problem));
    }

    /// The text of the banner: the detail, or the faults of fields that the form does not show. `None` if every fault is
    /// shown at its field.
    pub(super) fn form_level_text(self, problem: &Problem) -> Option<String> {
        if problem.errors.is_empty() {
            return Some(problem.detail.clone());
        }
        let shown = |name: &str| self.inputs.with_value(|inputs| inputs.iter().any(|input| input.name == name));
        let hidden = problem.errors.iter().filter(|error| !shown(&error.field)).map(|error| error.message.as_str());
        Some(hidden.collect::<Vec<_>>().join(" ")).filter(|text| !text.is_empty())
    }

    fn set_problem(self, problem: Option<Problem>) {
        let Some(problem) = problem else { return };
        if problem.code == "stale_version" && problem.current.is_some() {
            self.conflict.set(problem.current);
        } else {
            self.problem.set(Some(problem));
        }
    }

    /// Fields whose saved value differs from the typed or the loaded one: label, saved value, and the typed value if it
    /// was changed here. `theirs` has all fields.
    pub(super) fn differences(self, theirs: &[SavedField]) -> Vec<(&'static str, String, Option<String>)> {
        let all = self.inputs.get_value();
        let difference = |their: &SavedField| {
            let input = all.iter().find(|input| input.name == their.name)?;
            let mine = input.value.get_untracked();
            let differs =
                mine != their.value || self.loaded_value(their.name).is_some_and(|loaded| loaded != their.value);
            let changed = input.changed_untracked().then(|| input.label_of(&mine));
            differs.then(|| (their.label, input.label_of(&their.value), changed))
        };
        theirs.iter().filter_map(difference).collect()
    }

    /// Shows what others save, as long as nothing was typed.
    pub fn follow(self, current: SavedRow, version: RwSignal<String>) {
        if !untrack(|| self.changed()) && !self.busy.get_untracked() {
            self.merge(current.fields, false);
            version.set(current.version.to_string());
        }
    }

    /// Applies what someone else saved; with `keep_mine`, only to fields that were not changed here.
    pub(super) fn merge(self, theirs: Vec<SavedField>, keep_mine: bool) {
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

    /// Marks the typed values as saved.
    pub fn accept(self) {
        let _ = self.inputs.try_with_value(|inputs| inputs.iter().for_each(|input| input.accept()));
    }

    /// Sends the request unless one is running. After a failure the typed values stay.
    pub fn send<T: 'static, E: Into<Problem> + 'static>(
        self,
        request: impl Future<Output = Result<T, E>> + 'static,
        done: impl FnOnce(T) + 'static,
    ) {
        // Without its type, so that the rest is compiled once and not for each request.
        self.execute(Box::pin(async move {
            let value = request.await.map_err(Into::into)?;
            Ok(Box::new(move || done(value)) as Box<dyn FnOnce()>)
        }));
    }

    fn execute(self, request: Request) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.problem.set(None);
        spawn_local(async move {
            let answer = request.await;
            // The page may have been left by now.
            if self.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(done) => {
                    self.accept();
                    done();
                }
                Err(problem) => self.refuse(problem),
            }
        });
    }
}

/// Name of the hidden field with the loaded value.
fn loaded_name(name: &str) -> String {
    format!("was.{name}")
}

/// After the next rendering, because the element may not exist yet.
pub fn focus(id: String) {
    request_animation_frame(move || {
        let element = document().get_element_by_id(&id).and_then(|element| element.dyn_into::<HtmlElement>().ok());
        if let Some(element) = element {
            let _ = element.focus();
        }
    });
}
