//! Documents: a data struct in, bytes out; and the spreadsheets that people send, bytes in, a table out. Pure.

pub mod accuse;
pub mod agenda;
pub mod csv;
pub mod feuille;
pub mod lecture;
pub mod pdf;
pub mod simulation;
pub mod xlsx;
