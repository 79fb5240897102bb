// @generated automatically by Diesel CLI.

diesel::table! {
    attempts (delivery_id, number) {
        delivery_id -> Int8,
        number -> Int8,
        enterprise_id -> Int8,
        begin_time -> Int8,
        duration -> Int8,
        url -> Text,
        status -> Nullable<Int8>,
        answer -> Text,
        problem -> Text,
    }
}

diesel::table! {
    audit_entries (id) {
        id -> Int8,
        enterprise_id -> Nullable<Int8>,
        actor -> Text,
        origin -> Text,
        address -> Text,
        action -> Text,
        target -> Text,
        details -> Text,
        create_time -> Int8,
    }
}

diesel::table! {
    bans (class_id, user_id) {
        class_id -> Int8,
        user_id -> Text,
        enterprise_id -> Int8,
        create_time -> Int8,
    }
}

diesel::table! {
    board_items (class_id, page, position) {
        class_id -> Int8,
        page -> Text,
        position -> Int8,
        enterprise_id -> Int8,
        item_id -> Text,
        user_id -> Text,
        removed -> Bool,
        data -> Text,
    }
}

diesel::table! {
    board_pages (class_id, page) {
        class_id -> Int8,
        page -> Text,
        enterprise_id -> Int8,
        items -> Int8,
        bytes -> Int8,
    }
}

diesel::table! {
    boards (class_id) {
        class_id -> Int8,
        enterprise_id -> Int8,
        shown_page -> Text,
        shown_step -> Int8,
        whiteboards -> Text,
        last_whiteboard -> Int8,
        items -> Int8,
        bytes -> Int8,
    }
}

diesel::table! {
    callback_keys (enterprise_id) {
        enterprise_id -> Int8,
        callback_key -> Text,
    }
}

diesel::table! {
    channels (channel_id) {
        channel_id -> Int8,
        enterprise_id -> Int8,
        mobile -> Text,
        user_id -> Text,
        password_hash -> Text,
        password_time -> Int8,
        create_time -> Int8,
    }
}

diesel::table! {
    chat_images (file_key) {
        file_key -> Text,
        enterprise_id -> Int8,
        class_id -> Int8,
        user_id -> Text,
        address -> Text,
        is_sent -> Bool,
        create_time -> Int8,
    }
}

diesel::table! {
    chat_settings (enterprise_id) {
        enterprise_id -> Int8,
        chat_app_id -> Text,
        chat_master_key -> Text,
        im_open -> Bool,
    }
}

diesel::table! {
    check_ins (id) {
        id -> Int8,
        enterprise_id -> Int8,
        class_id -> Int8,
        check_id -> Text,
        user_id -> Text,
        start_time -> Int8,
        time_limit -> Int8,
        end_time -> Nullable<Int8>,
    }
}

diesel::table! {
    checks (id) {
        id -> Int8,
        enterprise_id -> Int8,
        class_id -> Int8,
        check_id -> Text,
        user_id -> Text,
        create_time -> Int8,
    }
}

diesel::table! {
    class_documents (id) {
        id -> Int8,
        enterprise_id -> Int8,
        class_id -> Int8,
        document_id -> Int8,
    }
}

diesel::table! {
    classes (class_id) {
        class_id -> Int8,
        enterprise_id -> Int8,
        class_topic -> Text,
        class_type -> Text,
        class_status -> Text,
        class_live_type -> Text,
        teacher_id -> Text,
        assistant_id -> Text,
        create_time -> Int8,
        start_time -> Int8,
        stop_time -> Int8,
        real_start_time -> Int8,
        real_stop_time -> Int8,
        admin_id -> Text,
        admin_sig -> Text,
        max_member_limit -> Int8,
        max_member_num -> Int8,
        password_hash -> Nullable<Text>,
        settings -> Text,
        record_user_id -> Text,
        record_user_sig -> Text,
        last_sequence -> Int8,
        end_reason -> Nullable<Text>,
        course_id -> Nullable<Int8>,
        silence_limit -> Int8,
        teacher_seen -> Int8,
        cover -> Text,
        replay_url -> Text,
        replay_time -> Int8,
        begin_sequence -> Int8,
        end_sequence -> Int8,
        active_time -> Nullable<Int8>,
        room_state -> Nullable<Int8>,
    }
}

diesel::table! {
    cloud_settings (enterprise_id) {
        enterprise_id -> Int8,
        bizid -> Int8,
        appid -> Int8,
        project_id -> Int8,
        secret_id -> Text,
        secret_key -> Text,
    }
}

