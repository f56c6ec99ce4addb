use std::sync::Arc;

use leptos::prelude::*;

type CellOf<T> = Arc<dyn Fn(&T) -> AnyView + Send + Sync>;

/// A column of a table: its head, its order and its cells.
#[derive(Clone)]
pub struct Column<T> {
    pub(super) head: Head,
    pub(super) cell: CellOf<T>,
}

/// What is known of a column without a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Head {
    pub label: &'static str,
    pub sort: Option<&'static str>,
    /// The order of the first click.
    pub descending: bool,
    pub kind: Kind,
    pub width: Width,
    pub place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Text,
    Code,
    Number,
    View,
}

/// The smallest width of a column. Text that is longer is cut off and has itself as its title.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Width {
    /// As narrow as its content allows.
    Auto,
    Medium,
    Wide,
}

/// Where a narrow screen shows the column in a row's card.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Place {
    /// In a line of its own, beside its label.
    Line,
    /// In the card's first line, without a label.
    Top,
    /// The same, and its head is for screen readers alone.
    Actions,
}

impl<T> Column<T> {
    /// Text in one line. What does not fit is cut off; the title has all of it.
    pub fn text(label: &'static str, text: impl Fn(&T) -> String + Send + Sync + 'static) -> Self {
        Self::new(label, Kind::Text, Width::Medium, move |row| clipped(text(row), "cell-text"))
    }

    /// The same in monospaced characters: an address, an id.
    pub fn code(label: &'static str, text: impl Fn(&T) -> String + Send + Sync + 'static) -> Self {
        Self::new(label, Kind::Code, Width::Medium, move |row| clipped(text(row), "cell-text cell-code"))
    }

    /// A number, aligned to the right; the first click on its head sorts the highest first.
    pub fn number(label: &'static str, text: impl Fn(&T) -> String + Send + Sync + 'static) -> Self {
        Self::new(label, Kind::Number, Width::Auto, move |row| text(row).into_any()).descending_first()
    }

    /// Anything else, such as a badge.
    pub fn view(label: &'static str, cell: impl Fn(&T) -> AnyView + Send + Sync + 'static) -> Self {
        Self::new(label, Kind::View, Width::Auto, cell)
    }

    /// Buttons and links that act on the row.
    pub fn actions(cell: impl Fn(&T) -> AnyView + Send + Sync + 'static) -> Self {
        let mut column = Self::view("Actions", cell);
        column.head.place = Place::Actions;
        column
    }

    fn new(
        label: &'static str,
        kind: Kind,
        width: Width,
        cell: impl Fn(&T) -> AnyView + Send + Sync + 'static,
    ) -> Self {
        let head = Head { label, sort: None, descending: false, kind, width, place: Place::Line };
        Self { head, cell: Arc::new(cell) }
    }

    /// Can be sorted by this key.
    #[must_use]
    pub fn sort(mut self, key: &'static str) -> Self {
        self.head.sort = Some(key);
        self
    }

    /// The first click on the head sorts descending: for times and amounts.
    #[must_use]
    pub fn descending_first(mut self) -> Self {
        self.head.descending = true;
        self
    }

    #[must_use]
    pub fn width(mut self, width: Width) -> Self {
        self.head.width = width;
        self
    }

    /// In a narrow screen's card, in the first line beside the name: for a status.
    #[must_use]
    pub fn on_top(mut self) -> Self {
        self.head.place = Place::Top;
        self
    }
}

impl Head {
    /// Classes that the head's cell and the column's cells share.
    pub fn class(self) -> String {
        let kind = match self.kind {
            Kind::Text | Kind::Code | Kind::View => "",
            Kind::Number => " col-number num",
        };
        let width = match self.width {
            Width::Auto => "",
            Width::Medium => " col-medium",
            Width::Wide => " col-wide",
        };
        let place = match self.place {
            Place::Line => "",
            Place::Top => " col-top",
            Place::Actions => " col-top col-actions",
        };
        format!("{kind}{width}{place}")
    }

    /// The order that a click on the head asks for, with the present one.
    pub fn next_order(self, key: &str, (current, descending): (&str, bool)) -> String {
        let descend = if current == key { !descending } else { self.descending };
        format!("{}{key}", if descend { "-" } else { "" })
    }
}

fn clipped(text: String, class: &'static str) -> AnyView {
    if text.is_empty() {
        return no_value();
    }
    let title = text.clone();
    view! { <span class=class title=title>{text}</span> }.into_any()
}

/// A dash; screen readers read "none".
pub fn no_value() -> AnyView {
    view! { <span class="text-ink-3"><span aria-hidden="true">"—"</span> <span class="sr-only">"none"</span></span> }
        .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_is_sorted_descending_first() {
        let dids = Column::number("DIDs", |count: &i64| count.to_string()).sort("dids").head;
        assert_eq!(dids.next_order("dids", ("name", false)), "-dids");
        assert_eq!(dids.next_order("dids", ("dids", true)), "dids");
    }

    #[test]
    fn text_is_sorted_ascending_first() {
        let name = Column::text("Name", |name: &String| name.clone()).sort("name").head;
        assert_eq!(name.next_order("name", ("dids", true)), "name");
        assert_eq!(name.next_order("name", ("name", false)), "-name");
    }
}
