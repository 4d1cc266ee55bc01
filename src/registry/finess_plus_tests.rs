use serde_json::json;

use super::*;

#[test]
fn placeholder() {
    assert_eq!(texte(&json!({"code": 12})), "12");
}