diesel::table! {
    console_links (token_hash) {
        token_hash -> Text,
        enterprise_id -> Int8,
        role -> Text,
        name -> Text,
        create_time -> Int8,
        expire_time -> Int8,
    }
}

diesel::table! {
    console_sessions (token_hash) {
        token_hash -> Text,
        operator_id -> Nullable<Int8>,
        enterprise_id -> Nullable<Int8>,
        role -> Text,
        name -> Text,
        create_time -> Int8,
        seen_time -> Int8,
        expire_time -> Int8,
    }
}

diesel::table! {
    conversion_turns (enterprise_id) {
        enterprise_id -> Int8,
        turn -> Int8,
    }
}

diesel::table! {
    conversions (id) {
        id -> Int8,
        enterprise_id -> Int8,
        task_id -> Text,
        service -> Text,
        doc_id -> Nullable<Text>,
        url -> Text,
        name -> Text,
        extension -> Text,
        size -> Int8,
        md5 -> Text,
        is_private -> Bool,
        is_static -> Bool,
        state -> Text,
        progress -> Int8,
        message -> Text,
        result -> Text,
        pages -> Int8,
        width -> Int8,
        height -> Int8,
        title -> Text,
        attempts -> Int8,
        due -> Int8,
        lease_token -> Nullable<Text>,
        lease_until -> Nullable<Int8>,
        create_time -> Int8,
        begin_time -> Nullable<Int8>,
        end_time -> Nullable<Int8>,
        failure -> Nullable<Text>,
        recording_id -> Nullable<Int8>,
    }
}

diesel::table! {
    course_members (id) {
        id -> Int8,
        enterprise_id -> Int8,
        course_id -> Int8,
        member_id -> Int8,
        user_id -> Text,
        role -> Text,
    }
}

diesel::table! {
    course_times (id) {
        id -> Int8,
        enterprise_id -> Int8,
        course_id -> Int8,
        start_time -> Int8,
        class_start -> Int8,
        repeat_mode -> Text,
        points -> Text,
    }
}

diesel::table! {
    courses (course_id) {
        course_id -> Int8,
        enterprise_id -> Int8,
        channel_id -> Int8,
        organization_id -> Int8,
        creator_id -> Text,
        title -> Text,
        poster -> Text,
        description -> Text,
        max_podium_user -> Int8,
        clarity -> Text,
        duration -> Int8,
        period -> Int8,
        start_time -> Nullable<Int8>,
        stop_time -> Nullable<Int8>,
        create_time -> Int8,
        update_time -> Int8,
    }
}

diesel::table! {
    deliveries (delivery_id) {
        delivery_id -> Int8,
        event_id -> Int8,
        enterprise_id -> Int8,
        lane -> Text,
        state -> Text,
        due -> Int8,
        attempts -> Int8,
        replayed_at -> Int8,
        lease_token -> Nullable<Text>,
        lease_until -> Nullable<Int8>,
        settled_time -> Nullable<Int8>,
        organization_id -> Int8,
    }
}

diesel::table! {
    documents (id) {
        id -> Int8,
        enterprise_id -> Int8,
        doc_id -> Text,
        doc_url -> Text,
        doc_name -> Text,
        doc_ext -> Text,
        doc_size -> Int8,
        doc_md5 -> Text,
        permission -> Text,
        owner -> Text,
        upload_time -> Int8,
        is_transcode -> Bool,
        transcode_status -> Text,
        transcode_msg -> Text,
        transcode_result -> Text,
        file_key -> Nullable<Text>,
        result_key -> Nullable<Text>,
        pages -> Int8,
        width -> Int8,
        height -> Int8,
        media -> Nullable<Int8>,
        transcode_failure -> Nullable<Text>,
        page_files -> Nullable<Text>,
    }
}

diesel::table! {
    enterprise_tokens (token_id) {
        token_id -> Int8,
        enterprise_id -> Int8,
        name -> Text,
        token_hash -> Text,
        create_time -> Int8,
    }
}

