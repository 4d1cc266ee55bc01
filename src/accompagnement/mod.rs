//! The accompagnement's space (SESAN, Collectif SI): for now, the registry of its régions.

pub mod repertoire;
