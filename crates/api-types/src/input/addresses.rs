use domain::{FieldErrors, FieldFault, IpRange};

use super::TextList;

/// Parses the entries of `allowed_addresses`: addresses and CIDR ranges, each once. Blank entries are left out.
pub(super) fn addresses(errors: &mut FieldErrors, TextList(texts): &TextList) -> Vec<IpRange> {
    const MAX_ENTRIES: usize = 200;
    let mut ranges = Vec::new();
    for text in texts.iter().filter(|text| !text.trim().is_empty()) {
        if let Some(range) = errors.record("allowed_addresses", text.parse::<IpRange>())
            && !ranges.contains(&range)
        {
            ranges.push(range);
        }
        if errors.len() > 20 {
            break;
        }
    }
    if ranges.len() > MAX_ENTRIES {
        let message = format!("At most {MAX_ENTRIES} entries fit; join neighbours into ranges such as 203.0.113.0/24.");
        errors.add("allowed_addresses", FieldFault::new("too_many", message));
    }
    ranges
}