diesel::table! {
    enterprises (enterprise_id) {
        enterprise_id -> Int8,
        sdkappid -> Int8,
        name -> Text,
        busi_type -> Text,
        contact_user -> Text,
        phone_no -> Text,
        e_mail -> Text,
        super_admin -> Text,
        icon -> Text,
        tic_key -> Text,
        old_tic_key -> Nullable<Text>,
        old_tic_key_until -> Nullable<Int8>,
        private_key -> Text,
        call_back_url -> Text,
        callback_ordered -> Bool,
        callback_on_api -> Bool,
        callback_paused -> Bool,
        callback_events -> Text,
        webhook_secret -> Text,
        old_webhook_secret -> Nullable<Text>,
        old_webhook_secret_until -> Nullable<Int8>,
        strict_schedule -> Bool,
        create_time -> Int8,
        valid_seconds -> Int8,
        transcode_callback -> Text,
        channels_enabled -> Bool,
        rooms_enabled -> Bool,
        im_enabled -> Bool,
        online_callback -> Text,
        offline_callback -> Text,
    }
}

diesel::table! {
    events (event_id) {
        event_id -> Int8,
        enterprise_id -> Int8,
        class_id -> Int8,
        sequence -> Int8,
        fact -> Text,
        create_time -> Int8,
    }
}

diesel::table! {
    files (file_key) {
        file_key -> Text,
        enterprise_id -> Int8,
        kind -> Text,
        state -> Text,
        bytes -> Int8,
        create_time -> Int8,
        due -> Nullable<Int8>,
        attempts -> Int8,
    }
}

diesel::table! {
    filter_words (enterprise_id, folded) {
        enterprise_id -> Int8,
        folded -> Text,
        word -> Text,
        create_time -> Int8,
    }
}

diesel::table! {
    former_users (enterprise_id, user_id) {
        enterprise_id -> Int8,
        user_id -> Text,
        delete_time -> Int8,
    }
}

diesel::table! {
    given_lessons (class_id) {
        class_id -> Int8,
        enterprise_id -> Int8,
        channel_id -> Int8,
        organization_id -> Int8,
        course_id -> Int8,
        title -> Text,
    }
}

diesel::table! {
    group_members (id) {
        id -> Int8,
        enterprise_id -> Int8,
        group_key -> Int8,
        user_id -> Text,
    }
}

diesel::table! {
    group_removals (enterprise_id, group_id) {
        enterprise_id -> Int8,
        group_id -> Text,
        sdkappid -> Int8,
        admin_id -> Text,
        admin_sig -> Text,
        made -> Bool,
        due -> Int8,
        attempts -> Int8,
    }
}

diesel::table! {
    groups (id) {
        id -> Int8,
        enterprise_id -> Int8,
        group_id -> Text,
        kind -> Text,
        engine -> Text,
        class_id -> Nullable<Int8>,
        organization_id -> Nullable<Int8>,
        name -> Text,
        avatar -> Text,
        create_time -> Int8,
        last_sequence -> Int8,
        course_id -> Nullable<Int8>,
        conversation_id -> Text,
    }
}

diesel::table! {
    hosted_messages (id) {
        id -> Int8,
        enterprise_id -> Int8,
        class_id -> Int8,
        group_id -> Text,
        notice -> Text,
        create_time -> Int8,
        due -> Int8,
        attempts -> Int8,
    }
}

diesel::table! {
    idempotency_keys (enterprise_id, idempotency_key) {
        enterprise_id -> Int8,
        idempotency_key -> Text,
        body_hash -> Text,
        class_id -> Int8,
        create_time -> Int8,
    }
}

diesel::table! {
    live_classes (class_id) {
        class_id -> Int8,
        enterprise_id -> Int8,
        last_sequence -> Int8,
    }
}

diesel::table! {
    live_streams (class_id) {
        class_id -> Int8,
        enterprise_id -> Int8,
        course_id -> Nullable<Int8>,
        playlist -> Text,
        update_time -> Int8,
    }
}

diesel::table! {
    log_entries (class_id, sequence) {
        class_id -> Int8,
        sequence -> Int8,
        enterprise_id -> Int8,
        audience -> Text,
        event -> Text,
        create_time -> Int8,
    }
}

diesel::table! {
    logged_messages (class_id, message_id) {
        class_id -> Int8,
        message_id -> Text,
        enterprise_id -> Int8,
        log_sequence -> Int8,
    }
}

diesel::table! {
    media_instances (instance_id) {
        instance_id -> Int8,
        load -> Int8,
        lease_until -> Int8,
    }
}

diesel::table! {
    media_places (class_id) {
        class_id -> Int8,
        enterprise_id -> Int8,
        instance_id -> Int8,
        lease_until -> Int8,
    }
}

