//! The table of attendance as a file: CSV in two languages, and a workbook.

use std::io::Cursor;

use calamine::{Data, DataType, Reader, Xlsx, open_workbook_from_rs};
use serde_json::{Value, json};

use super::attendance::taught;
use crate::support::service::{BEGIN, Enterprise, Service};

#[tokio::test]
async fn a_table_has_the_same_in_either_language_and_no_formula() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = taught(&enterprise).await;
    let english = enterprise.csv(json!({"class_id": class_id})).await;
    assert_eq!(english, enterprise.csv(json!({"class_id": class_id, "lang": "en"})).await);
    let chinese = enterprise.csv(json!({"class_id": class_id, "lang": "zh"})).await;
    assert!(english.starts_with("\u{FEFF}User ID,Name,Role,"), "{english}");
    assert!(chinese.starts_with("\u{FEFF}用户 ID,昵称,角色,"), "{chinese}");
    let (english, chinese): (Vec<&str>, Vec<&str>) = (english.split("\r\n").collect(), chinese.split("\r\n").collect());
    assert_eq!(english[1..], chinese[1..]);
    assert_eq!(english.len(), 9);
    let columns = english[0].split(',').count();
    assert!(english[1..8].iter().all(|line| line.split(',').count() == columns), "{english:?}");
    assert_eq!(
        english[3],
        "late,late,student,2023-11-14 22:28:20,2023-11-14 23:13:20,1,\
         2023-11-14 22:28:20 - 2023-11-14 23:13:20 (quit),2700,300,0,0,0,2700,0,0,1,1,0,1"
    );
    assert!(english[7].contains(",'=V,visitor,"), "{}", english[7]);
    enterprise.refused("class/attendance/csv", json!({"class_id": class_id, "lang": "fr"}), 10003).await;
    enterprise.refused("class/attendance/csv", json!({"class_id": class_id, "format": "ods"}), 10003).await;
    enterprise.refused("class/attendance/csv", json!({"class_id": 999_999_999}), 10230).await;
}

/// People whose ids and names a spreadsheet would change or evaluate.
async fn awkward(enterprise: &Enterprise<'_>) -> (i64, [(&'static str, &'static str); 5]) {
    let people = [
        ("007", "a;=1+1"),
        ("123456789012", "＝cmd|' /C calc'!A0"),
        ("1e5", "+86 138"),
        ("10005", "Jan 5"),
        ("-1", "@SUM(1)"),
    ];
    let list: Vec<Value> =
        people.iter().map(|(id, name)| json!({"user_id": id, "nickname": name, "role": "student"})).collect();
    enterprise.ok("user/register", json!({ "list": list })).await;
    let class_id = enterprise.class(json!({"class_type": "public"})).await;
    for (id, _) in people {
        enterprise.come(class_id, id).await;
    }
    enterprise.service.pass(90);
    for (id, _) in people {
        enterprise.go(class_id, id).await;
    }
    (class_id, people)
}

#[tokio::test]
async fn a_spreadsheet_takes_no_cell_of_the_table_for_a_formula_or_another_value() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, _) = awkward(&enterprise).await;
    let table = enterprise.csv(json!({"class_id": class_id})).await;
    let lines: Vec<&str> = table.split("\r\n").collect();
    let expected = [
        "'007,\"a;'=1+1\",student,",
        "'123456789012,'＝cmd|' /C calc'!A0,student,",
        "'1e5,'+86 138,student,",
        "10005,'Jan 5,student,",
        "'-1,'@SUM(1),student,",
    ];
    for (line, expected) in lines[2..].iter().zip(expected) {
        assert!(line.starts_with(expected), "{line}");
        assert!(line.contains(",2023-11-14 22:13:20,2023-11-14 22:14:50,1,"), "{line}");
    }
    // Whatever separator the spreadsheet guesses, no cell begins with a sign.
    for separator in [',', ';', '\t', '\n'] {
        for cell in table.split(separator) {
            let cell = cell.trim_start_matches([' ', '"', '\r', '\n']);
            assert!(!cell.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']), "{cell}");
        }
    }
}

#[tokio::test]
async fn a_workbook_has_the_table_with_the_type_of_each_cell() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, people) = awkward(&enterprise).await;
    let file = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let in_body = (enterprise.signed("class/attendance/csv"), json!({"class_id": class_id, "format": "xlsx"}));
    let in_query = (format!("{}&format=xlsx", in_body.0), json!({"class_id": class_id, "lang": "zh"}));
    for (at, (url, body)) in [in_body, in_query].into_iter().enumerate() {
        let response = service.http.post(url).body(body.to_string()).send().await.unwrap();
        assert_eq!(response.headers()["content-type"], file);
        let disposition = format!("attachment; filename=\"attendance-{class_id}.xlsx\"");
        assert_eq!(response.headers()["content-disposition"], disposition.as_str());
        let bytes = response.bytes().await.unwrap();
        let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).unwrap();
        let sheet = book.worksheet_range("Attendance").unwrap();
        assert_eq!(sheet.get_size(), (2 + people.len(), 19));
        let text = |row: usize, column: usize| sheet.get((row, column)).unwrap().get_string().map(str::to_owned);
        assert_eq!(text(0, 0).as_deref(), Some(["User ID", "用户 ID"][at]));
        // The teacher never came.
        assert_eq!(sheet.get((1, 3)), Some(&Data::Empty));
        for (row, (id, name)) in (2..).zip(people) {
            assert_eq!((text(row, 0).as_deref(), text(row, 1).as_deref()), (Some(id), Some(name)));
            for column in [3, 4] {
                assert!(sheet.get((row, column)).unwrap().is_datetime(), "{row} {column}");
            }
            let entered = sheet.get((row, 3)).unwrap().get_datetime().unwrap().as_f64();
            // Days since the end of 1899.
            let expected = 25_569.0 + f64::from(i32::try_from(BEGIN).unwrap()) / 86_400.0;
            assert!((entered - expected).abs() < 0.000_01, "{entered}");
            for column in [5, 7, 18] {
                assert!(sheet.get((row, column)).unwrap().is_float(), "{row} {column}");
            }
            assert_eq!(text(row, 6).as_deref(), Some("2023-11-14 22:13:20 - 2023-11-14 22:14:50 (quit)"));
        }
        // No cell is a formula.
        assert!(book.worksheet_formula("Attendance").unwrap().is_empty());
    }
}
