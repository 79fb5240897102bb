//! Table views that `schema.rs` can't give, because a tool generates it: tables with part of their columns, the tables
//! that may appear in one query, and the table that the tool omits.

use super::schema::{
    attempts, bans, chat_settings, class_documents, courses, deliveries, enterprise_tokens, enterprises, events,
    given_lessons, live_classes, members, memberships, online_recordings, organizations, recording_parts, sessions,
    tokens, users, visitors,
};

// The columns of `classes` that most queries need.
diesel::table! {
    #[sql_name = "classes"]
    classes (class_id) {
        class_id -> BigInt,
        enterprise_id -> BigInt,
        class_topic -> Text,
        class_type -> Text,
        class_status -> Text,
        class_live_type -> Text,
        teacher_id -> Text,
        assistant_id -> Text,
        create_time -> BigInt,
        start_time -> BigInt,
        stop_time -> BigInt,
        real_start_time -> BigInt,
        real_stop_time -> BigInt,
        admin_id -> Text,
        admin_sig -> Text,
        max_member_limit -> BigInt,
        max_member_num -> BigInt,
        password_hash -> Nullable<Text>,
        settings -> Text,
        record_user_id -> Text,
        record_user_sig -> Text,
        last_sequence -> BigInt,
        end_reason -> Nullable<Text>,
        course_id -> Nullable<BigInt>,
        silence_limit -> BigInt,
    }
}

// The columns of `classes` that room lists filter by, sort by and show.
diesel::table! {
    #[sql_name = "classes"]
    rooms (class_id) {
        class_id -> BigInt,
        enterprise_id -> BigInt,
        class_topic -> Text,
        class_type -> Text,
        class_status -> Text,
        teacher_id -> Text,
        real_start_time -> BigInt,
        real_stop_time -> BigInt,
        silence_limit -> BigInt,
        teacher_seen -> BigInt,
        cover -> Text,
        replay_url -> Text,
        replay_time -> BigInt,
        begin_sequence -> BigInt,
        end_sequence -> BigInt,
        active_time -> BigInt,
        room_state -> BigInt,
    }
}

// The columns of `documents` that most queries need.
diesel::table! {
    #[sql_name = "documents"]
    documents (id) {
        id -> BigInt,
        enterprise_id -> BigInt,
        doc_id -> Text,
        doc_url -> Text,
        doc_name -> Text,
        doc_ext -> Text,
        doc_size -> BigInt,
        doc_md5 -> Text,
        permission -> Text,
        owner -> Text,
        upload_time -> BigInt,
        is_transcode -> Bool,
        transcode_status -> Text,
        transcode_msg -> Text,
        transcode_result -> Text,
        file_key -> Nullable<Text>,
        result_key -> Nullable<Text>,
        pages -> BigInt,
        width -> BigInt,
        height -> BigInt,
        transcode_failure -> Nullable<Text>,
        page_files -> Nullable<Text>,
    }
}

// The columns of `documents` that are shown for a file bound to a class or an account.
diesel::table! {
    #[sql_name = "documents"]
    bind_files (id) {
        id -> BigInt,
        enterprise_id -> BigInt,
        doc_id -> Text,
        doc_url -> Text,
        doc_name -> Text,
        doc_ext -> Text,
        owner -> Text,
        upload_time -> BigInt,
        media -> Nullable<BigInt>,
    }
}

// The primary key exists on SQLite only. PostgreSQL adds a row for each change and sums the rows up later.
diesel::table! {
    totals (enterprise_id, noun, kind) {
        enterprise_id -> BigInt,
        noun -> Text,
        kind -> Text,
        n -> BigInt,
    }
}

diesel::joinable!(class_documents -> documents (document_id));

diesel::allow_tables_to_appear_in_same_query!(bans, visitors);
diesel::allow_tables_to_appear_in_same_query!(bind_files, class_documents);
diesel::allow_tables_to_appear_in_same_query!(chat_settings, enterprise_tokens, enterprises);
diesel::allow_tables_to_appear_in_same_query!(class_documents, documents, live_classes);
diesel::allow_tables_to_appear_in_same_query!(bans, classes, courses, given_lessons, members, sessions, users);
diesel::allow_tables_to_appear_in_same_query!(classes, live_classes);
diesel::allow_tables_to_appear_in_same_query!(courses, organizations);
diesel::allow_tables_to_appear_in_same_query!(attempts, deliveries, events);
diesel::allow_tables_to_appear_in_same_query!(members, rooms);
diesel::allow_tables_to_appear_in_same_query!(tokens, users);
diesel::allow_tables_to_appear_in_same_query!(online_recordings, recording_parts);
diesel::allow_tables_to_appear_in_same_query!(memberships, organizations, users);
