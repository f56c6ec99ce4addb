/// A row as it is saved now.
pub struct SavedRow {
    pub version: i64,
    pub fields: Vec<SavedField>,
}

/// A saved field, formatted as in the form.
pub struct SavedField {
    pub name: &'static str,
    pub label: &'static str,
    pub value: String,
}
