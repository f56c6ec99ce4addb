//! Forms that a browser posts by itself: the server function that the page would have called, executed with the posted
//! fields as its arguments.

use std::{collections::BTreeMap, sync::Arc};

use api_types::{Problem, input::FormFields};
use app::{FormFn, ServerFnProblem, Submitted};
use axum::{
    RequestExt,
    extract::{FromRequest, RawPathParams, Request, State},
    http::{HeaderMap, Uri, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use futures::future::BoxFuture;
use leptos::{
    prelude::provide_context,
    reactive::{computed::ScopedFuture, owner::Owner},
};
use leptos_axum::ResponseOptions;
use serde_json::{Map, Value};

use super::{contexts, render, to_login};
use crate::http::{
    AppState,
    shared::problem::{ApiError, no_method},
};

/// The prefix of hidden fields with the values that a form was loaded with.
const LOADED: &str = "was.";

/// The fields in order, and the head of their request.
pub(super) struct Form {
    parts: Parts,
    fields: Vec<(String, String)>,
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let (parts, body) = request.with_limited_body().into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.map_err(|_| {
            Problem::new(413, "too_large", "Too Large", "The form is longer than the 64 KiB that this page takes.")
        })?;
        let mut fields: Vec<(String, String)> = serde_urlencoded::from_bytes(&bytes).map_err(|error| {
            Problem::new(400, "malformed", "Malformed Form", format!("The form did not arrive whole: {error}."))
        })?;
        // Browsers send every line break as CR LF (HTML, "constructing the entry list").
        for (_, value) in &mut fields {
            *value = value.replace("\r\n", "\n");
        }
        Ok(Self { parts, fields })
    }
}

impl Form {
    /// The last value of a repeated name counts (a checkbox after its hidden "false"); the entries of a list are joined. A
    /// name with a dot is that of a nested object's field.
    fn object(&self, lists: &[&str]) -> Map<String, Value> {
        let mut object = Map::new();
        for (name, value) in self.fields.iter().filter(|(name, _)| !name.starts_with(LOADED)) {
            let (parent, key) = match name.split_once('.') {
                Some((parent, key)) => (nested(&mut object, parent), key),
                None => (&mut object, name.as_str()),
            };
            let value = match parent.get(key).and_then(Value::as_str) {
                Some(earlier) if lists.contains(&name.as_str()) => format!("{earlier}\n{value}"),
                _ => value.clone(),
            };
            parent.insert(key.to_owned(), Value::String(value));
        }
        object
    }

    /// What the page shows again: fields that the arguments have, without secrets.
    fn submitted<S: FormFn>(&self, arguments: Option<&Value>, problem: Option<Problem>) -> Submitted {
        let is_known = |name: &str| {
            let name = name.strip_prefix(LOADED).unwrap_or(name);
            arguments.is_none_or(|arguments| field(arguments, name).is_some()) && !S::Input::SECRETS.contains(&name)
        };
        let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in self.fields.iter().filter(|(name, _)| is_known(name)) {
            fields.entry(name.clone()).or_default().push(value.clone());
        }
        Submitted { fields, problem, outcome: None }
    }
}

/// The object in this field, which replaces any other value.
fn nested<'a>(object: &'a mut Map<String, Value>, name: &str) -> &'a mut Map<String, Value> {
    let field = object.entry(name).or_insert(Value::Null);
    if !field.is_object() {
        *field = Value::Object(Map::new());
    }
    field.as_object_mut().expect("it is an object by now")
}

/// The argument with the name of a form's field.
fn field<'a>(arguments: &'a Value, name: &str) -> Option<&'a Value> {
    match name.split_once('.') {
        Some((parent, key)) => arguments.get(parent)?.get(key),
        None => arguments.get(name),
    }
}

/// The address that a form was posted to, which is its page's.
pub(super) struct PageAddress<'a>(&'a Uri);

