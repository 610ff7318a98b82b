//! Numbers over the rows that the caller may see: how many by the value of a field, and the sum of another.

use kernel::{Class, Field, FieldType, Object};
use ledger::Disclosure;
use policy::{AccessPlan, FieldAccess, List, Permit, Visible};
use serde::Serialize;
use serde_json::Value as Json;
use store::{Conn, Sql};
use utoipa::ToSchema;

use crate::door::{Inner, Records};
use crate::error::Error;
use crate::shape::quoted;
use crate::visible::{Part, push_as};

/// The newest so many rows are counted; more say so (a company's open deals are far fewer).
const MOST_ROWS: i64 = 100_000;
/// Parts that a sum is taken in: no sum of `MOST_ROWS` amounts can overflow 64 bits.
const SPLIT: i64 = 1_000_000;

/// What to count.
#[derive(Debug, Clone, Default)]
pub struct AggregateQuery {
    /// A select field, open to the caller on every row.
    pub group: String,
    /// A number field, likewise.
    pub sum: Option<String>,
    /// A condition as in lists.
    pub filter: Option<Json>,
}

/// The rows with one value.
#[derive(Debug, Serialize, ToSchema)]
pub struct AggregateGroup {
    /// The value; nothing for rows without one.
    #[schema(required = true)]
    pub value: Option<String>,
    /// How many rows.
    pub count: u64,
    /// The sum, in the field's unit; nothing when none was asked for.
    #[schema(required = true)]
    pub sum: Option<i64>,
}

/// Counts and sums by value.
#[derive(Debug, Serialize, ToSchema)]
pub struct Aggregate {
    /// The values that occur.
    pub groups: Vec<AggregateGroup>,
    /// How many rows were looked at.
    pub counted: u64,
    /// There are more: only the newest `counted` are in these numbers.
    pub capped: bool,
}

impl Records {
    /// Counts visible rows by a field's value. The numbers are a disclosure like any other.
    ///
    /// # Errors
    /// `BadQuery` for fields that the caller may not read on every row, or of another kind; complaints of the filter.
    pub async fn aggregate(
        &self,
        permit: Permit<List>,
        query: AggregateQuery,
    ) -> Result<Disclosure<Aggregate>, Error> {
        let object = self.0.shape(permit.object())?.object.clone();
        let group = usable(permit.plan(), &object, &query.group, |kind| kind == FieldType::Select)?;
        let number = |kind| matches!(kind, FieldType::Int | FieldType::Money | FieldType::Duration);
        let sum = query.sum.as_deref().map(|s| usable(permit.plan(), &object, s, number)).transpose()?;
        let filter = self.0.bind_filter(&permit, query.filter.as_ref())?;
        let inner = self.0.clone();
        self.0
            .store
            .read(move |conn| -> Result<_, Error> {
                let groups =
                    inner.groups(conn, permit.plan().rows(), &object, &group, sum.as_deref(), &filter)?;
                let counted = groups.iter().map(|g| g.count).sum();
                let capped = counted > u64::try_from(MOST_ROWS).unwrap_or(u64::MAX);
                let mut entry = inner.entry(&permit, "aggregate");
                entry.class = Some(Class::Open);
                entry.fields = [Some(group), sum].into_iter().flatten().map(Into::into).collect();
                Ok(Disclosure::new(Aggregate { groups, counted, capped }, entry))
            })
            .await
    }
}

/// The field's name, if it may be counted by. Unknown and unreadable fields answer alike (DESIGN 3.8).
fn usable(
    plan: &AccessPlan,
    object: &Object,
    name: &str,
    fits: impl Fn(FieldType) -> bool,
) -> Result<String, Error> {
    let readable = |f: &&Field| f.class == Class::Open && plan.least_access(f) >= FieldAccess::Read;
    object.field(name).filter(readable).filter(|f| fits(f.kind)).map(|f| f.name.clone()).ok_or_else(|| {
        Error::BadQuery(format!("{name} cannot be counted by; /api/v1/objects has the fields"))
    })
}

impl Inner {
    fn groups(
        &self,
        conn: &mut dyn Conn,
        visible: &Visible,
        object: &Object,
        group: &str,
        sum: Option<&str>,
        filter: &kernel::condition::Bound,
    ) -> Result<Vec<AggregateGroup>, Error> {
        let mut sql = Sql::new(conn.engine());
        let number = sum.map_or_else(|| "0".to_owned(), |s| format!("coalesce(t.{}, 0)", quoted(s)));
        sql.push(&format!(
            "SELECT g, count(*), CAST(sum(n / {SPLIT}) AS BIGINT), CAST(sum(n % {SPLIT}) AS BIGINT) FROM \
             (SELECT t.{} AS g, {number} AS n FROM {} t WHERE t.deleted_at IS NULL AND ",
            quoted(group),
            quoted(&object.name)
        ));
        push_as(&mut sql, visible, "t", &self.catalog, Part::Lead)?;
        sql.push(" AND ").condition(filter, "t", &self.catalog)?;
        sql.push(" ORDER BY t.id DESC LIMIT ").param(MOST_ROWS + 1).push(") x GROUP BY g ORDER BY g");
        let mut out = Vec::new();
        for row in conn.query(sql.text(), &sql.params())? {
            let whole = row.get_int(2)?.saturating_mul(SPLIT).saturating_add(row.get_int(3)?);
            out.push(AggregateGroup {
                value: row.opt_text(0)?.map(str::to_owned),
                count: u64::try_from(row.get_int(1)?).unwrap_or(0),
                sum: sum.map(|_| whole),
            });
        }
        Ok(out)
    }
}
