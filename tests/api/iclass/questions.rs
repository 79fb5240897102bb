//! Questions and check-ins: who may ask and answer, until when, and who sees what.

use lectern::domain::classroom::actor::Actor;
use lectern::domain::classroom::question;
use lectern::domain::classroom::question::{EndOfQuestion, QuestionAnswer};
use lectern::domain::tenancy::enterprise;
use lectern::domain::{Error, Field, Result};
use lectern::store::ids::ClassId;
use serde_json::{Value, json};

use crate::iclass::reports::OTHERS;
use crate::support::service::{BEGIN, Enterprise, Service};

/// A user of the enterprise in a class.
fn actor<'a>(row: &enterprise::Enterprise, class_id: i64, user_id: &'a str) -> Actor<'a> {
    Actor { enterprise_id: row.enterprise_id, class_id: ClassId(class_id), user_id }
}

impl Enterprise<'_> {
    /// Asks a question with the right answer A and B.
    pub async fn launch(&self, class_id: i64, by: &'static str, id: &'static str, seconds: i64) -> Result<()> {
        let now = self.service.clock.now();
        let draft = question::Draft {
            question_id: id.into(),
            options: json!(["A", "B", "C"]),
            correct_answer: json!(["A", "B"]),
            limit_time: seconds * 1000,
        };
        self.write(move |conn, row| question::launch(conn, actor(row, class_id, by), draft, now)).await
    }

    /// Ends a question.
    pub async fn cancel(&self, class_id: i64, by: &'static str, id: &'static str) -> Result<()> {
        self.end_question(class_id, by, id, EndOfQuestion::Cancelled).await
    }

    /// Ends a question, because its time is over by the clock of the page.
    pub async fn time_out(&self, class_id: i64, by: &'static str, id: &'static str) -> Result<()> {
        self.end_question(class_id, by, id, EndOfQuestion::TimedOut).await
    }

    async fn end_question(&self, class_id: i64, by: &'static str, id: &'static str, end: EndOfQuestion) -> Result<()> {
        let now = self.service.clock.now();
        self.write(move |conn, row| question::cancel(conn, actor(row, class_id, by), id, end, now)).await
    }

    /// Answers a question.
    pub async fn answer(&self, class_id: i64, by: &'static str, id: &'static str, select: Value) -> Result<()> {
        let now = self.service.clock.now();
        self.write(move |conn, row| {
            let answer = QuestionAnswer { question_id: id, reply_id: "r".into(), select: &select };
            question::reply(conn, actor(row, class_id, by), answer, now).map(drop)
        })
        .await
    }
}