impl PageAddress<'_> {
    /// The page without these parameters of its query, such as those that open its dialogs.
    pub fn without(&self, names: &[&str]) -> String {
        let is_kept = |pair: &&str| !names.contains(&pair.split('=').next().unwrap_or_default());
        let query: Vec<&str> = self.0.query().unwrap_or_default().split('&').filter(is_kept).collect();
        let query = query.join("&");
        if query.is_empty() { self.0.path().to_owned() } else { format!("{}?{query}", self.0.path()) }
    }

    /// The page without a query.
    pub fn without_query(&self) -> String {
        self.0.path().to_owned()
    }

    /// The page above it: of an object, the list.
    pub fn parent(&self) -> String {
        let path = self.0.path();
        path.rsplit_once('/').map_or(path, |(parent, _)| parent).to_owned()
    }

    /// The page, which says what was done. With JavaScript, it says so by itself.
    pub fn done(&self, what: &str) -> String {
        format!("{}?done={what}", self.0.path())
    }

    /// A parameter of the query, decoded.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(self.0.query().unwrap_or_default()).ok()?;
        pairs.into_iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }
}

pub(super) type Adapter =
    Arc<dyn Fn(AppState, Vec<(String, String)>, Form) -> BoxFuture<'static, Response> + Send + Sync>;