diesel::table! {
    media_requests (id) {
        id -> Int8,
        enterprise_id -> Int8,
        class_id -> Int8,
        instance_id -> Int8,
        user_id -> Text,
        token_hash -> Text,
        session -> Text,
        offer -> Nullable<Text>,
        sources -> Text,
        answer -> Nullable<Text>,
        create_time -> Int8,
    }
}

diesel::table! {
    members (id) {
        id -> Int8,
        enterprise_id -> Int8,
        class_id -> Int8,
        user_id -> Text,
        role -> Text,
    }
}

diesel::table! {
    memberships (member_id) {
        member_id -> Int8,
        enterprise_id -> Int8,
        organization_id -> Int8,
        user_id -> Text,
        role -> Text,
        title -> Text,
        bio -> Text,
        create_time -> Int8,
    }
}

diesel::table! {
    messages (id) {
        id -> Int8,
        enterprise_id -> Int8,
        group_key -> Int8,
        sequence -> Int8,
        user_id -> Text,
        kind -> Text,
        content -> Text,
        random -> Nullable<Int8>,
        create_time -> Int8,
        sender_name -> Text,
        sender_avatar -> Text,
        recalled_by -> Text,
    }
}

diesel::table! {
    online_recordings (id) {
        id -> Int8,
        enterprise_id -> Int8,
        class_id -> Int8,
        task_id -> Text,
        product -> Text,
        state -> Text,
        spans -> Text,
        message -> Text,
        begin_time -> Int8,
        end_time -> Nullable<Int8>,
        requested -> Text,
    }
}

diesel::table! {
    operators (operator_id) {
        operator_id -> Int8,
        name -> Text,
        password_hash -> Text,
        totp_secret -> Text,
        last_step -> Int8,
        role -> Text,
        disabled -> Bool,
        create_time -> Int8,
    }
}

diesel::table! {
    organizations (organization_id) {
        organization_id -> Int8,
        enterprise_id -> Int8,
        channel_id -> Int8,
        name -> Text,
        slogan -> Text,
        description -> Text,
        logo -> Text,
        company -> Text,
        max_podium_user -> Int8,
        max_clarity -> Text,
        callback_url -> Text,
        create_time -> Int8,
        update_time -> Int8,
    }
}

diesel::table! {
    outbox (outbox_id) {
        outbox_id -> Int8,
        enterprise_id -> Int8,
        class_id -> Int8,
        sequence -> Int8,
        fact -> Text,
        create_time -> Int8,
        hearings -> Text,
    }
}

diesel::table! {
    private_messages (class_id, number) {
        class_id -> Int8,
        number -> Int8,
        enterprise_id -> Int8,
        after_sequence -> Int8,
        user_id -> Text,
        receiver_id -> Text,
        kind -> Text,
        content -> Text,
        random -> Nullable<Int8>,
        create_time -> Int8,
        recalled_by -> Text,
    }
}

diesel::table! {
    push_records (push_id) {
        push_id -> Int8,
        enterprise_id -> Int8,
        class_id -> Nullable<Int8>,
        course_id -> Nullable<Int8>,
        day -> Int8,
        create_time -> Int8,
    }
}

diesel::table! {
    questions (id) {
        id -> Int8,
        enterprise_id -> Int8,
        class_id -> Int8,
        question_id -> Text,
        user_id -> Text,
        options -> Text,
        correct_answer -> Text,
        limit_time -> Int8,
        launch_time -> Int8,
        cancel_time -> Nullable<Int8>,
    }
}

diesel::table! {
    recording_logs (recording_id, log) {
        recording_id -> Int8,
        log -> Text,
        enterprise_id -> Int8,
        is_whole -> Bool,
    }
}

diesel::table! {
    recording_parts (recording_id, log, number) {
        recording_id -> Int8,
        log -> Text,
        number -> Int8,
        enterprise_id -> Int8,
        file_key -> Text,
        bytes -> Int8,
    }
}

diesel::table! {
    recording_settings (enterprise_id) {
        enterprise_id -> Int8,
        product -> Text,
        is_public -> Bool,
    }
}

diesel::table! {
    recordings (id) {
        id -> Int8,
        enterprise_id -> Int8,
        class_id -> Int8,
        user_id -> Text,
        stream_id -> Text,
        video_id -> Text,
        video_url -> Text,
        video_format -> Text,
        start_time -> Int8,
        stop_time -> Int8,
        play_time -> Int8,
        video_size -> Int8,
        duration -> Int8,
        create_time -> Int8,
        video_type -> Int8,
        file_key -> Nullable<Text>,
        recording_id -> Nullable<Int8>,
        task_id -> Nullable<Text>,
    }
}

