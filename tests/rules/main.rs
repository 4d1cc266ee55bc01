//! The rules, without a database: cases a business person can read, bounds, properties, editions.

mod editions;
