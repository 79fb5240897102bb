//! The tables, as both migration trees make them.

diesel::table! {
    enterprises (enterprise_id) {
        enterprise_id -> BigInt,
        sdkappid -> BigInt,
        name -> Text,
        busi_type -> Text,
        contact_user -> Text,
        phone_no -> Text,
        e_mail -> Text,
        super_admin -> Text,
        icon -> Text,
        tic_key -> Text,
        old_tic_key -> Nullable<Text>,
        old_tic_key_until -> Nullable<BigInt>,
        private_key -> Text,
        bizid -> BigInt,
        appid -> BigInt,
        project_id -> BigInt,
        secret_id -> Text,
        secret_key -> Text,
        call_back_url -> Text,
        callback_ordered -> Bool,
        callback_on_api -> Bool,
        callback_paused -> Bool,
        callback_events -> Text,
        webhook_secret -> Text,
        old_webhook_secret -> Nullable<Text>,
        old_webhook_secret_until -> Nullable<BigInt>,
        strict_schedule -> Bool,
        create_time -> BigInt,
        valid_seconds -> BigInt,
        chat_master_key -> Text,
        chat_app_id -> Text,
        im_open -> Bool,
        transcode_callback -> Text,
        room_settings -> Text,
    }
}

diesel::table! {
    users (id) {
        id -> BigInt,
        enterprise_id -> BigInt,
        user_id -> Text,
        role -> Text,
        nickname -> Text,
        gender -> Text,
        avatar -> Text,
        phone_no -> Text,
        e_mail -> Text,
        token_hash -> Text,
        password_hash -> Nullable<Text>,
        regist_time -> BigInt,
        update_time -> BigInt,
        description -> Text,
    }
}