diesel::table! {
    replies (id) {
        id -> Int8,
        enterprise_id -> Int8,
        class_id -> Int8,
        question_id -> Text,
        user_id -> Text,
        reply_id -> Text,
        reply_select -> Text,
        is_right -> Bool,
        create_time -> Int8,
    }
}

diesel::table! {
    reports (id) {
        id -> Int8,
        enterprise_id -> Int8,
        class_id -> Int8,
        user_id -> Text,
        event -> Text,
        target -> Text,
        data -> Text,
        create_time -> Int8,
    }
}

diesel::table! {
    room_settings (enterprise_id) {
        enterprise_id -> Int8,
        cos_bucket -> Text,
        cos_region -> Text,
        recording_key -> Text,
        registration -> Text,
    }
}

diesel::table! {
    sessions (id) {
        id -> Int8,
        enterprise_id -> Int8,
        class_id -> Int8,
        user_id -> Text,
        role -> Text,
        ordinal -> Int8,
        enter_time -> Int8,
        last_seen -> Int8,
        quit_time -> Nullable<Int8>,
        quit_reason -> Nullable<Text>,
        camera -> Int8,
        mic -> Int8,
        speaker -> Int8,
        silence -> Int8,
        hand_up -> Int8,
        token_hash -> Nullable<Text>,
        lease_until -> Nullable<Int8>,
        enable_draw -> Int8,
        screen -> Int8,
        hand_up_time -> Int8,
    }
}

diesel::table! {
    signing_keys (enterprise_id) {
        enterprise_id -> Int8,
        jwt_key -> Text,
        old_jwt_key -> Nullable<Text>,
        old_jwt_key_until -> Nullable<Int8>,
    }
}

diesel::table! {
    switches (id) {
        id -> Int8,
        enterprise_id -> Int8,
        class_id -> Int8,
        user_id -> Text,
        ordinal -> Int8,
        device -> Text,
        is_on -> Bool,
        create_time -> Int8,
    }
}

diesel::table! {
    timers (class_id) {
        class_id -> Int8,
        enterprise_id -> Int8,
        start_time -> Int8,
        duration -> Int8,
        remaining -> Int8,
        state -> Text,
    }
}

diesel::table! {
    tokens (token_hash) {
        token_hash -> Text,
        enterprise_id -> Int8,
        user_id -> Text,
        create_time -> Int8,
        expire_time -> Int8,
        class_id -> Nullable<Int8>,
    }
}

diesel::table! {
    usage_days (enterprise_id, day) {
        enterprise_id -> Int8,
        day -> Int8,
        classes -> Int8,
        people -> Int8,
        minutes -> Int8,
        storage_bytes -> Nullable<Int8>,
        delivered -> Int8,
        given_up -> Int8,
        count_time -> Int8,
    }
}

diesel::table! {
    users (id) {
        id -> Int8,
        enterprise_id -> Int8,
        user_id -> Text,
        role -> Text,
        nickname -> Text,
        gender -> Text,
        avatar -> Text,
        phone_no -> Text,
        e_mail -> Text,
        token_hash -> Text,
        password_hash -> Nullable<Text>,
        regist_time -> Int8,
        update_time -> Int8,
        description -> Text,
    }
}

diesel::table! {
    visitors (enterprise_id, user_id) {
        enterprise_id -> Int8,
        user_id -> Text,
        class_id -> Int8,
        network -> Text,
        create_time -> Int8,
        expire_time -> Nullable<Int8>,
    }
}

diesel::table! {
    webhook_secrets (enterprise_id, endpoint) {
        enterprise_id -> Int8,
        endpoint -> Int8,
        webhook_secret -> Text,
        old_webhook_secret -> Nullable<Text>,
        old_webhook_secret_until -> Nullable<Int8>,
    }
}

