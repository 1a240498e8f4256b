//! Repairs.
/// x
pub(super) type Renamed = std::collections::BTreeMap<usize, std::ops::Range<usize>>;
