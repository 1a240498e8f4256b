//! Where in a value something ephemeral or sensitive is, as far as that is certain.
//!
//! `{ name = "ci", token = var.token }` is ephemeral in one attribute: `.name` of it may be kept, `jsonencode` of it may
//! not. Knows nothing of expressions.

/// Where in a value what is asked for is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    /// Nowhere, or nobody knows.
    #[default]
    Clean,
    /// It is the value.
    Whole,
    /// Somewhere in a list, a set or an object.
    Within,
    /// In these elements of a list.
    List(Vec<Shape>),
    /// In these attributes of an object; one whose name is not known has none.
    Object(Vec<(Option<String>, Shape)>),
}

/// Which part of a value is taken.
#[derive(Clone, Debug)]
pub enum Key {
    /// An attribute.
    Name(String),
    /// An element.
    Index(usize),
    /// One that only the deployment knows.
    Open,
}

/// How many parts are told apart: past it only whether it is in one of them is known.
const PARTS: usize = 2_000;

impl Shape {
    /// A list of these.
    pub fn list(parts: impl IntoIterator<Item = Shape>) -> Shape {
        let (parts, rest) = told_apart(parts.into_iter().map(|part| ((), part)));
        rest.unwrap_or_else(|| Shape::List(parts.into_iter().map(|((), part)| part).collect()))
    }

    /// An object of these attributes.
    pub fn object(parts: impl IntoIterator<Item = (Option<String>, Shape)>) -> Shape {
        let (parts, rest) = told_apart(parts);
        rest.unwrap_or(Shape::Object(parts))
    }

    fn size(&self) -> usize {
        match self {
            Shape::List(parts) => parts.iter().map(Shape::size).sum::<usize>() + 1,
            Shape::Object(parts) => parts.iter().map(|(_, part)| part.size()).sum::<usize>() + 1,
            _ => 1,
        }
    }

    /// Whether it is in the value.
    pub fn is_within(&self) -> bool {
        match self {
            Shape::Clean => false,
            Shape::Whole | Shape::Within => true,
            Shape::List(_) | Shape::Object(_) => self.parts().iter().any(Shape::is_within),
        }
    }

    /// The value, which is marked as a whole, if `whole`.
    pub fn or_whole(self, whole: bool) -> Shape {
        if whole { Shape::Whole } else { self }
    }

    /// What a function makes of values that it looks into.
    pub fn made_of(args: &[Shape]) -> Shape {
        Shape::Clean.or_whole(args.iter().any(Shape::is_within))
    }

    /// What is known of each part of a collection: one stands for all where they are not known.
    pub fn parts(&self) -> Vec<Shape> {
        match self {
            Shape::List(parts) => parts.clone(),
            Shape::Object(parts) => parts.iter().map(|(_, part)| part.clone()).collect(),
            Shape::Whole => vec![Shape::Whole],
            Shape::Clean | Shape::Within => vec![Shape::Clean],
        }
    }

    /// The parts of a collection with the names of an object's.
    pub fn entries(&self) -> Vec<(Option<String>, Shape)> {
        match self {
            Shape::Object(parts) => parts.clone(),
            _ => self.parts().into_iter().map(|part| (None, part)).collect(),
        }
    }

    /// One of several values, which one is not known.
    pub fn one_of(all: &[Shape]) -> Shape {
        match all.split_first() {
            Some((first, rest)) if rest.iter().all(|other| other == first) => first.clone(),
            Some(_) if all.iter().all(Shape::is_within) => Shape::Within,
            _ => Shape::Clean,
        }
    }

    /// A part of the value.
    pub fn part(&self, key: &Key) -> Shape {
        match (self, key) {
            (Shape::Whole, _) => Shape::Whole,
            (Shape::List(parts), Key::Index(at)) => parts.get(*at).cloned().unwrap_or_default(),
            (Shape::Object(parts), Key::Name(name)) if parts.iter().all(|(own, _)| own.is_some()) => {
                let found = parts.iter().rev().find(|(own, _)| own.as_ref() == Some(name));
                found.map(|(_, part)| part.clone()).unwrap_or_default()
            }
            (Shape::List(_) | Shape::Object(_), _) => Shape::one_of(&self.parts()),
            (Shape::Clean | Shape::Within, _) => Shape::Clean,
        }
    }

