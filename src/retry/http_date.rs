use crate::text::whole_number;

/// Reads an IMF-fixdate (RFC 9110, section 5.6.7), such as `Sun, 06 Nov 1994 08:49:37 GMT`, as milliseconds since 1970.
/// The two obsolete forms of the RFC are not read: nobody sends them in `retry-after`.
pub(super) fn parse(text: &str) -> Option<f64> {
    let text = text.trim_ascii();
    // Of fixed places, as its name says: `Sun, 06 Nov 1994 08:49:37 GMT`.
    let number = |from: usize, to: usize| text.get(from..to).and_then(whole_number).map(|number| number as i64);
    let is_separated = [(3, ", "), (7, " "), (11, " "), (16, " "), (19, ":"), (22, ":"), (25, " GMT")]
        .iter()
        .all(|(at, separator)| text.get(*at..at + separator.len()) == Some(separator));
    if !is_separated || text.len() != 29 {
        return None;
    }
    let name = text.get(8..11)?;
    let month = MONTHS.as_bytes().chunks(3).position(|month| month == name.as_bytes())?;
    let (day, year) = (number(5, 7)?, number(12, 16)?);
    let (hour, minute, second) = (number(17, 19)?, number(20, 22)?, number(23, 25)?);
    // A leap second is written as the 60th.
    if !(1..=31).contains(&day) || year < 1970 || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let days = days_since_1970(year, month as i64 + 1, day);
    let seconds = ((days * 24 + hour) * 60 + minute) * 60 + second;
    // Exact: far below 2^53.
    #[allow(clippy::cast_precision_loss, reason = "seconds up to the year 9999 are below 2^53")]
    Some(seconds as f64 * 1000.0)
}

const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";

/// The civil-from-days algorithm, turned round: years begin in March, so that the leap day is the last of its year.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn an_imf_fixdate_is_read_to_the_second() {
        assert_eq!(parse("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0.0));
        assert_eq!(parse("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777_000.0));
        assert_eq!(parse("Thu, 29 Feb 2024 23:59:59 GMT"), Some(1_709_251_199_000.0));
        assert_eq!(parse("Fri, 31 Dec 9999 23:59:59 GMT"), Some(253_402_300_799_000.0));
    }

    #[test]
    fn what_is_no_imf_fixdate_is_not_read() {
        for text in
            ["", "tomorrow", "Sun, 06 Nov 1994", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 40 Nov 1994 08:49:37 GMT"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
