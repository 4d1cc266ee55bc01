//! What the texts say: editions, facts, rules, constats. Pure: no clock, no database, no float.

pub mod constat;
pub mod faits;
