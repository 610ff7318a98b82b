//! Parameters in, rows out, in PostgreSQL's binary form.

use std::error::Error as StdError;

use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use crate::error::Error;
use crate::param::Param;
use crate::row::Row;

type AnyError = Box<dyn StdError + Sync + Send>;

impl ToSql for Param<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, AnyError> {
        let wrong = || AnyError::from(format!("a parameter does not fit the type {ty}"));
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(i) => match *ty {
                Type::INT8 => i.to_sql(ty, out),
                Type::INT4 => i32::try_from(*i)?.to_sql(ty, out),
                Type::INT2 => i16::try_from(*i)?.to_sql(ty, out),
                Type::BOOL => (*i != 0).to_sql(ty, out),
                _ => Err(wrong()),
            },
            Self::Text(t) if <&str as ToSql>::accepts(ty) => t.to_sql(ty, out),
            Self::Blob(b) if *ty == Type::BYTEA => b.to_sql(ty, out),
            Self::Id(id) if *ty == Type::BYTEA => id.as_slice().to_sql(ty, out),
            Self::IdList(ids) if *ty == Type::BYTEA_ARRAY => {
                ids.iter().map(<[u8; 16]>::as_slice).collect::<Vec<_>>().to_sql(ty, out)
            }
            Self::BlobList(blobs) if *ty == Type::BYTEA_ARRAY => blobs.to_sql(ty, out),
            Self::IntList(ints) if *ty == Type::INT8_ARRAY => ints.to_sql(ty, out),
            Self::TextList(texts) if *ty == Type::TEXT_ARRAY => texts.to_sql(ty, out),
            _ => Err(wrong()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// A value of an answer.
enum Cell<'a> {
    Int(i64),
    Text(&'a [u8]),
    Blob(&'a [u8]),
}

impl<'a> FromSql<'a> for Cell<'a> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, AnyError> {
        Ok(match *ty {
            Type::INT8 => Self::Int(i64::from_sql(ty, raw)?),
            Type::INT4 => Self::Int(i32::from_sql(ty, raw)?.into()),
            Type::INT2 => Self::Int(i16::from_sql(ty, raw)?.into()),
            Type::BOOL => Self::Int(bool::from_sql(ty, raw)?.into()),
            Type::NUMERIC => Self::Int(whole(raw).ok_or("not a whole number of 64 bits")?),
            Type::BYTEA => Self::Blob(raw),
            // A `void` function answers with an empty text.
            _ => Self::Text(raw),
        })
    }

    fn accepts(ty: &Type) -> bool {
        matches!(
            *ty,
            Type::INT8
                | Type::INT4
                | Type::INT2
                | Type::BOOL
                | Type::NUMERIC
                | Type::BYTEA
                | Type::TEXT
                | Type::VARCHAR
                | Type::NAME
                | Type::UNKNOWN
                | Type::VOID
        )
    }
}

/// A `numeric` that is a whole number: sums of `BIGINT` are such. Base 10,000 digits, highest first.
fn whole(raw: &[u8]) -> Option<i64> {
    let word = |i: usize| Some(i16::from_be_bytes(raw.get(2 * i..2 * i + 2)?.try_into().ok()?));
    let (digits, weight, sign) = (word(0)?, word(1)?, word(2)?);
    if digits > weight.checked_add(1)? || !matches!(sign, 0 | 0x4000) {
        return None;
    }
    let mut value: i64 = 0;
    for place in 0..=weight {
        let digit = if place < digits { word(4 + usize::try_from(place).ok()?)? } else { 0 };
        value = value.checked_mul(10_000)?.checked_sub(i64::from(digit))?;
    }
    if sign == 0 { value.checked_neg() } else { Some(value) }
}

/// Copies a row out.
pub(super) fn read(from: &tokio_postgres::Row, to: &mut Row) -> Result<(), Error> {
    for i in 0..from.len() {
        match from.try_get::<_, Option<Cell<'_>>>(i).map_err(|_| Error::Column)? {
            None => to.push_null(),
            Some(Cell::Int(i)) => to.push_int(i),
            Some(Cell::Text(t)) => to.push_text(t)?,
            Some(Cell::Blob(b)) => to.push_blob(b)?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numeric(words: &[i16]) -> Vec<u8> {
        words.iter().flat_map(|w| w.to_be_bytes()).collect()
    }

    #[test]
    fn whole_numerics_are_numbers() {
        assert_eq!(whole(&numeric(&[0, 0, 0, 0])), Some(0));
        assert_eq!(whole(&numeric(&[1, 0, 0, 0, 42])), Some(42));
        assert_eq!(whole(&numeric(&[1, 1, 0x4000, 0, 5])), Some(-50_000));
        assert_eq!(whole(&numeric(&[2, 1, 0, 0, 123, 4567])), Some(1_234_567));
        // 0.5 and 10^20 are none.
        assert_eq!(whole(&numeric(&[1, -1, 0, 1, 5000])), None);
        assert_eq!(whole(&numeric(&[1, 5, 0, 0, 1])), None);
    }
}