#[tokio::test]
async fn a_question_is_asked_by_moderators_and_the_first_answer_counts() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.full_class(json!({})).await;
    let view = async |by: &'static str, id: &'static str| {
        let now = service.clock.now();
        let view = enterprise.write(move |conn, row| question::view(conn, actor(row, class_id, by), Some(id), now));
        view.await.unwrap()
    };
    for other in OTHERS {
        let refused = enterprise.launch(class_id, other, "q1", 30).await;
        assert!(matches!(refused, Err(Error::Forbidden(_))), "{other}: {refused:?}");
    }
    enterprise.launch(class_id, "helper", "q1", 30).await.unwrap();
    let twice = enterprise.launch(class_id, "helper", "q1", 30).await;
    assert!(matches!(twice, Err(Error::Invalid { field: Field::Question, .. })), "{twice:?}");
    enterprise.answer(class_id, "s1", "q1", json!("A")).await.unwrap();
    enterprise.answer(class_id, "s2", "q1", json!("B,A")).await.unwrap();
    service.pass(29);
    // The response to an answer shows the right one, so that it is final. It may be sent again.
    let second = enterprise.answer(class_id, "s1", "q1", json!(["B", "A"])).await;
    assert!(matches!(second, Err(Error::Invalid { field: Field::Question, .. })), "{second:?}");
    enterprise.answer(class_id, "s1", "q1", json!(["A"])).await.unwrap();
    // Before it ends, nobody else sees the right answer or who gave it.
    let before = view("s1", "q1").await;
    assert_eq!((before.question.correct_answer.as_str(), before.right, before.is_open_book), ("", None, false));
    assert_eq!((before.answered, before.replies.len(), before.pupils), (2, 1, 2));
    let leader = view("admin", "q1").await;
    assert_eq!((leader.question.correct_answer.as_str(), leader.right), (r#"["A","B"]"#, Some(1)));
    assert_eq!(leader.replies.len(), 2);
    service.pass(1);
    let late = enterprise.answer(class_id, "s1", "q1", json!("C")).await;
    assert!(matches!(late, Err(Error::Invalid { field: Field::Question, .. })), "{late:?}");
    let after = view("s1", "q1").await;
    assert_eq!((after.question.correct_answer.as_str(), after.right), (r#"["A","B"]"#, Some(1)));
    assert_eq!(after.replies.iter().map(|reply| reply.user_id.as_str()).collect::<Vec<_>>(), ["s1"]);

    enterprise.launch(class_id, "teacher_1", "q2", 0).await.unwrap();
    let now = service.clock.now();
    let cancel = async |by: &'static str| {
        enterprise
            .write(move |conn, row| {
                let end = EndOfQuestion::Cancelled;
                question::cancel(conn, actor(row, class_id, by), "q2", end, now)
            })
            .await
    };
    assert!(matches!(cancel("s1").await, Err(Error::Forbidden(_))));
    enterprise.answer(class_id, "s1", "q2", json!("A")).await.unwrap();
    cancel("root").await.unwrap();
    let over = enterprise.answer(class_id, "s2", "q2", json!("A,B")).await;
    assert!(matches!(over, Err(Error::Invalid { .. })), "{over:?}");
    enterprise.ok("member/quit", json!({"class_id": class_id, "user_id": "s1"})).await;
    let outside = enterprise.answer(class_id, "s1", "q1", json!("A")).await;
    assert!(matches!(outside, Err(Error::Forbidden(_))), "{outside:?}");
    enterprise.ok("class/stop", json!({"class_id": class_id})).await;
    let ended = enterprise.launch(class_id, "teacher_1", "q3", 0).await;
    assert!(matches!(ended, Err(Error::ClassEnded(_))), "{ended:?}");
}

impl Enterprise<'_> {
    /// A user with a token.
    pub async fn token(&self, user_id: &str) -> (String, String) {
        let answer = self.ok("user/token/update", json!({"user_id": user_id})).await;
        (user_id.to_owned(), answer["user_token"].as_str().unwrap().to_owned())
    }

    /// Makes a call of a component.
    pub async fn component(&self, call: &str, (user_id, token): &(String, String), body: Value) -> Value {
        let url =
            format!("{}/saas/v1/{call}?sdkappid={}&user_id={user_id}&token={token}", self.service.url, self.sdkappid);
        let answer = self.service.http.post(url).body(body.to_string()).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{call}");
        answer.json().await.unwrap()
    }
}

#[tokio::test]
async fn components_report_ask_and_answer() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.full_class(json!({"max_member_limit": 1})).await;
    let (teacher, s1, s2) =
        (enterprise.token("teacher_1").await, enterprise.token("s1").await, enterprise.token("s2").await);
    let call = async |call: &str, token: &(String, String), mut body: Value, code: i64| {
        body["platform"] = "web".into();
        body["class_id"] = class_id.into();
        let answer = enterprise.component(call, token, body.clone()).await;
        assert_eq!(answer["error_code"], code, "{call} {body}: {answer}");
        answer
    };
    call("report/event", &s1, json!({"event": "mic_open"}), 0).await;
    call("report/event", &s2, json!({"event": "mic_open"}), 10228).await;
    call("report/event", &s2, json!({"event": "slience", "data": {"user_id": "s1"}}), 10203).await;
    call("report/event", &teacher, json!({"event": "slience", "data": "{\"user_id\":\"s1\"}"}), 0).await;
    call("report/event", &s1, json!({"event": ""}), 10003).await;
    call("report/event", &s1, json!({}), 10003).await;
    call("report/event", &("s1".to_owned(), "0123456789abcdef".to_owned()), json!({"event": "mic_open"}), 10216).await;
    let list = call("member/runtime/list", &s2, json!({}), 0).await;
    let row = list["list"].as_array().unwrap().iter().find(|row| row["user_id"] == "s1").unwrap().clone();
    assert_eq!((&row["status"]["mic"], &row["status"]["silence"]), (&json!(1), &json!(1)));

    call("checkIn/info", &s1, json!({}), 10003).await;
    let begin = json!({"event": "check_in", "data": {"check_id": "c1", "time_limit": 60}});
    call("report/event", &teacher, begin, 0).await;
    call("report/event", &s1, json!({"event": "check_in", "data": {"check_id": "c1"}}), 0).await;
    let published = call("checkIn/result", &teacher, json!({"check_id": "c1"}), 0).await;
    let signed = json!({"user_id": "s1", "check_state": 1, "check_in_time": BEGIN});
    let missing = json!({"user_id": "s2", "check_state": 0, "check_in_time": 0});
    assert_eq!(
        published,
        json!({"error_code": 0, "error_msg": "", "check_id": "c1", "start_time": BEGIN, "end_time": BEGIN + 60,
            "time_limit": 60, "member_detail": [signed, missing], "all_number": 2, "check_in_number": 1})
    );
    assert_eq!(call("checkIn/info", &s2, json!({}), 0).await["member_detail"], json!([missing]));

    let put = json!({"question_id": "q", "options": ["A", "B"], "correct_answer": "A", "limit_time": "30"});
    call("question/launch", &s1, put.clone(), 10203).await;
    call("question/launch", &teacher, put, 0).await;
    let replied = json!({"question_id": "q", "reply_id": "r", "reply_select": "A"});
    let accepted = call("question/reply", &s1, replied, 0).await;
    assert_eq!(accepted, json!({"error_code": 0, "error_msg": "", "question_id": "q", "correct_answer": ["A"]}));
    call("question/reply", &s1, json!({"question_id": "no", "reply_select": "A"}), 10003).await;
    let hidden = call("question/info", &s1, json!({}), 0).await;
    let own = json!([{"user_id": "s1", "reply_id": "r", "reply_select": "A", "correct": -1, "reply_time": BEGIN,
        "reply_answer": ["A"], "reply_cost_time": 0}]);
    assert_eq!((&hidden["correct_answer"], &hidden["correct_number"]), (&Value::Null, &json!(-1)));
    assert_eq!((&hidden["reply_detail"], &hidden["options"]), (&own, &json!(["A", "B"])));
    let published = call("question/result", &teacher, json!({"question_id": "q"}), 0).await;
    assert_eq!(
        (&published["correct_answer"], &published["correct_number"], &published["all_number"]),
        (&json!("A"), &json!(1), &json!(2))
    );
    call("question/cancel", &s1, json!({"question_id": "q"}), 10203).await;
    call("question/cancel", &teacher, json!({"question_id": "q"}), 0).await;
    let open = call("question/result", &s1, json!({"question_id": "q"}), 0).await;
    assert_eq!((&open["correct_answer"], &open["reply_detail"][0]["correct"]), (&json!("A"), &json!(1)));
}