    /// The elements of lists in a row; of a collection whose elements are not known, those behind it are not either.
    pub fn in_a_row(lists: &[Shape]) -> Shape {
        let mut all = Vec::new();
        for list in lists {
            match list {
                Shape::Whole => return Shape::Whole,
                Shape::List(parts) => all.extend(parts.iter().cloned()),
                _ => {
                    let within = lists.iter().any(Shape::is_within);
                    return if within { Shape::Within } else { Shape::Clean };
                }
            }
        }
        Shape::list(all)
    }

    /// Objects over one another.
    pub fn merged(objects: &[Shape]) -> Shape {
        let mut all: Vec<(Option<String>, Shape)> = Vec::new();
        for object in objects {
            match object {
                Shape::Whole => return Shape::Whole,
                Shape::Object(parts) => {
                    for (name, part) in parts {
                        all.retain(|(own, _)| own.is_none() || own != name);
                        all.push((name.clone(), part.clone()));
                    }
                }
                // Its attributes may replace any.
                _ => all = vec![(None, Shape::Clean)],
            }
        }
        Shape::object(all)
    }

    /// Lists of lists as one.
    pub fn flattened(&self) -> Shape {
        let mut all = Vec::new();
        let Shape::List(parts) = self else { return self.clone() };
        for part in parts {
            match part.flattened() {
                Shape::List(inner) => all.extend(inner),
                other => all.push(other),
            }
        }
        Shape::list(all)
    }
}

/// The parts; instead of too many what is known of all together.
fn told_apart<N>(parts: impl IntoIterator<Item = (N, Shape)>) -> (Vec<(N, Shape)>, Option<Shape>) {
    let (mut kept, mut size, mut within) = (Vec::new(), 0, false);
    for (name, part) in parts {
        size += part.size();
        within |= part.is_within();
        if size <= PARTS {
            kept.push((name, part));
        }
    }
    let rest = (size > PARTS).then_some(if within { Shape::Within } else { Shape::Clean });
    (kept, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_what_it_is() {
        let named = |name: &str| Key::Name(name.into());
        let object = Shape::Object(vec![(Some("a".into()), Shape::Whole), (Some("b".into()), Shape::Clean)]);
        assert_eq!(object.part(&named("a")), Shape::Whole);
        assert_eq!(object.part(&named("b")), Shape::Clean);
        assert_eq!(object.part(&Key::Open), Shape::Clean, "it may be the other one");
        let list = Shape::List(vec![Shape::Whole, object.clone()]);
        assert_eq!(list.part(&Key::Index(1)), object);
        assert_eq!(list.part(&Key::Open), Shape::Within, "each has one");
        assert_eq!(Shape::Whole.part(&Key::Open), Shape::Whole);
        assert_eq!(Shape::Within.part(&Key::Open), Shape::Clean);
    }

    #[test]
    fn lists_of_lists_end_at_the_limit() {
        let mut list = Shape::list([Shape::Clean, Shape::Whole]);
        for _ in 0..60 {
            list = Shape::list([list.clone(), list]);
        }
        assert!(list.is_within() && list.size() <= PARTS + 1);
        assert_eq!(Shape::list([Shape::Clean, Shape::Whole]).size(), 3, "a list is a part too");
    }

    #[test]
    fn what_covers_an_attribute_takes_it_away() {
        let of = |name: &str, shape| Shape::Object(vec![(Some(name.into()), shape)]);
        let over = [of("a", Shape::Whole), of("a", Shape::Clean)];
        assert!(!Shape::merged(&over).is_within());
        assert!(Shape::merged(&[of("b", Shape::Whole), of("a", Shape::Clean)]).is_within());
        assert!(!Shape::merged(&[of("a", Shape::Whole), Shape::Clean]).is_within(), "it may be covered");
        let lists = [Shape::List(vec![Shape::Clean]), Shape::List(vec![Shape::Whole])];
        assert_eq!(Shape::in_a_row(&lists), Shape::List(vec![Shape::Clean, Shape::Whole]));
        assert_eq!(Shape::in_a_row(&[Shape::Clean, Shape::Whole]), Shape::Within);
    }
}
