use std::str::FromStr;

use domain::FieldFault;

/// The check of a field whose domain type is `T`.
pub fn parsed<T: FromStr<Err = FieldFault>>(text: &str) -> Result<(), FieldFault> {
    text.parse::<T>().map(drop)
}
