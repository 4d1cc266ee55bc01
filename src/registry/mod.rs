//! FINESS files and the referential of DUI solutions: parsed, imported, generated.
