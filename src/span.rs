//! Where something stands: a range of bytes in a file.
//!
//! Offsets are UTF-8 byte offsets into the file *as read* (a byte order mark counts). Lines and columns are
//! derived only when something is printed; see [`crate::source::Source`].

/// A half-open range of bytes, `start..end`, in one file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset just past the last byte.
    pub end: u32,
}

impl Span {
    /// The range `start..end`, in bytes. An `end` before `start` becomes an empty range at `start`.
    pub fn new(start: usize, end: usize) -> Self {
        let cap = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Span { start: cap(start), end: cap(end.max(start)) }
    }

    /// The same range, moved `by` bytes towards the end of the file.
    pub fn shifted(self, by: usize) -> Self {
        Span::new(self.start as usize + by, self.end as usize + by)
    }

    /// The smallest range that holds both.
    pub fn to(self, other: Span) -> Self {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Whether the other one lies in it.
    pub fn holds(self, inner: Span) -> bool {
        self.start <= inner.start && inner.end <= self.end
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether the range holds no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The range as indices.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A file that was read, by its number in [`crate::source::Files`].
///
/// Numbers are given in the order of first reading, which depends on threads: never print or sort by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FileId(pub u32);

/// A range of bytes in a particular file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Loc {
    /// The file.
    pub file: FileId,
    /// The bytes in it.
    pub span: Span,
}

impl Loc {
    /// The place `span` of `file`.
    pub fn new(file: FileId, span: Span) -> Self {
        Loc { file, span }
    }

    /// Whether the other one lies in it.
    pub fn holds(self, inner: Loc) -> bool {
        self.file == inner.file && self.span.holds(inner.span)
    }
}