diesel::table! {
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

// The same rows, with what lists of rooms go by and show: most who read a class have no use for it.
diesel::table! {
    #[sql_name = "classes"]
    rooms (class_id) {
        class_id -> BigInt,
        enterprise_id -> BigInt,
        class_topic -> Text,
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

// The same rows as documents, for what is bound.
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

diesel::table! {
    recordings (id) {
        id -> BigInt,
        enterprise_id -> BigInt,
        class_id -> BigInt,
        user_id -> Text,
        stream_id -> Text,
        video_id -> Text,
        video_url -> Text,
        video_format -> Text,
        start_time -> BigInt,
        stop_time -> BigInt,
        play_time -> BigInt,
        video_size -> BigInt,
        duration -> BigInt,
        create_time -> BigInt,
    }
}

diesel::table! {
    members (id) {
        id -> BigInt,
        enterprise_id -> BigInt,
        class_id -> BigInt,
        user_id -> Text,
        role -> Text,
    }
}

diesel::table! {
    sessions (id) {
        id -> BigInt,
        enterprise_id -> BigInt,
        class_id -> BigInt,
        user_id -> Text,
        role -> Text,
        ordinal -> BigInt,
        enter_time -> BigInt,
        last_seen -> BigInt,
        quit_time -> Nullable<BigInt>,
        quit_reason -> Nullable<Text>,
        camera -> BigInt,
        mic -> BigInt,
        speaker -> BigInt,
        silence -> BigInt,
        hand_up -> BigInt,
        token_hash -> Nullable<Text>,
        lease_until -> Nullable<BigInt>,
        enable_draw -> BigInt,
        screen -> BigInt,
    }
}

diesel::table! {
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
    }
}

diesel::table! {
    files (file_key) {
        file_key -> Text,
        enterprise_id -> BigInt,
        kind -> Text,
        state -> Text,
        bytes -> BigInt,
        create_time -> BigInt,
        due -> Nullable<BigInt>,
        attempts -> BigInt,
    }
}

diesel::table! {
    class_documents (id) {
        id -> BigInt,
        enterprise_id -> BigInt,
        class_id -> BigInt,
        document_id -> BigInt,
    }
}

diesel::table! {
    conversions (id) {
        id -> BigInt,
        enterprise_id -> BigInt,
        task_id -> Text,
        service -> Text,
        doc_id -> Nullable<Text>,
        url -> Text,
        name -> Text,
        extension -> Text,
        size -> BigInt,
        md5 -> Text,
        is_private -> Bool,
        is_static -> Bool,
        state -> Text,
        progress -> BigInt,
        message -> Text,
        result -> Text,
        pages -> BigInt,
        width -> BigInt,
        height -> BigInt,
        title -> Text,
        attempts -> BigInt,
        due -> BigInt,
        lease_token -> Nullable<Text>,
        lease_until -> Nullable<BigInt>,
        create_time -> BigInt,
        begin_time -> Nullable<BigInt>,
        end_time -> Nullable<BigInt>,
        failure -> Nullable<Text>,
    }
}

diesel::table! {
    conversion_turns (enterprise_id) {
        enterprise_id -> BigInt,
        turn -> BigInt,
    }
}

diesel::table! {
    idempotency_keys (enterprise_id, idempotency_key) {
        enterprise_id -> BigInt,
        idempotency_key -> Text,
        body_hash -> Text,
        class_id -> BigInt,
        create_time -> BigInt,
    }
}

diesel::table! {
    outbox (outbox_id) {
        outbox_id -> BigInt,
        enterprise_id -> BigInt,
        class_id -> BigInt,
        sequence -> BigInt,
        fact -> Text,
        create_time -> BigInt,
        hearings -> Text,
    }
}

diesel::table! {
    events (event_id) {
        event_id -> BigInt,
        enterprise_id -> BigInt,
        class_id -> BigInt,
        sequence -> BigInt,
        fact -> Text,
        create_time -> BigInt,
    }
}

diesel::table! {
    deliveries (delivery_id) {
        delivery_id -> BigInt,
        event_id -> BigInt,
        enterprise_id -> BigInt,
        lane -> Text,
        state -> Text,
        due -> BigInt,
        attempts -> BigInt,
        replayed_at -> BigInt,
        lease_token -> Nullable<Text>,
        lease_until -> Nullable<BigInt>,
        settled_time -> Nullable<BigInt>,
        organization_id -> BigInt,
    }
}

diesel::table! {
    attempts (delivery_id, number) {
        delivery_id -> BigInt,
        number -> BigInt,
        enterprise_id -> BigInt,
        begin_time -> BigInt,
        duration -> BigInt,
        url -> Text,
        status -> Nullable<BigInt>,
        answer -> Text,
        problem -> Text,
    }
}

diesel::table! {
    tokens (token_hash) {
        token_hash -> Text,
        enterprise_id -> BigInt,
        user_id -> Text,
        create_time -> BigInt,
        expire_time -> BigInt,
    }
}

diesel::table! {
    bans (class_id, user_id) {
        class_id -> BigInt,
        user_id -> Text,
        enterprise_id -> BigInt,
        create_time -> BigInt,
    }
}

diesel::table! {
    reports (id) {
        id -> BigInt,
        enterprise_id -> BigInt,
        class_id -> BigInt,
        user_id -> Text,
        event -> Text,
        target -> Text,
        data -> Text,
        create_time -> BigInt,
    }
}

diesel::table! {
    switches (id) {
        id -> BigInt,
        enterprise_id -> BigInt,
        class_id -> BigInt,
        user_id -> Text,
        ordinal -> BigInt,
        device -> Text,
        is_on -> Bool,
        create_time -> BigInt,
    }
}

diesel::table! {
    questions (id) {
        id -> BigInt,
        enterprise_id -> BigInt,
        class_id -> BigInt,
        question_id -> Text,
        user_id -> Text,
        options -> Text,
        correct_answer -> Text,
        limit_time -> BigInt,
        launch_time -> BigInt,
        cancel_time -> Nullable<BigInt>,
    }
}

diesel::table! {
    replies (id) {
        id -> BigInt,
        enterprise_id -> BigInt,
        class_id -> BigInt,
        question_id -> Text,
        user_id -> Text,
        reply_id -> Text,
        reply_select -> Text,
        is_right -> Bool,
        create_time -> BigInt,
    }
}

diesel::table! {
    check_ins (id) {
        id -> BigInt,
        enterprise_id -> BigInt,
        class_id -> BigInt,
        check_id -> Text,
        user_id -> Text,
        start_time -> BigInt,
        time_limit -> BigInt,
        end_time -> Nullable<BigInt>,
    }
}

diesel::table! {
    checks (id) {
        id -> BigInt,
        enterprise_id -> BigInt,
        class_id -> BigInt,
        check_id -> Text,
        user_id -> Text,
        create_time -> BigInt,
    }
}

diesel::table! {
    groups (id) {
        id -> BigInt,
        enterprise_id -> BigInt,
        group_id -> Text,
        kind -> Text,
        engine -> Text,
        class_id -> Nullable<BigInt>,
        organization_id -> Nullable<BigInt>,
        name -> Text,
        avatar -> Text,
        create_time -> BigInt,
        last_sequence -> BigInt,
        course_id -> Nullable<BigInt>,
        conversation_id -> Text,
    }
}

diesel::table! {
    group_members (id) {
        id -> BigInt,
        enterprise_id -> BigInt,
        group_key -> BigInt,
        user_id -> Text,
    }
}

diesel::table! {
    messages (id) {
        id -> BigInt,
        enterprise_id -> BigInt,
        group_key -> BigInt,
        sequence -> BigInt,
        user_id -> Text,
        kind -> Text,
        content -> Text,
        random -> Nullable<BigInt>,
        create_time -> BigInt,
        sender_name -> Text,
        sender_avatar -> Text,
    }
}

diesel::table! {
    group_removals (enterprise_id, group_id) {
        enterprise_id -> BigInt,
        group_id -> Text,
        sdkappid -> BigInt,
        admin_id -> Text,
        admin_sig -> Text,
        made -> Bool,
        due -> BigInt,
        attempts -> BigInt,
    }
}

diesel::table! {
    signing_keys (enterprise_id) {
        enterprise_id -> BigInt,
        jwt_key -> Text,
        old_jwt_key -> Nullable<Text>,
        old_jwt_key_until -> Nullable<BigInt>,
    }
}

diesel::table! {
    channels (channel_id) {
        channel_id -> BigInt,
        enterprise_id -> BigInt,
        mobile -> Text,
        user_id -> Text,
        password_hash -> Text,
        password_time -> BigInt,
        create_time -> BigInt,
    }
}

diesel::table! {
    organizations (organization_id) {
        organization_id -> BigInt,
        enterprise_id -> BigInt,
        channel_id -> BigInt,
        name -> Text,
        slogan -> Text,
        description -> Text,
        logo -> Text,
        company -> Text,
        max_podium_user -> BigInt,
        max_clarity -> Text,
        callback_url -> Text,
        create_time -> BigInt,
        update_time -> BigInt,
    }
}

diesel::table! {
    memberships (member_id) {
        member_id -> BigInt,
        enterprise_id -> BigInt,
        organization_id -> BigInt,
        user_id -> Text,
        role -> Text,
        title -> Text,
        bio -> Text,
        create_time -> BigInt,
    }
}

diesel::table! {
    courses (course_id) {
        course_id -> BigInt,
        enterprise_id -> BigInt,
        channel_id -> BigInt,
        organization_id -> BigInt,
        creator_id -> Text,
        title -> Text,
        poster -> Text,
        description -> Text,
        max_podium_user -> BigInt,
        clarity -> Text,
        duration -> BigInt,
        period -> BigInt,
        start_time -> Nullable<BigInt>,
        stop_time -> Nullable<BigInt>,
        create_time -> BigInt,
        update_time -> BigInt,
    }
}

diesel::table! {
    course_times (id) {
        id -> BigInt,
        enterprise_id -> BigInt,
        course_id -> BigInt,
        start_time -> BigInt,
        class_start -> BigInt,
        repeat_mode -> Text,
        points -> Text,
    }
}

diesel::table! {
    course_members (id) {
        id -> BigInt,
        enterprise_id -> BigInt,
        course_id -> BigInt,
        member_id -> BigInt,
        user_id -> Text,
        role -> Text,
    }
}

diesel::table! {
    enterprise_tokens (token_id) {
        token_id -> BigInt,
        enterprise_id -> BigInt,
        name -> Text,
        token_hash -> Text,
        create_time -> BigInt,
    }
}

diesel::table! {
    push_records (push_id) {
        push_id -> BigInt,
        enterprise_id -> BigInt,
        class_id -> Nullable<BigInt>,
        course_id -> Nullable<BigInt>,
        day -> BigInt,
        create_time -> BigInt,
    }
}

diesel::table! {
    totals (enterprise_id, noun, kind) {
        enterprise_id -> BigInt,
        noun -> Text,
        kind -> Text,
        n -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(classes, courses, members, sessions, users);
diesel::allow_tables_to_appear_in_same_query!(memberships, organizations, users);
diesel::allow_tables_to_appear_in_same_query!(courses, organizations);
diesel::allow_tables_to_appear_in_same_query!(class_documents, documents);
diesel::allow_tables_to_appear_in_same_query!(members, rooms);
diesel::allow_tables_to_appear_in_same_query!(bind_files, class_documents);
diesel::allow_tables_to_appear_in_same_query!(deliveries, events);
diesel::allow_tables_to_appear_in_same_query!(enterprise_tokens, enterprises);