diesel::joinable!(attempts -> deliveries (delivery_id));
diesel::joinable!(bans -> classes (class_id));
diesel::joinable!(board_items -> classes (class_id));
diesel::joinable!(board_pages -> classes (class_id));
diesel::joinable!(boards -> classes (class_id));
diesel::joinable!(callback_keys -> enterprises (enterprise_id));
diesel::joinable!(channels -> enterprises (enterprise_id));
diesel::joinable!(chat_images -> classes (class_id));
diesel::joinable!(chat_settings -> enterprises (enterprise_id));
diesel::joinable!(check_ins -> classes (class_id));
diesel::joinable!(checks -> classes (class_id));
diesel::joinable!(class_documents -> classes (class_id));
diesel::joinable!(class_documents -> documents (document_id));
diesel::joinable!(classes -> courses (course_id));
diesel::joinable!(classes -> enterprises (enterprise_id));
diesel::joinable!(cloud_settings -> enterprises (enterprise_id));
diesel::joinable!(console_links -> enterprises (enterprise_id));
diesel::joinable!(console_sessions -> enterprises (enterprise_id));
diesel::joinable!(console_sessions -> operators (operator_id));
diesel::joinable!(conversion_turns -> enterprises (enterprise_id));
diesel::joinable!(conversions -> enterprises (enterprise_id));
diesel::joinable!(course_members -> courses (course_id));
diesel::joinable!(course_members -> memberships (member_id));
diesel::joinable!(course_times -> courses (course_id));
diesel::joinable!(courses -> channels (channel_id));
diesel::joinable!(courses -> enterprises (enterprise_id));
diesel::joinable!(courses -> organizations (organization_id));
diesel::joinable!(deliveries -> events (event_id));
diesel::joinable!(documents -> enterprises (enterprise_id));
diesel::joinable!(enterprise_tokens -> enterprises (enterprise_id));
diesel::joinable!(events -> enterprises (enterprise_id));
diesel::joinable!(filter_words -> enterprises (enterprise_id));
diesel::joinable!(former_users -> enterprises (enterprise_id));
diesel::joinable!(given_lessons -> classes (class_id));
diesel::joinable!(group_members -> groups (group_key));
diesel::joinable!(group_removals -> enterprises (enterprise_id));
diesel::joinable!(groups -> classes (class_id));
diesel::joinable!(groups -> courses (course_id));
diesel::joinable!(groups -> enterprises (enterprise_id));
diesel::joinable!(hosted_messages -> classes (class_id));
diesel::joinable!(hosted_messages -> enterprises (enterprise_id));
diesel::joinable!(idempotency_keys -> enterprises (enterprise_id));
diesel::joinable!(live_classes -> classes (class_id));
diesel::joinable!(live_classes -> enterprises (enterprise_id));
diesel::joinable!(live_streams -> classes (class_id));
diesel::joinable!(log_entries -> enterprises (enterprise_id));
diesel::joinable!(log_entries -> live_classes (class_id));
diesel::joinable!(logged_messages -> live_classes (class_id));
diesel::joinable!(media_places -> classes (class_id));
diesel::joinable!(media_requests -> classes (class_id));
diesel::joinable!(members -> classes (class_id));
diesel::joinable!(memberships -> organizations (organization_id));
diesel::joinable!(messages -> groups (group_key));
diesel::joinable!(online_recordings -> classes (class_id));
diesel::joinable!(online_recordings -> enterprises (enterprise_id));
diesel::joinable!(organizations -> channels (channel_id));
diesel::joinable!(organizations -> enterprises (enterprise_id));
diesel::joinable!(outbox -> enterprises (enterprise_id));
diesel::joinable!(private_messages -> classes (class_id));
diesel::joinable!(push_records -> classes (class_id));
diesel::joinable!(push_records -> courses (course_id));
diesel::joinable!(questions -> classes (class_id));
diesel::joinable!(recording_logs -> online_recordings (recording_id));
diesel::joinable!(recording_parts -> online_recordings (recording_id));
diesel::joinable!(recording_settings -> enterprises (enterprise_id));
diesel::joinable!(recordings -> classes (class_id));
diesel::joinable!(replies -> classes (class_id));
diesel::joinable!(reports -> classes (class_id));
diesel::joinable!(room_settings -> enterprises (enterprise_id));
diesel::joinable!(sessions -> classes (class_id));
diesel::joinable!(signing_keys -> enterprises (enterprise_id));
diesel::joinable!(switches -> classes (class_id));
diesel::joinable!(timers -> classes (class_id));
diesel::joinable!(tokens -> classes (class_id));
diesel::joinable!(tokens -> enterprises (enterprise_id));
diesel::joinable!(usage_days -> enterprises (enterprise_id));
diesel::joinable!(users -> enterprises (enterprise_id));
diesel::joinable!(visitors -> enterprises (enterprise_id));
diesel::joinable!(webhook_secrets -> enterprises (enterprise_id));
