//! The end of a node's chain while a transaction is open. Its rows reach the table together, just before the commit: each
//! by itself would cost a way to the database and back.

use std::sync::LazyLock;

use super::head::End;
use crate::passport::store::{Conn, Query, query};

const COLUMNS: [&str; 14] = [
    "node",
    "number",
    "hash",
    "time",
    "who",
    "source",
    "act",
    "component",
    "secret_id",
    "change",
    "request",
    "serial",
    "result",
    "reason",
];
/// Rows of one statement.
const TOGETHER: usize = 16;

static ONE: LazyLock<String> = LazyLock::new(|| statement(1));
static MANY: LazyLock<String> = LazyLock::new(|| statement(TOGETHER));

/// Where the chain ends, and the rows behind what the table has.
#[derive(Debug, Default)]
pub struct Tail {
    end: Option<End>,
    rows: Vec<Query>,
}

/// A place in it to go back to.
#[derive(Debug, Default)]
pub struct Mark {
    end: Option<End>,
    rows: usize,
}

impl Tail {
    /// Behind this end, which the table has.
    pub(super) fn behind(end: Option<End>) -> Self {
        Self { end, rows: Vec::new() }
    }

    /// Where the chain ends; nowhere while it has no row.
    pub(super) fn end(&self) -> Option<&End> {
        self.end.as_ref()
    }

    /// One more row, and where the chain ends with it. `row` binds a value to each column, in their order.
    pub(super) fn push(&mut self, row: impl FnOnce(Query) -> Query, end: End) {
        self.rows.push(row(query(&ONE)));
        self.end = Some(end);
    }

    /// Where it is now.
    pub fn mark(&self) -> Mark {
        Mark { end: self.end.clone(), rows: self.rows.len() }
    }

    /// Forgets what came behind a mark.
    pub fn go_back(&mut self, to: Mark) {
        self.rows.truncate(to.rows);
        self.end = to.end;
    }
}

/// Puts the rows into the table.
pub(super) async fn put(on: &mut Conn) -> Result<(), sqlx::Error> {
    let mut rows = std::mem::take(&mut on.tail.rows).into_iter();
    while rows.len() >= TOGETHER {
        Query::with_values_of(&MANY, rows.by_ref().take(TOGETHER)).execute(&mut *on).await?;
    }
    for row in rows {
        row.execute(&mut *on).await?;
    }
    Ok(())
}

fn statement(rows: usize) -> String {
    let row = |row: usize| {
        let first = row * COLUMNS.len() + 1;
        let values: Vec<String> = (first..first + COLUMNS.len()).map(|number| format!("${number}")).collect();
        format!("({})", values.join(", "))
    };
    let rows: Vec<String> = (0..rows).map(row).collect();
    format!("INSERT INTO audit ({}) VALUES {}", COLUMNS.join(", "), rows.join(", "))
}
