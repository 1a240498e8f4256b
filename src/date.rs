//! Days of the Gregorian calendar.
//!
//! Answers: which day is that, and how many days lie between two? No time of day, no zones: a day is a number.
//! Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

/// Seconds of a day.
pub const SECONDS: i64 = 86_400;

/// A day, as its number since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i64);

impl Day {
    /// The day that `YYYY-MM-DD` names, if there is one.
    pub fn parse(text: &str) -> Option<Day> {
        let mut parts = text.split('-').map(|part| (part.len(), part));
        let mut number = |digits: usize| {
            let (_, part) = parts.next().filter(|(len, part)| *len == digits && all_digits(part))?;
            part.parse::<i64>().ok()
        };
        let (year, month, day) = (number(4)?, number(2)?, number(2)?);
        let valid = parts.next().is_none() && (1..=month_days(year, month)?).contains(&day);
        valid.then(|| Day(days(year, month, day)))
    }

    /// The day that it is now in UTC.
    pub fn today() -> Day {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        Day(i64::try_from(now).unwrap_or(0) / SECONDS)
    }

    /// How many days after `self` another day is; negative if it is before.
    pub fn until(self, other: Day) -> i64 {
        other.0 - self.0
    }
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = date(self.0);
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// How many days a month has; `None` if the year has no such month.
pub fn month_days(year: i64, month: i64) -> Option<i64> {
    Some(match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    })
}

/// Days since 1970 of a date.
pub fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day of a number of days since 1970.
pub fn date(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_what_the_calendar_has() {
        for text in ["1970-01-01", "2024-02-29", "2000-02-29", "2026-11-29", "9999-12-31", "0001-01-01"] {
            assert_eq!(Day::parse(text).map(|day| day.to_string()).as_deref(), Some(text));
        }
        for text in [
            "2026-02-29",
            "1900-02-29",
            "2026-13-01",
            "2026-00-01",
            "2026-01-00",
            "2026-1-1",
            "26-01-01",
            "+026-01-01",
            "2026-01-01T00:00:00Z",
            "2026-01-01-",
            "tomorrow",
            "",
        ] {
            assert_eq!(Day::parse(text), None, "{text}");
        }
    }

    #[test]
    fn days_between_are_counted_over_the_ends_of_months_and_years() {
        let day = |text| Day::parse(text).unwrap();
        assert_eq!(day("2026-12-31").until(day("2027-01-01")), 1);
        assert_eq!(day("2024-03-01").until(day("2024-02-28")), -2);
        assert_eq!(day("2026-01-01").until(day("2027-01-01")), 365);
        assert!(Day::today() > day("2020-01-01"));
    }
}