/// The forms of one page, selected by the query that opens them.
#[derive(Clone, Default)]
pub(super) struct Forms(Vec<(&'static str, Adapter)>);

impl Forms {
    /// The form of the page itself.
    pub fn page(adapter: Adapter) -> Self {
        Self::default().when("", adapter)
    }

    /// The form that is shown while the query has the parameter `name`, or that value for it (`name=value`). The first
    /// match counts.
    pub fn when(mut self, condition: &'static str, adapter: Adapter) -> Self {
        let at = self.0.iter().position(|(condition, _)| condition.is_empty()).unwrap_or(self.0.len());
        self.0.insert(if condition.is_empty() { self.0.len() } else { at }, (condition, adapter));
        self
    }

    fn find(&self, uri: &Uri) -> Option<Adapter> {
        let address = PageAddress(uri);
        let matches = |condition: &str| match condition.split_once('=') {
            _ if condition.is_empty() => true,
            Some((name, value)) => address.parameter(name).as_deref() == Some(value),
            None => address.parameter(condition).is_some(),
        };
        self.0.iter().find(|(condition, _)| matches(condition)).map(|(_, adapter)| adapter.clone())
    }

    /// The handler of a POST to the page.
    pub async fn submit(self, State(state): State<AppState>, ids: RawPathParams, form: Form) -> Response {
        let ids = ids.iter().map(|(name, id)| (name.to_owned(), id.to_owned())).collect();
        match self.find(&form.parts.uri) {
            Some(adapter) => adapter(state, ids, form).await,
            None => no_method().await.into_response(),
        }
    }
}

/// Executes `S` with the form's fields and the ids in the path, then redirects to `next`. A form that is refused is shown
/// again with what was typed.
pub(super) fn native<S: FormFn>(next: fn(&S::Output, &PageAddress) -> String) -> Adapter {
    Arc::new(move |state, ids, form| Box::pin(execute::<S>(state, ids, form, |_| None, next)))
}

/// As [`native`], for an action whose outcome is shown where `show` returns it, as after a dry run: on the same page, with
/// the fields.
pub(super) fn native_or_show<S: FormFn>(
    show: fn(&S::Output) -> Option<Value>,
    next: fn(&S::Output, &PageAddress) -> String,
) -> Adapter {
    Arc::new(move |state, ids, form| Box::pin(execute::<S>(state, ids, form, show, next)))
}

async fn execute<S: FormFn>(
    state: AppState,
    ids: Vec<(String, String)>,
    form: Form,
    show: fn(&S::Output) -> Option<Value>,
    next: fn(&S::Output, &PageAddress) -> String,
) -> Response {
    let mut arguments = form.object(S::Input::LISTS);
    // The path's ids replace fields of the same name.
    arguments.extend(ids.into_iter().map(|(name, id)| (name, Value::String(id))));
    let Ok(function) = serde_json::from_value::<S>(Value::Object(arguments)) else {
        // For a malformed id, the page itself answers that there is no such row.
        let problem =
            Problem::new(400, "malformed", "Malformed Form", "The form is not understood. Load the page again.");
        let submitted = form.submitted::<S>(None, Some(problem));
        return render::page(&state, &form.parts, Some(submitted)).await;
    };
    let known = serde_json::to_value(&function).ok();
    let options = ResponseOptions::default();
    let outcome = run(function, &state, &form.parts, options.clone()).await;
    let mut response = match outcome {
        Ok(output) => match show(&output) {
            None => Redirect::to(&next(&output, &PageAddress(&form.parts.uri))).into_response(),
            outcome => {
                let submitted = Submitted { outcome, ..form.submitted::<S>(known.as_ref(), None) };
                render::page(&state, &form.parts, Some(submitted)).await
            }
        },
        Err(ServerFnProblem(problem)) if problem.code == "unauthenticated" => {
            let here = form.parts.uri.path_and_query().map_or_else(String::new, ToString::to_string);
            to_login(&state, &here).await
        }
        Err(ServerFnProblem(problem)) => {
            let submitted = form.submitted::<S>(known.as_ref(), Some(problem));
            render::page(&state, &form.parts, Some(submitted)).await
        }
    };
    // The session's cookie.
    let set: HeaderMap =
        std::mem::take(&mut options.0.write().unwrap_or_else(std::sync::PoisonError::into_inner).headers);
    response.headers_mut().extend(set);
    response
}

async fn run<S: FormFn>(
    function: S,
    state: &AppState,
    parts: &Parts,
    options: ResponseOptions,
) -> Result<S::Output, ServerFnProblem> {
    let provide = contexts(state, parts);
    let parts = parts.clone();
    let owner = Owner::new();
    let future = owner.with(|| {
        ScopedFuture::new(async move {
            provide_context(parts);
            provide_context(options.clone());
            provide(options);
            function.run_body().await
        })
    });
    let outcome = future.await;
    drop(owner);
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answering(text: &'static str) -> Adapter {
        Arc::new(move |_, _, _| Box::pin(async move { text.into_response() }))
    }

    #[test]
    fn dotted_names_are_fields_of_nested_objects() {
        let fields =
            [("a", "1"), ("b", "x"), ("b.c", "2"), ("b.c", "3"), ("b.list", "4"), ("b.list", "5"), ("was.a", "0")];
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        let (parts, ()) = Request::new(()).into_parts();
        let object = Value::Object(Form { parts, fields }.object(&["b.list"]));
        assert_eq!(object, serde_json::json!({"a": "1", "b": {"c": "3", "list": "4\n5"}}));
        assert_eq!(field(&object, "b.c"), Some(&Value::from("3")));
        assert_eq!((field(&object, "b.d"), field(&object, "a.b")), (None, None));
    }

    fn index(forms: &Forms, uri: &str) -> Option<usize> {
        let found = forms.find(&uri.parse().unwrap())?;
        forms.0.iter().position(|(_, adapter)| Arc::ptr_eq(adapter, &found))
    }

    #[test]
    fn query_selects_the_form() {
        let forms = Forms::page(answering("sync"))
            .when("delete", answering("delete"))
            .when("did=new", answering("add"))
            .when("did", answering("update"));
        assert_eq!(index(&forms, "/carriers/1"), Some(3));
        assert_eq!(index(&forms, "/carriers/1?numbers=x"), Some(3));
        assert_eq!(index(&forms, "/carriers/1?numbers=x&delete=1"), Some(0));
        assert_eq!(index(&forms, "/carriers/1?did=new"), Some(1));
        assert_eq!(index(&forms, "/carriers/1?did=did_1"), Some(2));
        assert_eq!(index(&Forms::default().when("edit", answering("")), "/x"), None);
    }

    #[test]
    fn address_keeps_the_other_parameters() {
        let uri: Uri = "/carriers/1?numbers=a%26b&did=did_1&all=1".parse().unwrap();
        let address = PageAddress(&uri);
        assert_eq!(address.without(&["did"]), "/carriers/1?numbers=a%26b&all=1");
        assert_eq!(address.without(&["did", "numbers", "all"]), "/carriers/1");
        assert_eq!(address.parameter("numbers").as_deref(), Some("a&b"));
    }
}