#[tokio::test]
async fn a_class_that_is_not_public_shows_its_questions_to_its_members_alone() {
    let service = Service::start();
    let (enterprise, other) = (service.enterprise().await, service.enterprise().await);
    enterprise.students(&["s1", "s2"]).await;
    other.students(&["s1"]).await;
    let members = json!([{"user_id": "s1", "role": "student"}]);
    let class_id = enterprise.class(json!({"class_type": "1vN", "members": members})).await;
    enterprise.launch(class_id, "teacher_1", "q", 30).await.unwrap();
    let (s1, s2, theirs) = (enterprise.token("s1").await, enterprise.token("s2").await, other.token("s1").await);
    for (who, token, code) in [(&enterprise, &s1, 0), (&enterprise, &s2, 10226), (&other, &theirs, 10230)] {
        let asked = json!({"class_id": class_id, "question_id": "q"});
        for call in ["question/info", "question/result"] {
            assert_eq!(who.component(call, token, asked.clone()).await["error_code"], code, "{call}");
        }
        let reported = json!({"class_id": class_id, "event": "device_test"});
        assert_eq!(who.component("report/event", token, reported).await["error_code"], code);
    }
}

#[tokio::test]
async fn the_page_shows_what_was_chosen_how_long_it_took_and_what_is_correct() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.full_class(json!({})).await;
    let (teacher, s1, s2) =
        (enterprise.token("teacher_1").await, enterprise.token("s1").await, enterprise.token("s2").await);
    let call = async |call: &str, token: &(String, String), mut body: Value, code: i64| {
        body["class_id"] = class_id.into();
        let answer = enterprise.component(call, token, body.clone()).await;
        assert_eq!(answer["error_code"], code, "{call} {body}: {answer}");
        answer
    };
    let asked = json!({"question_id": "q", "options": ["A", "B", "C", "D"], "correct_answer": ["C", "A"],
        "limit_time": null});
    call("question/launch", &teacher, asked, 0).await;
    service.pass(7);
    let reply = |user_id: &str, select: Value| json!({"question_id": "q", "reply_id": user_id, "reply_select": select});
    let accepted = call("question/reply", &s1, reply("s1", json!(["A", "C"])), 0).await;
    assert_eq!((&accepted["question_id"], &accepted["correct_answer"]), (&json!("q"), &json!(["A", "C"])));
    service.pass(5);
    call("question/reply", &s2, reply("s2", json!([])), 0).await;
    call("question/reply", &s2, reply("s2", json!(["A", "C"])), 10003).await;
    let result = call("question/result", &teacher, json!({"question_id": "q"}), 0).await;
    assert_eq!((&result["total_number"], &result["reply_number"]), (&json!(2), &json!(2)));
    assert_eq!(result["correct_answer"], json!(["C", "A"]));
    let rows: Vec<_> = result["reply_detail"].as_array().unwrap().iter().collect();
    let shown: Vec<_> =
        rows.iter().map(|row| (&row["reply_id"], &row["reply_answer"], &row["reply_cost_time"])).collect();
    let (chosen, none) = (json!(["A", "C"]), Value::Null);
    assert_eq!(shown, [(&json!("s1"), &chosen, &json!(7)), (&json!("s2"), &none, &json!(12))]);
    // Without a correct answer nothing is shown, and the last answer counts.
    call("question/launch", &teacher, json!({"question_id": "poll", "options": ["A", "B"]}), 0).await;
    for select in ["A", "B"] {
        let body = json!({"question_id": "poll", "reply_id": "s1", "reply_select": [select]});
        assert_eq!(call("question/reply", &s1, body, 0).await["correct_answer"], json!([]));
    }
    let poll = call("question/result", &teacher, json!({"question_id": "poll"}), 0).await;
    assert_eq!(poll["reply_detail"].as_array().unwrap().len(), 1);
    assert_eq!(poll["reply_detail"][0]["reply_answer"], json!(["B"]));
}
